import "./dropzone.css";
import { messageOf } from "../api/client";
import { h, icon } from "../ui/dom";
import { droppedParts, type Part, pickedParts } from "./files";

/** Where images are dropped or chosen; a drop anywhere on the page counts. */
export function dropzone(
  take: (parts: Part[]) => void,
  fail: (reason: string) => void,
): HTMLElement {
  const files = picker(take, {});
  const folder = picker(take, { webkitdirectory: true });
  const zone = h(
    "div",
    { class: "dropzone" },
    icon("images"),
    h("p", { text: "Drop images or a folder here" }),
    h(
      "div",
      { class: "dropzone-actions" },
      button("Choose files", () => files.click(), "btn-primary"),
      button("Choose a folder", () => folder.click(), "btn-outline-secondary"),
    ),
    h("p", {
      class: "dropzone-formats",
      text: "TIFF, OME-TIFF, OME-Zarr, CZI, ND2, LIF, PNG, JPEG and BMP; stacks, time series, several channels",
    }),
    files,
    folder,
  );
  listen(zone, take, fail);
  return zone;
}

function button(text: string, click: () => void, kind: string): HTMLButtonElement {
  return h("button", { class: `btn ${kind}`, text, attrs: { type: "button" }, on: { click } });
}

function picker(take: (parts: Part[]) => void, attrs: Record<string, boolean>): HTMLInputElement {
  const input = h("input", {
    attrs: { type: "file", multiple: true, hidden: true, ...attrs },
    on: {
      change: () => {
        take(pickedParts(input.files ?? []));
        input.value = "";
      },
    },
  });
  return input;
}

function listen(
  zone: HTMLElement,
  take: (parts: Part[]) => void,
  fail: (reason: string) => void,
): void {
  let depth = 0;
  const mark = (by: number): void => {
    depth = Math.max(0, depth + by);
    zone.classList.toggle("over", depth > 0);
  };
  const carriesFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragenter", (event) => carriesFiles(event) && mark(1));
  window.addEventListener("dragleave", (event) => carriesFiles(event) && mark(-1));
  window.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  window.addEventListener("drop", (event) => {
    if (!carriesFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    mark(-depth);
    droppedParts(event.dataTransfer).then(take, (error: unknown) => fail(messageOf(error)));
  });
}
