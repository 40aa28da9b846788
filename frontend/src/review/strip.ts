import { ANSWER_ORDER, GLYPHS, WORDS } from "../answers/palette";
import { atlasUrl } from "../answers/patchPictures";
import { placeKey } from "../answers/place";
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
  readonly #go: (index: number) => void;
  readonly #name: (image: number) => string;
  #rows: { button: HTMLButtonElement; mark: HTMLElement }[] = [];

  constructor(name: (image: number) => string, go: (index: number) => void) {
    this.#name = name;
    this.#go = go;
  }

  clear(): void {
    this.#rows = [];
    this.element.replaceChildren();
  }

  /** Patches that came to the list, with their pictures: one request for fifty. */
  add(dataset: number, items: readonly Disputed[], look: string): void {
    items.forEach((item, number) => {
      const chunk = Math.floor(number / (COLUMNS * ROWS)) * COLUMNS * ROWS;
      const sheet = items.slice(chunk, chunk + COLUMNS * ROWS);
      const rows = Math.ceil(sheet.length / COLUMNS);
      const place = number - chunk;
      const picture = h("span", {
        class: "review-thumb",
        attrs: { "aria-hidden": "true" },
        style: {
          "background-image": `url("${atlasUrl(dataset, sheet, SIZE, look)}")`,
          "background-size": `${COLUMNS * 100}% ${rows * 100}%`,
          "background-position": `${((place % COLUMNS) * 100) / (COLUMNS - 1)}% ${
            rows > 1 ? (Math.floor(place / COLUMNS) * 100) / (rows - 1) : 0
          }%`,
        },
      });
      this.#append(item, picture);
    });
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
