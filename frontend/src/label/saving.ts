import { afterPaint } from "../answers/afterPaint";
import { postAnswers } from "../answers/api";
import { answerOf, type Code, codeOf } from "../answers/code";
import type { AnswerDatabase } from "../answers/database";
import { AnswerQueue } from "../answers/queue";
import type { SaveState } from "../answers/state";
import { Stopwatch } from "../answers/stopwatch";
import type { Image } from "../api/types";
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
    const { dataset, patch_size, overlap } = image;
    this.queue = new AnswerQueue({
      scope: `${user}:${dataset}`,
      database,
      grid: { patch_size, overlap },
      post: (batch, keepalive) => postAnswers(dataset, batch, keepalive),
      changed,
      beside: history,
      painted: afterPaint,
    });
  }

  give(structure: number, codes: readonly [index: number, code: Code][], undoing: boolean): void {
    const took = this.#watch.answered(codes.length);
    const took_ms = undoing ? null : took;
    const suggested = this.suggesting;
    this.queue.put(
      codes.map(([index, code]) => {
        const { row, column } = this.#grid.cell(index);
        const value = answerOf(code);
        return { image: this.#image, row, column, structure, value, took_ms, suggested };
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
