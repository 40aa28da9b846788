import { answerOf } from "../answers/code";
import { messageOf } from "../api/client";
import { dropModelPatch, getModelPatches, keepModelPatch } from "../known/api";
import { KnownPanel } from "../known/panel";
import type { Labelling } from "./labelling";

/** Managers choose examples and known answers where they see the patches. */
export class KnownHere {
  readonly panel: KnownPanel;
  readonly #image: { id: number; dataset: number };
  readonly #labelling: Labelling;

  constructor(
    image: { id: number; dataset: number },
    labelling: Labelling,
    say: (text: string) => void,
    changed: () => void,
  ) {
    this.#image = image;
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
        const place = { image: image.id, row, column };
        const { structure } = this.#labelling;
        return told(keepModelPatch(image.dataset, structure ?? 0, place, { use, value }));
      },
      drop: (id) => told(dropModelPatch(id)),
    });
  }

  async load(): Promise<void> {
    this.panel.patches = await getModelPatches(this.#image.dataset);
    this.update();
  }

  update(): void {
    const { structure, selection, answers, grid } = this.#labelling;
    if (structure === null) return;
    const { row, column } = selection.focus;
    const given = answerOf(answers.codes(structure)[grid.index({ row, column })] ?? 0);
    this.panel.show({ image: this.#image.id, row, column, structure, guess: given ?? "yes" });
  }
}
