import { ANSWER_ORDER, GLYPHS, WORDS } from "../answers/palette";
import { atlasUrl, bringPicture } from "../answers/patchPictures";
import { type Place, placeKey } from "../answers/place";
import { isAbort } from "../api/client";
import type { Answer } from "../api/types";
import { h, setAttribute, setText } from "../ui/dom";
import type { Disputed } from "./types";

const SIZE = 96;
const COLUMNS = 10;
const ROWS = 5;

/** How many said what: "2 ✓ 1 ✗". */
export function votes(item: Disputed): [Answer, number][] {
  const counted = ANSWER_ORDER.map((answer): [Answer, number] => [
    answer,
    item.answers.filter(({ value }) => value === answer).length,
  ]);
  return counted.filter(([, count]) => count > 0);
}

/** All patches side by side; a click goes to one. */
export class Strip {
  readonly element = h("ol", { class: "review-strip", attrs: { "aria-label": "Disagreements" } });
  readonly #dataset: number;
  readonly #go: (index: number) => void;
  readonly #name: (image: number) => string;
  #asking = new AbortController();
  #sheets: string[] = [];
  #rows: { button: HTMLButtonElement; mark: HTMLElement }[] = [];

  constructor(dataset: number, name: (image: number) => string, go: (index: number) => void) {
    this.#dataset = dataset;
    this.#name = name;
    this.#go = go;
  }

  clear(): void {
    this.#asking.abort();
    this.#asking = new AbortController();
    for (const sheet of this.#sheets.splice(0)) URL.revokeObjectURL(sheet);
    this.#rows = [];
    this.element.replaceChildren();
  }

  /** Patches that came to the list, with their pictures: one request for fifty. */
  add(items: readonly Disputed[], look: string): void {
    for (let first = 0; first < items.length; first += COLUMNS * ROWS) {
      this.#addSheet(items.slice(first, first + COLUMNS * ROWS), look);
    }
  }

  #addSheet(items: readonly Disputed[], look: string): void {
    const rows = Math.ceil(items.length / COLUMNS);
    const thumbs = items.map((_, number) => thumb(number, rows));
    items.forEach((item, number) => {
      this.#append(item, thumbs[number] as HTMLElement);
    });
    this.#bring(items, look, thumbs).catch((error) => {
      if (!isAbort(error)) console.error(error);
    });
  }

  async #bring(items: readonly Place[], look: string, thumbs: HTMLElement[]): Promise<void> {
    const { signal } = this.#asking;
    const url = atlasUrl(this.#dataset, items, SIZE, look);
    // The picture of the patch in sight, which is larger, says what went wrong.
    const sheet = URL.createObjectURL(await bringPicture(url, signal, () => undefined));
    if (signal.aborted) return URL.revokeObjectURL(sheet);
    this.#sheets.push(sheet);
    for (const one of thumbs) {
      one.style.backgroundImage = `url("${sheet}")`;
      setAttribute(one, "data-drawn", "true");
    }
  }

  #append(item: Disputed, picture: HTMLElement): void {
    const index = this.#rows.length;
    const counted = votes(item).map(([answer, count]) =>
      h("span", { class: `answer-${answer}`, text: `${count} ${GLYPHS[answer]}` }),
    );
    const mark = h("span", { class: "review-mark" });
    const told = votes(item).map(([answer, count]) => `${count} ${WORDS[answer]}`);
    const where = `${this.#name(item.image)}, row ${item.row + 1}, column ${item.column + 1}`;
    const button = h(
      "button",
      {
        class: "review-item",
        attrs: { type: "button", title: where, "data-place": placeKey(item) },
        on: { click: () => this.#go(index) },
      },
      picture,
      mark,
      h("span", { class: "review-votes", attrs: { "aria-hidden": "true" } }, ...counted),
      h("span", { class: "visually-hidden", text: `${where}: ${told.join(", ")}` }),
    );
    this.#rows.push({ button, mark });
    this.element.append(h("li", {}, button));
  }

  show(items: readonly Disputed[], focus: number): void {
    this.#rows.forEach(({ button, mark }, index) => {
      const decision = items[index]?.decision ?? null;
      setAttribute(button, "aria-current", index === focus ? "true" : null);
      mark.className = `review-mark${decision ? ` answer-${decision}` : ""}`;
      setText(mark, decision ? GLYPHS[decision] : "");
      setAttribute(mark, "aria-label", decision ? `decided: ${WORDS[decision]}` : null);
      setAttribute(mark, "role", decision ? "img" : null);
    });
    this.#rows[focus]?.button.scrollIntoView({ block: "nearest" });
  }
}

/** Where a patch's picture is on a sheet of so many rows. */
function thumb(number: number, rows: number): HTMLElement {
  const down = rows > 1 ? (Math.floor(number / COLUMNS) * 100) / (rows - 1) : 0;
  return h("span", {
    class: "review-thumb",
    attrs: { "aria-hidden": "true" },
    style: {
      "background-size": `${COLUMNS * 100}% ${rows * 100}%`,
      "background-position": `${((number % COLUMNS) * 100) / (COLUMNS - 1)}% ${down}%`,
    },
  });
}
