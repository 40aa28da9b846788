import { h, icon, iconButton } from "../ui/dom";
import { bytes, percent } from "../ui/format";
import type { ServerUpload } from "./api";
import type { Source } from "./files";
import type { Incoming } from "./incoming";
import type { Item, ItemState, UploadQueue } from "./queue";

type Queue = UploadQueue<Source>;

const ICONS: Record<ItemState, string> = {
  waiting: "hourglass",
  sending: "cloud-arrow-up",
  paused: "pause-circle",
  offline: "wifi-off",
  done: "check-circle",
  failed: "exclamation-triangle",
  cancelled: "slash-circle",
};
const QUIET = "btn btn-sm btn-link";
const SHOWN = 60;
const ORDER: ItemState[] = ["failed", "offline", "sending", "paused", "waiting", "cancelled"];

interface Row {
  state: string;
  icon: string;
  name: string;
  size: number;
  detail: (HTMLElement | null)[];
  buttons: HTMLElement[];
}

function row({ state, icon: picture, name, size, detail, buttons }: Row): HTMLElement {
  return h(
    "li",
    { class: "upload-row", attrs: { "data-state": state } },
    icon(picture),
    h(
      "div",
      { class: "upload-file" },
      h("span", { class: "upload-name", text: name }),
      h("span", { class: "upload-size", text: bytes(size) }),
      ...detail,
    ),
    h("div", { class: "upload-buttons" }, ...buttons),
  );
}

function words(text: string): HTMLElement | null {
  return text ? h("p", { class: "upload-reason", text }) : null;
}

function bar(name: string, share: number): HTMLElement {
  return h("progress", {
    class: "upload-progress",
    attrs: { max: 1, value: share, "aria-label": `${name}: ${percent(share)} sent` },
  });
}

function quiet(picture: string, label: string, click: () => void): HTMLElement {
  return iconButton(picture, label, click, QUIET);
}

function buttonsOf({ id, state, file }: Item<Source>, queue: Queue): HTMLElement[] {
  const cancel = quiet("x-lg", `Cancel ${file.name}`, () => queue.cancel(id));
  const pause = quiet("pause-fill", `Pause ${file.name}`, () => queue.pause(id));
  const resume = quiet("play-fill", `Go on with ${file.name}`, () => queue.retry(id));
  const again = quiet("arrow-clockwise", `Try ${file.name} again`, () => queue.retry(id));
  const dismiss = quiet("x-lg", `Dismiss ${file.name}`, () => queue.remove(id));
  if (state === "paused" || state === "offline") return [resume, cancel];
  if (state === "waiting" || state === "sending") return [pause, cancel];
  return [again, dismiss];
}

function detailOf({ state, file, progress, reason }: Item<Source>): (HTMLElement | null)[] {
  const sent = bar(file.name, progress);
  if (state === "sending") return [sent];
  if (state === "paused") return [sent, words(`Paused at ${percent(progress)}`)];
  if (state === "offline") return [sent, words("No connection; goes on by itself.")];
  return [words(state === "cancelled" ? "Cancelled" : reason)];
}

function sendingRow(item: Item<Source>, queue: Queue): HTMLElement {
  return row({
    state: item.state,
    icon: ICONS[item.state],
    name: item.file.name,
    size: item.file.size,
    detail: detailOf(item),
    buttons: buttonsOf(item, queue),
  });
}

function refusedRow(upload: ServerUpload, incoming: Incoming): HTMLElement {
  const again = quiet("arrow-clockwise", `Try ${upload.name} again`, () => {
    void incoming.retry(upload);
  });
  const dismiss = quiet("x-lg", `Dismiss ${upload.name}`, () => void incoming.discard(upload));
  return row({
    state: "failed",
    icon: ICONS.failed,
    name: upload.name,
    size: upload.byte_count,
    detail: [words(upload.error)],
    buttons: upload.can_be_tried_again ? [again, dismiss] : [dismiss],
  });
}

function halfwayRow(upload: ServerUpload, incoming: Incoming): HTMLElement {
  const share = upload.byte_count === 0 ? 1 : upload.received / upload.byte_count;
  return row({
    state: "halfway",
    icon: ICONS.paused,
    name: upload.name,
    size: upload.byte_count,
    detail: [
      bar(upload.name, share),
      words(`Stopped at ${percent(share)}. Choose or drop the same file again to go on.`),
    ],
    buttons: [quiet("x-lg", `Cancel ${upload.name}`, () => void incoming.discard(upload))],
  });
}

function readingRow(upload: ServerUpload, incoming: Incoming): HTMLElement {
  return row({
    state: "reading",
    icon: ICONS.waiting,
    name: upload.name,
    size: upload.byte_count,
    detail: [words("Being read…")],
    buttons: [quiet("x-lg", `Cancel ${upload.name}`, () => void incoming.discard(upload))],
  });
}

/** What is on its way or went wrong; what arrived is among the images. */
export function uploadRows(queue: Queue, incoming: Incoming): HTMLElement[] {
  const open = queue.items
    .filter(({ state }) => state !== "done")
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.id - b.id);
  // While a file waits to be sent on, its row in the queue says so already.
  const queued = new Set(open.map(({ file }) => file.name));
  const halfway = incoming.halfway.filter(({ name }) => !queued.has(name));
  const makers = [
    ...incoming.refused.map((upload) => () => refusedRow(upload, incoming)),
    ...halfway.map((upload) => () => halfwayRow(upload, incoming)),
    ...open.map((item) => () => sendingRow(item, queue)),
    ...incoming.reading.map((upload) => () => readingRow(upload, incoming)),
  ];
  const rows = makers.slice(0, SHOWN).map((make) => make());
  const hidden = makers.length - rows.length;
  if (hidden > 0) rows.push(h("li", { class: "upload-hidden", text: `and ${hidden} more` }));
  return rows;
}

export function summary(queue: Queue, incoming: Incoming): string {
  const total = queue.items.length;
  const failed = queue.count("failed") + incoming.refused.length;
  const reading = incoming.reading.length;
  const paused = queue.count("paused");
  const parts = [
    total > 0 ? `${queue.count("done")} of ${total} sent` : "",
    paused > 0 ? `${paused} paused` : "",
    reading > 0 ? `${reading} being read` : "",
    failed > 0 ? `${failed} refused` : "",
  ];
  return parts.filter(Boolean).join(", ");
}
