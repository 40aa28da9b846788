import { getScores } from "./api";

const EVERY_MS = 10_000;

/** Looks now and then whether a model has new scores: one short question, and only while somebody sees the page. */
export class ScoreWatch {
  readonly #dataset: number;
  readonly #changed: () => void;
  #structure: number | null = null;
  #known: string | null = null;

  constructor(dataset: number, changed: () => void) {
    this.#dataset = dataset;
    this.#changed = changed;
    setInterval(() => void this.#look(), EVERY_MS);
    document.addEventListener("visibilitychange", () => void this.#look());
  }

  /** Null: scores do not matter now. */
  watch(structure: number | null): void {
    this.#structure = structure;
    this.#known = null;
    void this.#look();
  }

  async #look(): Promise<void> {
    const structure = this.#structure;
    if (structure === null || document.hidden) return;
    // Without a connection there is nothing new either; the next look may find it.
    const found = await getScores(this.#dataset, structure).catch(() => null);
    if (!found || structure !== this.#structure) return;
    const before = this.#known;
    this.#known = found.version;
    if (before !== null && before !== found.version) this.#changed();
  }
}
