import { h, icon, iconButton } from "../ui/dom";
import { bytes } from "../ui/format";
import type { Item, ItemState, UploadQueue } from "./queue";

const ICONS: Record<ItemState, string> = {
  waiting: "hourglass",
  sending: "cloud-arrow-up",
  done: "check-circle",
  known: "info-circle",
  failed: "exclamation-triangle",
  cancelled: "slash-circle",
};

const QUIET = "btn btn-sm btn-link";

function buttons(item: Item<File>, queue: UploadQueue<File>): HTMLElement[] {
  const cancel = iconButton("x-lg", `Cancel ${item.file.name}`, () => queue.cancel(item.id), QUIET);
  const dismiss = iconButton(
    "x-lg",
    `Dismiss ${item.file.name}`,
    () => queue.remove(item.id),
    QUIET,
  );
  const again = iconButton(
    "arrow-clockwise",
    `Try ${item.file.name} again`,
    () => queue.retry(item.id),
    QUIET,
  );
  if (item.state === "waiting" || item.state === "sending") return [cancel];
  return item.state === "known" ? [dismiss] : [again, dismiss];
}

function detail(item: Item<File>): HTMLElement | null {
  if (item.state === "sending") {
    return h("progress", {
      class: "upload-progress",
      attrs: { max: 1, value: item.progress, "aria-label": `${item.file.name}: sent` },
    });
  }
  const words = item.state === "cancelled" ? "Cancelled" : item.reason;
  return words ? h("p", { class: "upload-reason", text: words }) : null;
}

function row(item: Item<File>, queue: UploadQueue<File>): HTMLElement {
  return h(
    "li",
    { class: "upload-row", attrs: { "data-state": item.state } },
    icon(ICONS[item.state]),
    h(
      "div",
      { class: "upload-file" },
      h("span", { class: "upload-name", text: item.file.name }),
      h("span", { class: "upload-size", text: bytes(item.file.size) }),
      detail(item),
    ),
    h("div", { class: "upload-buttons" }, ...buttons(item, queue)),
  );
}

const SHOWN = 60;

/** What is still on its way or went wrong; what arrived is among the images. */
export function uploadRows(queue: UploadQueue<File>): HTMLElement[] {
  const order: ItemState[] = ["failed", "known", "cancelled", "sending", "waiting"];
  return queue.items
    .filter(({ state }) => state !== "done")
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.id - b.id)
    .slice(0, SHOWN)
    .map((item) => row(item, queue));
}

export function summary(queue: UploadQueue<File>): string {
  const total = queue.items.length;
  if (total === 0) return "";
  const done = queue.count("done");
  const failed = queue.count("failed");
  const known = queue.count("known");
  const parts = [
    `${done} of ${total} uploaded`,
    known > 0 ? `${known} already here` : "",
    failed > 0 ? `${failed} refused` : "",
  ];
  return parts.filter(Boolean).join(", ");
}
