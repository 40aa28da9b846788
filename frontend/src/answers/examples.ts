import { request } from "../api/client";
import type { Answer } from "../api/types";
import { ANSWER_ORDER, type AnswerColours, GLYPHS, WORDS } from "../label/palette";
import { h } from "../ui/dom";
import { hex } from "../viewer/colours";
import type { Place } from "./event";

interface ModelPatch extends Place {
  dataset: number;
  structure: number;
  use: "example" | "calibration";
  value: Answer;
  note: string;
}

const SIDE = 96;
const MOST = 4;

/** Patches that a manager chose to show what each answer means, beside the work. */
export class Examples {
  readonly element = h("div", { class: "examples", attrs: { hidden: true } });
  readonly #dataset: number;
  readonly #colours: AnswerColours;
  #patches: ModelPatch[] = [];
  /** How patches look to this person: part of a picture's address, for the browser's cache. */
  #look = "";
  #structure: number | null = null;

  constructor(dataset: number, colours: AnswerColours) {
    this.#dataset = dataset;
    this.#colours = colours;
  }

  async load(): Promise<void> {
    const all = await request<ModelPatch[]>(`/api/datasets/${this.#dataset}/model-patches/`);
    this.#patches = all.filter(({ use }) => use === "example");
    if (this.#patches.length === 0) return;
    const { look } = await request<{ look: string }>(`/api/datasets/${this.#dataset}/look/`);
    this.#look = look;
    this.#draw();
  }

  show(structure: number | null): void {
    if (structure === this.#structure) return;
    this.#structure = structure;
    this.#draw();
  }

  #draw(): void {
    const rows = ANSWER_ORDER.map((answer) => this.#row(answer)).filter((row) => row !== null);
    this.element.hidden = rows.length === 0;
    this.element.replaceChildren(h("h3", { text: "Examples" }), ...rows);
  }

  #row(answer: Answer): HTMLElement | null {
    const fitting = ({ structure, value }: ModelPatch) =>
      structure === this.#structure && value === answer;
    const found = this.#patches.filter(fitting).slice(0, MOST);
    if (found.length === 0) return null;
    const colour = hex(this.#colours[answer]);
    return h(
      "div",
      { class: "examples-row", style: { "--brush": colour } },
      h("span", { class: "brush-glyph", text: GLYPHS[answer], attrs: { "aria-hidden": true } }),
      h("span", { class: "visually-hidden", text: WORDS[answer] }),
      ...found.map((patch) => this.#picture(patch)),
    );
  }

  #picture({ dataset, image, row, column, value, note }: ModelPatch): HTMLElement {
    const cell = `${image}:${row}:${column}`;
    const src = `/api/datasets/${dataset}/atlas/?cells=${cell}&size=${SIDE}&look=${this.#look}`;
    const alt = `Example of ${WORDS[value].toLowerCase()}${note ? `: ${note}` : ""}`;
    // The atlas has room for ten patches in a row; only the first is one.
    const picture = h("img", { attrs: { src, alt, title: note || null } });
    return h("span", { class: "examples-patch" }, picture);
  }
}
