import type { Image } from "../api/types";
import { type SavedActions, SavedMark } from "../saving/savedMark";
import type { SaveState } from "../saving/state";
import { backLink } from "../ui/backLink";
import { h, iconButton, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { pages } from "../ui/pages";
import { pager } from "../ui/work";

export interface BarActions extends SavedActions {
  help: () => void;
}

/** Image name and pager, progress, whether everything is saved, help. */
export class Bar {
  readonly elements: HTMLElement[];
  readonly #fill = h("div", { class: "progress-bar" });
  readonly #progress = h("span");
  readonly #saved: SavedMark;

  constructor(image: Image, actions: BarActions) {
    this.#saved = new SavedMark(actions);
    this.elements = [
      backLink(image.dataset),
      pager(image, pages.label),
      h("div", { class: "work-spacer" }),
      this.#progressBlock(),
      ...this.#saved.elements,
      h("a", {
        class: "btn btn-sm btn-outline-secondary",
        text: "Gallery",
        attrs: { href: pages.gallery(image.dataset, image.id) },
      }),
      iconButton("question-circle", "Keys and help (?)", actions.help),
    ];
  }

  #progressBlock(): HTMLElement {
    const attrs = { "aria-hidden": "true" };
    return h(
      "div",
      { class: "label-progress" },
      h("div", { class: "progress", attrs }, this.#fill),
      this.#progress,
    );
  }

  progress(answered: number, patches: number): void {
    this.#fill.style.width = `${patches === 0 ? 0 : (100 * answered) / patches}%`;
    setText(this.#progress, `${integer(answered)} of ${integer(patches)} patches`);
  }

  saved(state: SaveState): void {
    this.#saved.show(state);
  }
}
