import "./saved.css";
import { h, icon, setAttribute, setText } from "../ui/dom";
import { integer } from "../ui/format";
import type { SaveState } from "./state";

const ICONS: Record<SaveState["kind"], string> = {
  saved: "check-circle",
  saving: "arrow-repeat",
  offline: "wifi-off",
  held: "hourglass-split",
  refused: "exclamation-triangle",
};

function words(state: SaveState): string {
  if (state.kind === "saved") return "Saved";
  if (state.kind === "saving") return "Saving…";
  if (state.kind === "offline") return `${integer(state.count)} not saved yet`;
  if (state.kind === "held") return `${integer(state.count)} waiting for the grid`;
  return `${integer(state.count)} not accepted`;
}

export interface SavedActions {
  retry: () => void;
  discard: () => void;
}

/** Says whether the server has every answer, and what to do where it has not. */
export class SavedMark {
  readonly elements: HTMLElement[];
  readonly #mark = h("span", { class: "saved", attrs: { role: "status", "aria-live": "polite" } });
  readonly #text = h("span");
  readonly #retry: HTMLButtonElement;
  readonly #discard: HTMLButtonElement;
  #icon = icon(ICONS.saved);

  constructor(actions: SavedActions) {
    this.#retry = this.#button("Retry", "btn-outline-warning", actions.retry);
    this.#discard = this.#button("Discard", "btn-outline-secondary", actions.discard);
    this.#mark.append(this.#icon, this.#text);
    this.elements = [this.#mark, this.#retry, this.#discard];
  }

  #button(text: string, kind: string, click: () => void): HTMLButtonElement {
    const attrs = { type: "button", hidden: true };
    return h("button", { class: `btn btn-sm ${kind}`, text, attrs, on: { click } });
  }

  show(state: SaveState): void {
    if (this.#mark.dataset.kind !== state.kind) {
      const next = icon(ICONS[state.kind]);
      this.#icon.replaceWith(next);
      this.#icon = next;
    }
    this.#mark.dataset.kind = state.kind;
    setAttribute(this.#mark, "title", "reason" in state ? state.reason : null);
    setText(this.#text, words(state));
    this.#retry.hidden = state.kind === "saved" || state.kind === "saving";
    this.#discard.hidden = state.kind !== "refused";
  }
}
