import "./examples.css";
import { ANSWER_ORDER, type AnswerColours, GLYPHS, WORDS } from "../answers/palette";
import { atlasUrl, bringPicture, getLook } from "../answers/patchPictures";
import type { Answer } from "../api/types";
import { h } from "../ui/dom";
import { hex } from "../viewer/colours";
import { getModelPatches } from "./api";
import type { ModelPatch } from "./types";

const SIDE = 96;
const MOST = 4;

/** Patches that a manager chose to show what each answer means, beside the work. */
export class Examples {
  readonly element = h("div", { class: "examples", attrs: { hidden: true } });
  readonly #dataset: number;
  readonly #colours: AnswerColours;
  #patches: ModelPatch[] = [];
  readonly #brought = new Map<string, Promise<string>>();
  #look = "";
  #structure: number | null = null;

  constructor(dataset: number, colours: AnswerColours) {
    this.#dataset = dataset;
    this.#colours = colours;
  }

  async load(): Promise<void> {
    const all = await getModelPatches(this.#dataset);
    this.#patches = all.filter(({ use }) => use === "example");
    if (this.#patches.length === 0) return;
    const { look } = await getLook(this.#dataset);
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
      h("span", { class: "brush-glyph", text: GLYPHS[answer], attrs: { "aria-hidden": "true" } }),
      h("span", { class: "visually-hidden", text: WORDS[answer] }),
      ...found.map((patch) => this.#picture(patch)),
    );
  }

  /** Its address, once it is here; what is shown again is asked for once. */
  async #bring(url: string): Promise<string> {
    const forever = new AbortController().signal;
    return URL.createObjectURL(await bringPicture(url, forever, () => undefined));
  }

  #picture({ dataset, image, row, column, value, note }: ModelPatch): HTMLElement {
    const url = atlasUrl(dataset, [{ image, row, column }], SIDE, this.#look);
    const alt = `Example of ${WORDS[value].toLowerCase()}${note ? `: ${note}` : ""}`;
    // The atlas has room for ten patches in a row; only the first is one.
    const picture = h("img", { attrs: { alt, title: note || null } });
    const brought = this.#brought.get(url) ?? this.#bring(url);
    this.#brought.set(url, brought);
    void brought.then((src) => picture.setAttribute("src", src)).catch(console.error);
    return h("span", { class: "examples-patch" }, picture);
  }
}
