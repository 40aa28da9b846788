import { getLabels } from "../api/endpoints";
import type { Image } from "../api/types";
import type { Labelling } from "./labelling";

/** Brings each structure's labels once; until they are here, counts come from the image's own summary. */
export class LabelLoader {
  readonly #image: Image;
  readonly #labelling: Labelling;
  readonly #asked = new Map<number, Promise<void>>();
  readonly #here = new Set<number>();

  constructor(image: Image, labelling: Labelling) {
    this.#image = image;
    this.#labelling = labelling;
  }

  load(structure: number): Promise<void> {
    const asked = this.#asked.get(structure) ?? this.#bring(structure);
    this.#asked.set(structure, asked);
    return asked;
  }

  async #bring(structure: number): Promise<void> {
    try {
      const labels = await getLabels(this.#image.id, structure);
      this.#here.add(structure);
      this.#labelling.load(structure, labels);
    } catch (error) {
      this.#asked.delete(structure);
      throw error;
    }
  }

  answered(structure: number): number {
    if (this.#here.has(structure)) return this.#labelling.answers.counts(structure).answered;
    return this.#image.labelled[structure] ?? 0;
  }
}
