import { answerOf, type Code, codeOf } from "../answers/code";
import type { Place } from "../answers/place";
import type { SentBack } from "../answers/sentBack";
import type { Stopwatch } from "../answers/stopwatch";
import type { Answer } from "../api/types";
import type { StepHistory } from "../saving/history";
import type { AnswerQueue } from "../saving/queue";
import { Handing } from "./handing";
import type { PatchList } from "./list";
import type { Item } from "./types";

export interface PlacedChange extends Place {
  before: Code;
  after: Code;
}

export interface GalleryStep {
  structure: number;
  changes: PlacedChange[];
  /** They were in this person's hands, and so they are when it is undone. */
  handed?: boolean;
  /** The patches were left out (true) or asked about again (false); not there where answers were given. */
  out?: boolean;
}

/** Gives, takes back and repeats answers about patches of a list; each goes to the queue at once. */
export class Answering {
  readonly #list: PatchList;
  readonly #queue: AnswerQueue;
  readonly #history: StepHistory<GalleryStep>;
  readonly #watch: Stopwatch;
  readonly #sentBack: SentBack;
  /** Whether suggestions are on the screen: kept with each answer. */
  suggesting = false;

  constructor(
    list: PatchList,
    queue: AnswerQueue,
    history: StepHistory<GalleryStep>,
    watch: Stopwatch,
    sentBack: SentBack,
  ) {
    this.#list = list;
    this.#queue = queue;
    this.#history = history;
    this.#watch = watch;
    this.#sentBack = sentBack;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** One step of the history; `answer` may differ from patch to patch. Returns what really changed. */
  give(indices: readonly number[], answer: (index: number) => Answer | null): number[] {
    const changed: number[] = [];
    const changes: PlacedChange[] = [];
    for (const index of indices) {
      const item = this.#list.items[index];
      const after = codeOf(answer(index));
      if (!item || (item.code === after && !this.isSentBack(item))) continue;
      const { image, row, column, code } = item;
      changes.push({ image, row, column, before: code, after });
      this.#list.put(item, after);
      changed.push(index);
    }
    if (changes.length === 0) return changed;
    const structure = this.#list.structure;
    const step = { structure, changes, handed: this.#list.source instanceof Handing };
    this.#send(step, "after", this.#watch.answered(changes.length));
    this.#history.push(step);
    return changed;
  }

  /** Whether a manager waits for another answer, be it the same. */
  isSentBack(item: Item): boolean {
    return this.#sentBack.about(item, this.#list.structure) !== undefined;
  }

  /** Patches were left out or are asked about again: a step like any other. */
  noted(structure: number, places: readonly Place[], out: boolean): void {
    const changes = places.map(({ image, row, column }): PlacedChange => {
      const code = this.#code({ image, row, column });
      return { image, row, column, before: code, after: code };
    });
    this.#history.push({ structure, changes, out });
  }

  #code(place: Place): Code {
    const index = this.#list.index(place);
    return (index === null ? undefined : this.#list.items[index])?.code ?? 0;
  }

  #send(step: GalleryStep, side: "before" | "after", took: number | null): void {
    const { structure, changes, handed = false } = step;
    const suggested = this.suggesting;
    for (const change of changes) this.#sentBack.answered(change, structure);
    this.#queue.put(
      changes.map((change) => {
        const { image, row, column } = change;
        const value = answerOf(change[side]);
        return { image, row, column, structure, value, took_ms: took, suggested, handed };
      }),
    );
  }

  undo(): GalleryStep | null {
    return this.#replay(this.#history.undo(), "before");
  }

  redo(): GalleryStep | null {
    return this.#replay(this.#history.redo(), "after");
  }

  #replay(step: GalleryStep | null, side: "before" | "after"): GalleryStep | null {
    if (!step || step.out !== undefined) return step;
    if (step.structure === this.#list.structure) {
      for (const change of step.changes) this.#list.set(change, change[side]);
    }
    this.#send(step, side, null);
    return step;
  }
}
