import { type SavedActions, SavedMark } from "../saving/savedMark";
import type { SaveState } from "../saving/state";
import { backLink } from "../ui/backLink";
import { h, iconButton, setText } from "../ui/dom";
import { integer } from "../ui/format";
import type { GallerySelection } from "./selection";
import type { GalleryProps } from "./types";

export interface GalleryBarActions extends SavedActions {
  help: () => void;
}

/** Where one is, whether everything is saved, help. */
export class GalleryBar {
  readonly elements: HTMLElement[];
  readonly #place = h("span", { class: "gallery-place" });
  readonly #saved: SavedMark;

  constructor({ dataset }: GalleryProps, actions: GalleryBarActions) {
    this.#saved = new SavedMark(actions);
    this.elements = [
      backLink(dataset),
      h("h2", { class: "work-title", text: "Gallery" }),
      this.#place,
      h("div", { class: "work-spacer" }),
      ...this.#saved.elements,
      iconButton("question-circle", "Keys and help (?)", actions.help),
    ];
  }

  position(selection: GallerySelection, [first, end]: [number, number], total: number): void {
    const shown = `${integer(Math.min(first + 1, total))}–${integer(end)} of ${integer(total)}`;
    const chosen = selection.many ? ` · ${integer(selection.size)} selected` : "";
    setText(this.#place, total === 0 ? "No patches" : `${shown}${chosen}`);
  }

  saved(state: SaveState): void {
    this.#saved.show(state);
  }
}
