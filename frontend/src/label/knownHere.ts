import { answerOf } from "../answers/code";
import { messageOf } from "../api/client";
import { ReviewApi } from "../review/api";
import { KnownPanel } from "../review/known";
import type { Labelling } from "./labelling";

/** Managers choose examples and known answers where they see the patches. */
export class KnownHere {
  readonly panel: KnownPanel;
  readonly #api: ReviewApi;
  readonly #image: number;
  readonly #labelling: Labelling;

  constructor(
    image: { id: number; dataset: number },
    labelling: Labelling,
    say: (text: string) => void,
    changed: () => void,
  ) {
    this.#api = new ReviewApi(image.dataset);
    this.#image = image.id;
    this.#labelling = labelling;
    const told = async <T>(asked: Promise<T>): Promise<T> => {
      try {
        const done = await asked;
        changed();
        return done;
      } catch (error) {
        say(messageOf(error));
        throw error;
      }
    };
    this.panel = new KnownPanel({
      keep: (use, value) => {
        const { row, column } = this.#labelling.selection.focus;
        const place = { image: this.#image, row, column };
        return told(this.#api.keep(this.#labelling.structure ?? 0, place, use, value));
      },
      drop: (id) => told(this.#api.drop(id)),
    });
  }

  async load(): Promise<void> {
    this.panel.patches = await this.#api.modelPatches();
    this.update();
  }

  update(): void {
    const { structure, selection, answers, grid } = this.#labelling;
    if (structure === null) return;
    const { row, column } = selection.focus;
    const given = answerOf(answers.codes(structure)[grid.index({ row, column })] ?? 0);
    this.panel.show({ image: this.#image, row, column, structure, guess: given ?? "yes" });
  }
}
