import { answerOf, type Code, codeOf } from "../answers/code";
import { Stopwatch } from "../answers/stopwatch";
import type { Image } from "../api/types";
import type { AnswerDatabase } from "../saving/database";
import type { AnswerQueue } from "../saving/queue";
import { queueOf } from "../saving/queueOf";
import type { SaveState } from "../saving/state";
import type { Grid } from "../viewer/grid";

/** Ties the answers on one image to the queue that all screens of its data set share. */
export class ImageAnswers {
  readonly queue: AnswerQueue;
  readonly #image: number;
  readonly #grid: Grid;
  readonly #watch = new Stopwatch();
  /** Whether suggestions are on the screen: kept with each answer. */
  suggesting = false;

  constructor(
    image: Image,
    grid: Grid,
    user: number,
    database: AnswerDatabase | null,
    history: { readonly unwritten: boolean },
    changed: (state: SaveState) => void,
  ) {
    this.#image = image.id;
    this.#grid = grid;
    this.queue = queueOf({ ...image, user }, database, history, changed);
  }

  give(structure: number, codes: readonly [index: number, code: Code][], undoing: boolean): void {
    const took = this.#watch.answered(codes.length);
    const took_ms = undoing ? null : took;
    const suggested = this.suggesting;
    this.queue.put(
      codes.map(([index, code]) => {
        const { row, column } = this.#grid.cell(index);
        const value = answerOf(code);
        const place = { image: this.#image, row, column, structure };
        return { ...place, value, took_ms, suggested, handed: false };
      }),
    );
  }

  *pending(structure: number): Iterable<[index: number, code: Code]> {
    for (const event of this.queue.pending(structure)) {
      const inside = event.image === this.#image && this.#grid.contains(event);
      if (inside) yield [this.#grid.index(event), codeOf(event.value)];
    }
  }
}
