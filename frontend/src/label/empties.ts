import type { Layer } from "@deck.gl/core";
import { ApiError, messageOf, request } from "../api/client";
import { type Errand, followErrand, searchIn } from "../errands/api";
import { ErrandBar } from "../errands/bar";
import { h, setText, textButton } from "../ui/dom";
import { patches } from "../ui/format";
import { hatch, type Stroke } from "./hatch";
import { strokeLayers } from "./hatched";
import type { Labelling } from "./labelling";

interface Found {
  patch_size: number;
  overlap: number;
  cells: [number, number][];
}

/** Somebody stopped the search: nothing that went wrong. */
class Cancelled extends Error {}

export interface EmptyEvents {
  changed: () => void;
  leaveOut: (indices: number[]) => void;
  say: (text: string) => void;
}

interface ImageOf {
  id: number;
  dataset: number;
}

/** Patches that show nothing but background: hatched, and answered with "no" or left out at one click. */
export class EmptyPatches {
  readonly element: HTMLElement;
  readonly #image: ImageOf;
  readonly #labelling: Labelling;
  readonly #events: EmptyEvents;
  readonly #text = h("p", { attrs: { role: "status" } });
  readonly #toggle: HTMLButtonElement;
  readonly #answer: HTMLButtonElement;
  readonly #leave: HTMLButtonElement;
  readonly #bar = new ErrandBar();
  #found: number[] | null = null;
  #shown = false;
  #strokes: Stroke[] = [];

  constructor(image: ImageOf, labelling: Labelling, readOnly: boolean, events: EmptyEvents) {
    this.#image = image;
    this.#labelling = labelling;
    this.#events = events;
    this.#toggle = textButton("", () => void this.#switch());
    this.#answer = textButton("", () => this.#answerNo());
    this.#leave = textButton("", () => events.leaveOut(this.#open()));
    this.element = h(
      "section",
      { class: "work-section", attrs: { hidden: readOnly } },
      h("h2", { text: "Empty patches" }),
      this.#text,
      this.#bar.element,
      h("div", { class: "label-actions" }, this.#toggle, this.#answer, this.#leave),
    );
    this.update();
    if (!readOnly) void this.#resume();
  }

  /** The empty patches that have no answer about the structure yet and are asked about. */
  #open(): number[] {
    const { structure, answers, leftOut } = this.#labelling;
    if (structure === null || !this.#labelling.ready) return [];
    const codes = answers.codes(structure);
    return (this.#found ?? []).filter((index) => codes[index] === 0 && !leftOut.has(index));
  }

  update(): void {
    const open = this.#shown ? this.#open().length : 0;
    const count = this.#found?.length ?? 0;
    setText(this.#toggle, this.#shown ? "Hide them" : "Show empty patches");
    this.#text.hidden = !this.#shown;
    setText(
      this.#text,
      count === 0 ? "No patch shows background alone." : `${patches(count)} show background alone.`,
    );
    this.#answer.hidden = open === 0;
    setText(this.#answer, `Answer ${open === count ? "them" : open} with no`);
    this.#leave.hidden = open === 0;
    setText(this.#leave, `Leave ${open === count ? "them" : open} out`);
  }

  /** Goes on showing a search that was asked for before the page was loaded. */
  async #resume(): Promise<void> {
    const running = await searchIn(this.#image).catch(() => null);
    if (running && !this.#toggle.disabled && !this.#shown) await this.#switch(running);
  }

  async #switch(running: Errand | null = null): Promise<void> {
    this.#toggle.disabled = true;
    try {
      this.#found ??= await this.#find(running);
      this.#shown = !this.#shown;
    } catch (error) {
      const said = `Empty patches could not be found: ${messageOf(error)}`;
      this.#events.say(error instanceof Cancelled ? error.message : said);
    }
    this.#toggle.disabled = false;
    this.update();
    this.#events.changed();
  }

  async #find(running: Errand | null): Promise<number[]> {
    const { grid } = this.#labelling;
    const found = (await this.#known()) ?? (await this.#look(running));
    if (found.patch_size !== grid.patchSize || found.overlap !== grid.overlap) {
      throw new Error("The grid has changed. Load the page again.");
    }
    const cells = found.cells.map(([row, column]) => ({ row, column }));
    this.#strokes = cells.flatMap((cell) => hatch(grid.cellBox(cell)));
    return cells.map((cell) => grid.index(cell));
  }

  /** Null where nobody has looked yet. */
  async #known(): Promise<Found | null> {
    try {
      return await request<Found>(`/api/images/${this.#image.id}/empty/`);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  /** Has a worker look, which takes seconds; somebody who asked already is joined. */
  async #look(running: Errand | null): Promise<Found> {
    const path = `/api/images/${this.#image.id}/empty/`;
    const asked = running ?? (await request<Errand>(path, { method: "POST" }));
    const last = await followErrand(asked, (errand) => this.#bar.show(errand));
    this.#bar.element.hidden = true;
    if (last.state === "cancelled") throw new Cancelled("The search was cancelled.");
    if (last.state === "failed") throw new Error(last.error);
    return request<Found>(path);
  }

  #answerNo(): void {
    const count = this.#labelling.answer(this.#open(), "no");
    this.#events.say(`${patches(count)} answered with no. Undo takes it back.`);
    this.update();
    this.#events.changed();
  }

  layers(): Layer[] {
    if (!this.#shown) return [];
    return strokeLayers("empty", this.#strokes);
  }
}
