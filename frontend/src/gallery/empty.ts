import { h, icon, setText } from "../ui/dom";
import { patches } from "../ui/format";
import { Handing, type Rest } from "./handing";
import type { PatchList } from "./list";
import type { Filter } from "./types";

export interface EmptyActions {
  again: () => void;
  browse: () => void;
}

export const clock = (time: Date): string =>
  time.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** Why a queue has nothing more. */
export function restWords({ held, heldUntil, shareDone }: Rest): string {
  if (shareDone) return "There is nothing more in the share that you were given.";
  if (held === 0) return "Every patch has the answers that are wanted.";
  const until = heldUntil ? ` until ${clock(heldUntil)} at the latest` : "";
  return `Others are at work on the last ${patches(held)}${until}. What they leave comes to you.`;
}

/** Stands in the place of the patches where there are none, says why and what to do. */
export class EmptyNotice {
  readonly element: HTMLElement;
  readonly #title = h("h2");
  readonly #text = h("p");
  readonly #again: HTMLButtonElement;
  readonly #browse: HTMLButtonElement;
  #lapsed = false;

  constructor(actions: EmptyActions) {
    this.#again = button("btn-primary", actions.again);
    this.#browse = button("btn-outline-secondary", actions.browse);
    setText(this.#browse, "Browse all patches");
    this.element = h(
      "div",
      { class: "gallery-empty", attrs: { hidden: true, role: "status" } },
      icon("check2-circle"),
      this.#title,
      this.#text,
      h("div", { class: "gallery-empty-actions" }, this.#again, this.#browse),
    );
  }

  /** The patches in hand went back. */
  lapse(): void {
    this.#lapsed = true;
  }

  begun(): void {
    this.#lapsed = false;
  }

  update(list: PatchList, { mode }: Filter): void {
    this.element.hidden = list.items.length > 0 || (list.source === null && !this.#lapsed);
    this.#again.hidden = mode === "browse";
    this.#browse.hidden = mode === "browse" || this.#lapsed;
    if (this.#lapsed) return this.#say("A pause", LAPSED, "Go on");
    if (mode === "browse") return this.#say("No patch is like that", OTHERS, "");
    const rest = list.source instanceof Handing ? list.source.rest : null;
    this.#say("Nothing left for you now", rest ? restWords(rest) : "", "Look again");
  }

  #say(title: string, text: string, again: string): void {
    setText(this.#title, title);
    setText(this.#text, text);
    setText(this.#again, again);
  }
}

const LAPSED =
  "Your patches went back to the others, because nothing was answered for a while. All your answers are kept.";
const OTHERS = "Choose others at the right.";

function button(kind: string, click: () => void): HTMLButtonElement {
  return h("button", { class: `btn btn-sm ${kind}`, attrs: { type: "button" }, on: { click } });
}
