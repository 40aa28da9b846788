import { getPage, patchesUrl } from "./api";
import { itemOf, type Source } from "./source";
import type { Filter, Item } from "./types";

const FIRST_PAGE = 400;
const PAGE = 2000;

/** All patches that a filter finds, in order: they are nobody's, and stay for everybody to see. */
export class Browsing implements Source {
  readonly #dataset: number;
  readonly #structure: number;
  readonly #filter: Filter;
  readonly portion = null;
  #cursor: string | null = "";
  #found = 0;
  /** Of the list, what the server no longer counts. */
  #done = 0;
  /** Images of which patches cannot be compared yet. */
  describing = 0;

  constructor(dataset: number, structure: number, filter: Filter) {
    this.#dataset = dataset;
    this.#structure = structure;
    this.#filter = filter;
  }

  get more(): boolean {
    return this.#cursor !== null;
  }

  async next(_count: number, signal: AbortSignal): Promise<Item[]> {
    if (this.#cursor === null) return [];
    const limit = this.#cursor === "" ? FIRST_PAGE : PAGE;
    const url = patchesUrl(this.#dataset, this.#structure, this.#filter, this.#cursor, limit);
    const page = await getPage(url, signal);
    this.#cursor = page.next;
    this.#found = page.total;
    this.describing = page.describing;
    return page.patches.map(itemOf);
  }

  total(come: number): number {
    return this.more ? Math.max(come, this.#found + this.#done) : come;
  }

  again(done: number): void {
    this.#cursor = "";
    this.#done = this.#filter.state === "unanswered" ? done : 0;
  }
}
