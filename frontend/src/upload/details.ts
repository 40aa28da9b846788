import "./details.css";
import { h } from "../ui/dom";
import type { Details, GalleryImage, PageAxis } from "./api";

export const AXES: Record<PageAxis, string> = {
  Z: "z planes",
  T: "time points",
  C: "channels",
};

export interface Edited {
  details: Details;
  /** Only when it was changed. */
  pages: PageAxis | null;
}

const FIELDS: [keyof Details, string, number][] = [
  ["name", "Name", 200],
  ["condition", "Condition", 120],
  ["well", "Well", 40],
  ["replicate", "Replicate", 40],
];

/**
 * A dialog for what people know of an image; Esc closes it and changes nothing. With `remove`, the image can be deleted
 * here.
 */
export function detailsDialog(
  image: GalleryImage,
  save: (edited: Edited) => void,
  remove: (() => void) | null,
): HTMLElement {
  const inputs = new Map(FIELDS.map(([name, , length]) => [name, input(image[name], length)]));
  const pages = image.ambiguous.length > 0 ? axisSelect(image) : null;
  const form = h(
    "form",
    { attrs: { method: "dialog" } },
    h("h2", { text: "Details" }),
    ...FIELDS.map(([name, label]) => field(label, inputs.get(name) as HTMLInputElement)),
    pages ? field("The pages of the file are", pages) : null,
    buttons(() => dialog.close()),
  );
  const dialog: HTMLDialogElement = h(
    "dialog",
    { class: "details-dialog", attrs: { "aria-label": `Details of ${image.name}` } },
    form,
    remove &&
      deletion(() => {
        dialog.close();
        remove();
      }),
  );
  form.addEventListener("submit", () => {
    const value = (name: keyof Details): string => inputs.get(name)?.value.trim() ?? "";
    const details: Details = {
      name: value("name") || image.name,
      condition: value("condition"),
      well: value("well"),
      replicate: value("replicate"),
    };
    const chosen = (pages?.value ?? "") as PageAxis | "";
    save({ details, pages: chosen && chosen !== image.page_axis ? chosen : null });
  });
  dialog.addEventListener("close", () => dialog.remove());
  return dialog;
}

function input(value: string, length: number): HTMLInputElement {
  return h("input", { class: "form-control", attrs: { value, maxlength: length } });
}

function axisSelect(image: GalleryImage): HTMLSelectElement {
  const options = image.ambiguous.map((axis) =>
    h("option", {
      text: AXES[axis],
      attrs: { value: axis, selected: axis === image.page_axis },
    }),
  );
  return h("select", { class: "form-select" }, ...options);
}

function field(label: string, control: HTMLElement): HTMLElement {
  return h("label", { class: "details-field" }, h("span", { text: label }), control);
}

/** Folded away, so that it takes two clicks. */
function deletion(remove: () => void): HTMLElement {
  return h(
    "details",
    { class: "details-delete" },
    h("summary", { text: "Delete this image …" }),
    h("p", { text: "Its answers and results go with it, for everybody. This cannot be undone." }),
    h("button", {
      class: "btn btn-danger",
      text: "Delete the image",
      attrs: { type: "button" },
      on: { click: remove },
    }),
  );
}

function buttons(cancel: () => void): HTMLElement {
  return h(
    "div",
    { class: "details-buttons" },
    h("button", { class: "btn btn-primary", text: "Save", attrs: { type: "submit" } }),
    h("button", {
      class: "btn btn-outline-secondary",
      text: "Cancel",
      attrs: { type: "button" },
      on: { click: cancel },
    }),
  );
}
