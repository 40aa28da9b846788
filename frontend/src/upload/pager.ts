import "./pager.css";
import { h, iconButton, setText } from "../ui/dom";
import { integer } from "../ui/format";

/** Which part of many is shown: "61–120 of 3 000", and the way to the others. */
export class Pager {
  readonly element: HTMLElement;
  readonly #size: number;
  readonly #place = h("span", { class: "image-place", attrs: { role: "status" } });
  readonly #back: HTMLButtonElement[];
  readonly #on: HTMLButtonElement[];
  #offset = 0;
  #total = 0;

  constructor(size: number, changed: () => void) {
    this.#size = size;
    const go = (offset: number): void => {
      this.#offset = offset;
      changed();
    };
    this.#back = [
      iconButton("chevron-double-left", "First page", () => go(0)),
      iconButton("chevron-left", "Previous page", () => go(this.#offset - size)),
    ];
    this.#on = [
      iconButton("chevron-right", "Next page", () => go(this.#offset + size)),
      iconButton("chevron-double-right", "Last page", () => go(this.#last)),
    ];
    this.element = h(
      "nav",
      { class: "image-pages", attrs: { "aria-label": "Pages of images", hidden: true } },
      ...this.#back,
      this.#place,
      ...this.#on,
    );
  }

  get offset(): number {
    return this.#offset;
  }

  /** To the first page, as after another search. */
  begin(): void {
    this.#offset = 0;
  }

  /** Says how many there are. True when the page it was on is no more, and another one is. */
  tell(total: number): boolean {
    this.#total = total;
    const gone = this.#offset > this.#last;
    if (gone) this.#offset = this.#last;
    const end = Math.min(total, this.#offset + this.#size);
    setText(this.#place, `${integer(this.#offset + 1)}–${integer(end)} of ${integer(total)}`);
    for (const button of this.#back) button.disabled = this.#offset === 0;
    for (const button of this.#on) button.disabled = this.#offset === this.#last;
    this.element.hidden = total <= this.#size;
    return gone;
  }

  get #last(): number {
    return Math.max(0, Math.ceil(this.#total / this.#size) - 1) * this.#size;
  }
}
