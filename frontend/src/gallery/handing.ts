import type { Place } from "../answers/place";
import { request } from "../api/client";
import { newUuid } from "../api/uuid";
import { itemOf, type PatchOutput, type Source } from "./source";
import type { Filter, Item } from "./types";

/** The server hands out no more at once. */
const MOST = 400;
/** Before the server has said how many are worth having. */
const FIRST_PORTION = 8;
/** Somebody may work in several tabs, and what one of them gives back is not what another has. */
const PAGE = newUuid();

interface Handed {
  patches: PatchOutput[];
  kept: Place[];
  left: number;
  lasts_s: number;
  held: number;
  held_until: string | null;
  share_done: boolean;
  portion: number | null;
}

/** Why there is nothing more to hand out. */
export interface Rest {
  /** Patches that others have now, and until when at the latest. */
  held: number;
  heldUntil: Date | null;
  /** The share that a manager asked of this person is answered, or none was asked. */
  shareDone: boolean;
}

const bare = ({ image, row, column }: Place): Place => ({ image, row, column });

/** Patches handed to this person, whom nobody else is given meanwhile; they come a screen at a time. */
export class Handing implements Source {
  readonly #dataset: number;
  readonly #structure: number;
  readonly #filter: Filter;
  readonly #mine: () => Place[];
  #left = Number.POSITIVE_INFINITY;
  #more = true;
  #until = Number.POSITIVE_INFINITY;
  #asked = false;
  #portion: number | null;
  #released: Promise<unknown> = Promise.resolve();
  #asking: Promise<unknown> = Promise.resolve();
  rest: Rest = { held: 0, heldUntil: null, shareDone: false };

  /** `mine`: what of the list is still to be answered, or was and the server has yet to hear of it. */
  constructor(dataset: number, structure: number, filter: Filter, mine: () => Place[]) {
    this.#dataset = dataset;
    this.#structure = structure;
    this.#filter = filter;
    this.#mine = mine;
    this.#portion = filter.order === "uncertain" ? FIRST_PORTION : null;
  }

  get portion(): number | null {
    return this.#portion;
  }

  get more(): boolean {
    return this.#more;
  }

  /** Milliseconds until the patches go back. */
  get remaining(): number {
    return this.#until - performance.now();
  }

  total(come: number): number {
    return this.#more ? come + this.#left : come;
  }

  again(): void {
    this.#more = true;
  }

  async next(count: number, signal?: AbortSignal): Promise<Item[]> {
    const most = Math.min(count, MOST, this.#portion ?? MOST);
    const handed = await this.#ask(most, signal);
    const { patches, left, held, held_until, share_done, portion } = handed;
    this.#portion = portion;
    this.#left = left;
    this.#more = patches.length > 0 && left > 0 && !share_done;
    const heldUntil = held_until === null ? null : new Date(held_until);
    this.rest = { held, heldUntil, shareDone: share_done };
    return patches.map(itemOf);
  }

  /** They stay this person's for another while. */
  async prolong(): Promise<void> {
    await this.#ask(0);
  }

  async #ask(count: number, signal?: AbortSignal): Promise<Handed> {
    const { order, seed, image, condition } = this.#filter;
    const keep = this.#mine().map(bare);
    const body = {
      structure: this.#structure,
      count,
      order,
      seed,
      image,
      condition,
      keep,
      page: PAGE,
    };
    this.#asked = true;
    const url = `/api/datasets/${this.#dataset}/next/`;
    const asking = request<Handed>(url, { method: "POST", body, ...(signal && { signal }) });
    this.#asking = asking;
    const handed = await asking;
    this.#until = performance.now() + 1000 * handed.lasts_s;
    return handed;
  }

  /**
   * Others may have what was not answered. `leaving`: the request outlives the page. Asked a second time, it waits for
   * the first.
   */
  async release(patches: readonly Place[] | null, leaving: boolean): Promise<void> {
    // The server is not to hand anything out after it was told that all goes back.
    if (!leaving) await this.#asking.catch(() => undefined);
    if (!this.#asked) return void (await this.#released.catch(() => undefined));
    this.#asked = false;
    const body = { structure: this.#structure, patches: patches?.map(bare) ?? null, page: PAGE };
    const url = `/api/datasets/${this.#dataset}/release/`;
    this.#released = request(url, { method: "POST", body, keepalive: leaving });
    await this.#released;
  }
}
