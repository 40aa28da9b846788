import "./errands.css";
import { messageOf } from "../api/client";
import { h, setText, textButton } from "../ui/dom";
import { percent } from "../ui/format";
import { cancelErrand, type Errand, isActive } from "./api";

/** One line on where an errand is: its own message while it works, else its state. */
export function errandLine(errand: Errand): string {
  if (errand.state === "failed") return errand.error;
  if (errand.state === "cancelled") return cancelledLine(errand);
  if (errand.state === "done") return "Done";
  if (errand.state === "queued") return errand.message || "Waiting for a worker";
  const stopping = errand.can_cancel ? errand.message || "Working" : "Stopping";
  return `${stopping} · ${percent(errand.progress)}`;
}

/** A search changes nothing, and what it has found by then is kept. */
function cancelledLine({ kind }: Errand): string {
  if (kind === "clearing") return "Cancelled. What was done by then stays, and can be taken back.";
  return kind === "empties" ? "The search was cancelled." : "Cancelled: nothing was changed.";
}

/** How far an errand is, with a button that stops it. */
export class ErrandBar {
  readonly element: HTMLElement;
  readonly #bar = h("progress", {
    class: "errand-bar",
    attrs: { max: 1, "aria-label": "Progress" },
  });
  readonly #text = h("p", {
    class: "errand-text",
    attrs: { role: "status", "aria-live": "polite" },
  });
  readonly #cancel: HTMLButtonElement;
  readonly #cancelled: () => void;
  #errand: Errand | null = null;

  /** `cancelled` is called when somebody asked to stop, for those who watch several. */
  constructor(cancelled: () => void = () => {}) {
    this.#cancelled = cancelled;
    this.#cancel = textButton("Cancel", () => void this.#stop());
    const row = h("div", { class: "errand-row" }, this.#bar, this.#cancel);
    this.element = h("div", { class: "errand", attrs: { hidden: true } }, this.#text, row);
  }

  show(errand: Errand): void {
    this.#errand = errand;
    this.element.hidden = errand.state === "done";
    this.element.dataset.state = errand.state;
    setText(this.#text, errandLine(errand));
    this.#share(errand.progress, isActive(errand), errand.can_cancel);
  }

  /** Of several things that are done one after the other. */
  sum(text: string, share: number, active: boolean): void {
    this.element.hidden = text === "";
    this.element.dataset.state = active ? "running" : "done";
    setText(this.#text, text);
    this.#share(share, active, true);
  }

  #share(share: number, active: boolean, canCancel: boolean): void {
    this.#bar.hidden = this.#cancel.hidden = !active;
    this.#bar.value = share;
    this.#cancel.disabled = !canCancel;
  }

  async #stop(): Promise<void> {
    this.#cancel.disabled = true;
    this.#cancelled();
    if (!this.#errand) return;
    try {
      await cancelErrand(this.#errand.id);
    } catch (error) {
      setText(this.#text, messageOf(error));
      this.#cancel.disabled = false;
    }
  }
}
