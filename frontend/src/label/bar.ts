import type { Image } from "../api/types";
import { backLink } from "../ui/backLink";
import { h, icon, iconButton, setAttribute, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { pages } from "../ui/pages";
import { pager } from "../ui/work";
import type { SaveState } from "./sender";

export interface BarActions {
  retry: () => void;
  help: () => void;
}

const ICONS: Record<SaveState["kind"], string> = {
  saved: "check-circle",
  saving: "arrow-repeat",
  offline: "wifi-off",
  refused: "exclamation-triangle",
};

function words(state: SaveState): string {
  if (state.kind === "saved") return "Saved";
  if (state.kind === "saving") return "Saving…";
  if (state.kind === "offline") return `${integer(state.count)} not saved yet`;
  return `${integer(state.count)} not saved`;
}

/** Image name and pager, progress, whether everything is saved, help. */
export class Bar {
  readonly elements: HTMLElement[];
  readonly #fill = h("div", { class: "progress-bar" });
  readonly #progress = h("span");
  readonly #saved = h("span", { class: "saved", attrs: { role: "status", "aria-live": "polite" } });
  readonly #savedText = h("span");
  readonly #retry: HTMLButtonElement;
  #icon = icon(ICONS.saved);

  constructor(image: Image, actions: BarActions) {
    this.#retry = h("button", {
      class: "btn btn-sm btn-outline-warning",
      text: "Retry",
      attrs: { type: "button", hidden: true },
      on: { click: actions.retry },
    });
    this.#saved.append(this.#icon, this.#savedText);
    this.elements = [
      backLink(image.dataset),
      pager(image, pages.label),
      h("div", { class: "work-spacer" }),
      this.#progressBlock(),
      this.#saved,
      this.#retry,
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
    const next = icon(ICONS[state.kind]);
    this.#icon.replaceWith(next);
    this.#icon = next;
    this.#saved.dataset.kind = state.kind;
    const reason = "reason" in state ? state.reason : "";
    setAttribute(this.#saved, "title", reason || null);
    setText(this.#savedText, words(state));
    this.#retry.hidden = state.kind === "saved" || state.kind === "saving";
  }
}
