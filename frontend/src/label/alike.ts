import { request } from "../api/client";
import { farther, flood } from "./flood";
import type { Labelling } from "./labelling";
import type { PatchNumbers } from "./numbers";
import { numbersOf } from "./numbers";

/** Of the middle distance of all patches from the one that they are compared with. */
const FIRST = 0.4;

/** Selects the patches around the focus that look like it; asked again, more of them. */
export class Alike {
  readonly #image: number;
  readonly #labelling: Labelling;
  #from = -1;
  #distances: number[] = [];
  /** How far each step went: the way back. */
  #steps: number[] = [];

  constructor(image: number, labelling: Labelling) {
    this.#image = image;
    this.#labelling = labelling;
  }

  /** Resolves to how many there are; null where the focus has gone on meanwhile. */
  async grow(more: boolean): Promise<number | null> {
    const { grid, selection } = this.#labelling;
    const from = grid.index(selection.focus);
    if (from !== this.#from || !selection.chosen) {
      const distances = await this.#compared(from);
      if (grid.index(selection.focus) !== from) return null;
      this.#begin(from, distances);
    } else this.#step(more);
    const indices = this.#flood();
    selection.choose(indices);
    return indices.length;
  }

  #flood(): number[] {
    return flood(this.#labelling.grid, this.#distances, this.#from, this.#steps.at(-1) ?? 0);
  }

  /** How far each patch is from this one. */
  async #compared(from: number): Promise<number[]> {
    const { grid } = this.#labelling;
    const { row, column } = grid.cell(from);
    const url = `/api/images/${this.#image}/likeness/?row=${row}&column=${column}`;
    return numbersOf(await request<PatchNumbers>(url), grid) ?? [];
  }

  #begin(from: number, distances: number[]): void {
    this.#distances = distances;
    this.#from = from;
    this.#steps = [FIRST];
  }

  #step(more: boolean): void {
    if (!more) {
      if (this.#steps.length > 1) this.#steps.pop();
      return;
    }
    const most = this.#steps.at(-1) ?? FIRST;
    const next = farther(this.#labelling.grid, this.#distances, this.#flood(), most);
    if (next !== null) this.#steps.push(next);
  }
}
