import type { Layer } from "@deck.gl/core";
import { messageOf, request } from "../api/client";
import { h, setText, textButton } from "../ui/dom";
import { patches } from "../ui/format";
import { Turns } from "../ui/turns";
import { cross, type Stroke } from "./hatch";
import { strokeLayers } from "./hatched";
import type { Labelling } from "./labelling";

interface Found {
  patch_size: number;
  overlap: number;
  cells: [number, number][];
}

export interface LeftOutEvents {
  changed: () => void;
  say: (text: string) => void;
}

// As many as the server takes at once.
const AT_ONCE = 5000;

/** Patches that nobody is asked about: crossed out, and asked about again at one click. */
export class LeftOutPatches {
  readonly element: HTMLElement;
  /** Undo means what was done before it, also while the server has yet to answer. */
  readonly turns = new Turns();
  readonly #url: string;
  readonly #labelling: Labelling;
  readonly #events: LeftOutEvents;
  readonly #text = h("p", { class: "work-hint", attrs: { role: "status" } });
  readonly #selected: HTMLButtonElement;
  readonly #all: HTMLButtonElement;
  #strokes: Stroke[] = [];

  constructor(image: number, labelling: Labelling, readOnly: boolean, events: LeftOutEvents) {
    this.#url = `/api/images/${image}/left-out/`;
    this.#labelling = labelling;
    this.#events = events;
    this.#selected = textButton("", () => void this.switchSelected());
    this.#all = textButton("", () => void this.change([...labelling.leftOut], false));
    this.element = h(
      "section",
      { class: "work-section", attrs: { hidden: readOnly, "data-left-out": "" } },
      h("h2", { text: "Left out" }),
      this.#text,
      h("div", { class: "label-actions" }, this.#selected, this.#all),
    );
    this.update();
  }

  async load(): Promise<void> {
    const { grid } = this.#labelling;
    try {
      const found = await request<Found>(this.#url);
      if (found.patch_size !== grid.patchSize || found.overlap !== grid.overlap) {
        throw new Error("The grid has changed. Load the page again.");
      }
      this.#show(found.cells.map(([row, column]) => grid.index({ row, column })));
    } catch (error) {
      this.#events.say(`Patches that are left out could not be loaded: ${messageOf(error)}`);
    }
  }

  /** Leaves patches out, or asks about them again; undo takes it back. */
  change(indices: number[], out: boolean): Promise<void> {
    return this.turns.take(() => this.#change(indices, out));
  }

  async #change(indices: number[], out: boolean): Promise<void> {
    const changed = await this.replay(indices, out);
    if (changed && changed.length > 0) this.#labelling.keepLeftOut(changed, out);
  }

  /** The same without a new step in the history, for who has the turn. Tells the server first; null where it did not take all. */
  async replay(indices: number[], out: boolean): Promise<number[] | null> {
    const { leftOut, grid } = this.#labelling;
    const changed = indices.filter((index) => leftOut.has(index) !== out);
    const method = out ? "POST" : "DELETE";
    this.#busy(true);
    try {
      for (let start = 0; start < changed.length; start += AT_ONCE) {
        const part = changed.slice(start, start + AT_ONCE);
        const cells = part.map((index) => [grid.cell(index).row, grid.cell(index).column]);
        await request(this.#url, { method, body: { cells } });
        this.#show(out ? [...this.#labelling.leftOut, ...part] : this.#without(part));
      }
      this.#events.say(`${patches(changed.length)} ${out ? "left out" : "asked about again"}.`);
      return changed;
    } catch (error) {
      this.#events.say(`Not all patches were changed: ${messageOf(error)}`);
      return null;
    } finally {
      this.#busy(false);
      this.update();
    }
  }

  #without(part: number[]): number[] {
    const gone = new Set(part);
    return [...this.#labelling.leftOut].filter((index) => !gone.has(index));
  }

  async switchSelected(): Promise<void> {
    const indices = this.#labelling.selection.indices();
    await this.turns.take(() => this.#change(indices, !this.#areOut(indices)));
  }

  #areOut(indices: readonly number[]): boolean {
    return indices.every((index) => this.#labelling.leftOut.has(index));
  }

  #show(indices: number[]): void {
    const { grid } = this.#labelling;
    this.#strokes = indices.flatMap((index) => cross(grid.cellBox(grid.cell(index))));
    this.#labelling.leaveOut(indices);
    this.#events.changed();
  }

  #busy(busy: boolean): void {
    for (const button of [this.#selected, this.#all]) button.disabled = busy;
  }

  update(): void {
    const { leftOut, selection } = this.#labelling;
    const which = selection.many ? "the selected patches" : "this patch";
    const count = leftOut.size;
    setText(
      this.#text,
      count === 0
        ? "Every patch is asked about."
        : `${patches(count)} crossed out: nobody is asked about them.`,
    );
    const out = this.#areOut(selection.indices());
    setText(this.#selected, out ? `Ask about ${which}` : `Leave out ${which}`);
    this.#all.hidden = count === 0;
    setText(this.#all, "Ask about all again");
  }

  layers(): Layer[] {
    return strokeLayers("left-out", this.#strokes);
  }
}
