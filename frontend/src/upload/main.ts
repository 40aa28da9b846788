import "./upload.css";
import type { Role } from "../api/types";
import { h, setText } from "../ui/dom";
import { type Island, link, start } from "../ui/island";
import { pages } from "../ui/pages";
import { dropzone } from "./dropzone";
import { type Source, sources } from "./files";
import { Gallery } from "./gallery";
import { Incoming } from "./incoming";
import { UploadQueue } from "./queue";
import { summary, uploadRows } from "./rows";
import { sendSource } from "./send";
import { tableButton } from "./table";

interface UploadProps {
  dataset: number;
  role: Role;
}

/** How soon a line that was down is tried again where the browser does not notice it. */
const OFFLINE_SECONDS = 15;

async function run({ root, props }: Island<UploadProps>): Promise<void> {
  const mayLabel = props.role !== "viewer";
  const message = h("p", { class: "upload-message", attrs: { role: "alert" } });
  const gallery = new Gallery(props.dataset, mayLabel, (text) => setText(message, text));
  const above = mayLabel ? uploader(props.dataset, gallery, message) : [];
  root.replaceChildren(...above, message, gallery.element);
  await gallery.open();
}

function uploader(dataset: number, gallery: Gallery, message: HTMLElement): HTMLElement[] {
  const status = h("p", {
    class: "upload-status",
    attrs: { role: "status", "aria-live": "polite" },
  });
  const list = h("ul", { class: "upload-rows" });
  const next = h("div", { class: "upload-next" });
  const all = h("button", {
    class: "btn btn-sm btn-outline-secondary",
    attrs: { type: "button", hidden: true },
  });
  let arrived = 0;
  let frame = 0;

  const render = (): void => {
    frame = 0;
    list.replaceChildren(...uploadRows(queue, incoming));
    setText(status, summary(queue, incoming));
    renderAll(all, queue);
    if (queue.count("done") === arrived) return;
    arrived = queue.count("done");
    void incoming.refresh();
  };
  // Progress comes many times a second for each file; the list is drawn once per frame.
  const changed = (): void => {
    if (frame === 0) frame = requestAnimationFrame(render);
  };
  const queue = new UploadQueue<Source>({
    send: (source, progress, signal) => sendSource(dataset, source, progress, signal),
    changed,
  });
  const incoming = new Incoming({
    dataset,
    changed,
    failed: (reason) => setText(message, reason),
    read: () => {
      void gallery.refresh().then(() => offerLabelling(gallery, queue, next));
    },
  });
  all.addEventListener("click", () => {
    if (queue.busy) queue.pauseAll();
    else queue.resumeAll();
  });
  keepGoing(queue);
  const zone = dropzone(
    (parts) => queue.add(sources(parts)),
    (reason) => setText(message, reason),
  );
  void incoming.refresh();
  const table = tableButton(dataset, message, () => void gallery.refresh());
  return [zone, h("div", { class: "upload-line" }, status, all, table), next, list];
}

function renderAll(all: HTMLButtonElement, queue: UploadQueue<Source>): void {
  all.hidden = !queue.busy && queue.count("paused") === 0;
  setText(all, queue.busy ? "Pause all" : "Go on with all");
}

function offerLabelling(gallery: Gallery, queue: UploadQueue<Source>, next: HTMLElement): void {
  const first = gallery.firstReady;
  if (!first || queue.busy) return;
  next.replaceChildren(link(pages.label(first.id), "Start to label", "btn btn-primary"));
}

/** Takes up sending when the line is back, and asks before the page is left. */
function keepGoing(queue: UploadQueue<Source>): void {
  window.addEventListener("online", () => queue.online());
  setInterval(() => {
    if (queue.count("offline") > 0) queue.online();
  }, OFFLINE_SECONDS * 1000);
  window.addEventListener("beforeunload", (event) => {
    if (queue.busy) event.preventDefault();
  });
}

start<UploadProps>("upload", run);
