import "./upload.css";
import type { Role } from "../api/types";
import { h, setText } from "../ui/dom";
import { type Island, link, start } from "../ui/island";
import { pages } from "../ui/pages";
import { dropzone } from "./dropzone";
import { Gallery } from "./gallery";
import { UploadQueue } from "./queue";
import { summary, uploadRows } from "./rows";
import { sendFile } from "./send";

interface UploadProps {
  dataset: number;
  role: Role;
}

async function run({ root, props }: Island<UploadProps>): Promise<void> {
  const mayLabel = props.role !== "viewer";
  const status = h("p", {
    class: "upload-status",
    attrs: { role: "status", "aria-live": "polite" },
  });
  const gallery = new Gallery(props.dataset, mayLabel, (text) => setText(status, text));
  if (mayLabel) root.replaceChildren(...uploader(props.dataset, gallery, status), gallery.element);
  else root.replaceChildren(status, gallery.element);
  await gallery.open();
}

function uploader(dataset: number, gallery: Gallery, status: HTMLElement): HTMLElement[] {
  const list = h("ul", { class: "upload-rows" });
  const next = h("div", { class: "upload-next" });
  let arrived = 0;
  let frame = 0;

  const render = (): void => {
    frame = 0;
    list.replaceChildren(...uploadRows(queue));
    setText(status, summary(queue));
    if (queue.count("done") === arrived) return;
    arrived = queue.count("done");
    void gallery.refresh().then(() => {
      const first = gallery.firstReady;
      if (first && !queue.busy) {
        next.replaceChildren(link(pages.label(first.id), "Start to label", "btn btn-primary"));
      }
    });
  };

  const queue = new UploadQueue<File>({
    send: (file, progress, signal) => sendFile(dataset, file, progress, signal),
    // Progress comes many times a second for each file; the list is drawn once per frame.
    changed: () => {
      if (frame === 0) frame = requestAnimationFrame(render);
    },
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.busy) event.preventDefault();
  });
  const zone = dropzone(
    (files) => queue.add(files),
    (reason) => setText(status, reason),
  );
  return [zone, status, next, list];
}

start<UploadProps>("upload", run);
