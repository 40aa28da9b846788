import type { Place } from "../answers/place";
import { isAbort, messageOf } from "../api/client";
import type { Structure } from "../api/types";
import type { AnswerEvent } from "../saving/event";
import type { AnswerQueue } from "../saving/queue";
import { counted } from "../ui/format";
import { Browsing } from "./browsing";
import { type Desk, portionOf } from "./desk";
import { Handing } from "./handing";
import { Keeper } from "./keeper";
import { reach } from "./portions";
import { ScoreWatch } from "./scoreWatch";
import type { Source } from "./source";
import type { Filter, Item } from "./types";

export interface ShowingEvents {
  busy: (busy: boolean) => void;
  begun: (filter: Filter) => void;
  /** The patches in hand went back, because nobody worked on them. */
  lapsed: () => void;
}

const BY_SCORE = ["uncertain", "certain"];
const COMPARED_EVERY_MS = 500;
const OTHERS_WAIT_MS = 15_000;

/** Decides which patches come to the desk: a person's queue or what they browse, of one structure. */
export class Showing {
  readonly #dataset: number;
  readonly #structures: readonly Structure[];
  readonly #desk: Desk;
  readonly #queue: AnswerQueue;
  readonly #events: ShowingEvents;
  readonly #keeper: Keeper;
  readonly #scores: ScoreWatch;
  #filter: Filter;
  #structure: number;
  #begun = 0;
  #loading = false;
  /** The end of all that was ever in sight: what is before it does not move. */
  #seen = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    dataset: number,
    structures: readonly Structure[],
    desk: Desk,
    queue: AnswerQueue,
    filter: Filter,
    events: ShowingEvents,
  ) {
    this.#dataset = dataset;
    this.#structures = structures;
    this.#desk = desk;
    this.#queue = queue;
    this.#filter = filter;
    this.#events = events;
    this.#structure = structures[0]?.id ?? 0;
    const failed = (error: unknown) => this.failed(error);
    this.#keeper = new Keeper(() => this.#lapse(), failed);
    this.#scores = new ScoreWatch(dataset, () => this.#rerank());
    window.addEventListener("pagehide", () => void this.#release(true));
    // The browser may bring the page back as it was, without what was given back.
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) void this.begin();
    });
  }

  get structure(): number {
    return this.#structure;
  }

  get handing(): Handing | null {
    const { source } = this.#desk.list;
    return source instanceof Handing ? source : null;
  }

  async choose(structure: number): Promise<void> {
    this.#structure = structure;
    await this.begin();
    this.#desk.stage.grid.focus({ preventScroll: true });
  }

  step(by: 1 | -1): void {
    const count = this.#structures.length;
    const now = this.#structures.findIndex(({ id }) => id === this.#structure);
    const next = this.#structures[(now + by + count) % count];
    if (next && next.id !== this.#structure) void this.choose(next.id);
  }

  async begin(filter = this.#filter): Promise<void> {
    this.#filter = filter;
    this.#begun += 1;
    const begun = this.#begun;
    this.#busy(true);
    // What is in hand goes back now, and is not to run out meanwhile.
    this.#keeper.keep(null);
    try {
      await this.#load(filter, begun);
    } catch (error) {
      if (begun === this.#begun) this.#keeper.keep(this.handing);
      return this.failed(error);
    } finally {
      if (begun === this.#begun) this.#busy(false);
    }
    if (begun === this.#begun) this.#show(filter);
  }

  #busy(busy: boolean): void {
    this.#loading = busy;
    this.#events.busy(busy);
  }

  async #load(filter: Filter, begun: number): Promise<void> {
    const { list, stage } = this.#desk;
    const former = this.handing;
    const structure = this.#structure;
    const source = this.#source(structure, filter);
    // What was in hand goes back before others are asked for.
    await former?.release(this.#unsent.length > 0 ? this.#open() : null, false);
    // Something else was asked for meanwhile.
    if (begun !== this.#begun) return;
    const count = stage.layout.perScreen;
    await list.begin(structure, source, count, () => this.#queue.pending(structure));
  }

  #source(structure: number, filter: Filter): Source {
    if (filter.mode === "browse") return new Browsing(this.#dataset, structure, filter);
    return new Handing(this.#dataset, structure, filter, () => this.#mine(structure));
  }

  #show(filter: Filter): void {
    const { selection, stage, watch, list } = this.#desk;
    this.#seen = 0;
    selection.set(0);
    stage.toTop();
    watch.shown();
    stage.draw();
    this.#keeper.keep(this.handing);
    this.#scores.watch(BY_SCORE.includes(filter.order) ? this.#structure : null);
    if (list.describing > 0) this.#comparing(filter);
    this.#events.begun(filter);
  }

  /** Patches of many images are compared bit by bit: the list is asked for again until all are. */
  #comparing(filter: Filter): void {
    this.#desk.say(`${counted(this.#desk.list.describing, "image")} still to be compared.`);
    setTimeout(() => {
      const there = this.#filter === filter && this.#desk.selection.focus === 0;
      if (there) void this.begin(filter);
    }, COMPARED_EVERY_MS);
  }

  failed(error: unknown): void {
    if (isAbort(error)) return;
    this.#desk.say(`The patches could not be loaded: ${messageOf(error)}`);
  }

  /**
   * A screen is in sight: whoever browses has the next ones ready, whoever is handed patches holds few of them: the
   * first screen until they answer or turn it, and from then on the next one too. Where each answer changes what comes
   * next, it is a portion that they hold.
   */
  near(end: number): void {
    // What is here goes back, and what comes in its place asks for itself.
    if (this.#loading) return;
    const { list, stage } = this.#desk;
    const { perScreen } = stage.layout;
    this.#seen = Math.max(this.#seen, Math.min(end, list.items.length));
    if (!this.handing) return list.need(end + 2 * perScreen);
    const portion = portionOf(this.#desk);
    if (portion !== null) return list.need(reach(list.items, portion, list.passed));
    const soon = this.#working() || this.#last() > perScreen;
    list.need(soon ? this.#last() + perScreen : this.#last());
  }

  #last(): number {
    const { stage } = this.#desk;
    return stage.layout.screen(stage.scroll)[1];
  }

  /** Something on this screen is answered: the next one will be wanted soon. */
  #working(): boolean {
    const { list, stage } = this.#desk;
    const [first, end] = stage.screen();
    return list.items.slice(first, end).some(({ code, out }) => code !== 0 || out);
  }

  /** Something was answered. */
  worked(): void {
    const { list } = this.#desk;
    const soon = list.portion !== null || this.#working();
    if (this.handing && soon) this.near(this.#last());
    this.#waitForOthers();
  }

  /** All in hand is done, and others have the rest: what they leave comes here. */
  #waitForOthers(): void {
    const { list, stage } = this.#desk;
    const { handing } = this;
    const idle = handing && list.complete && this.#open().length === 0 && handing.rest.held > 0;
    if (!idle || this.#waiting) return;
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      if (this.handing !== handing || document.hidden) return this.#waitForOthers();
      handing.again();
      list.need(list.items.length + (portionOf(this.#desk) ?? stage.layout.perScreen));
    }, OTHERS_WAIT_MS);
  }

  /** New scores put what nobody has seen yet in their order. */
  #rerank(): void {
    const { list, stage } = this.#desk;
    // A list that is on its way may still be in the former order.
    if (this.#loading) return void this.begin();
    const end = Math.max(this.#seen, this.#last());
    stage.cut(end);
    list.renew(end);
    stage.renew();
  }

  #open(): Item[] {
    return this.#desk.list.items.filter(({ code, out }) => code === 0 && !out);
  }

  get #unsent(): AnswerEvent[] {
    return [...this.#queue.pending(this.#desk.list.structure)];
  }

  /** What must not be given to anybody else: what is open here, and what was answered and is still to be sent. */
  #mine(structure: number): Place[] {
    const here = this.handing !== null && this.#desk.list.structure === structure;
    return [...this.#queue.pending(structure), ...(here ? this.#open() : [])];
  }

  async #release(leaving: boolean): Promise<void> {
    const open = this.#unsent.length > 0 ? this.#open() : null;
    await this.handing?.release(open, leaving).catch(() => undefined);
  }

  #lapse(): void {
    const { list, stage } = this.#desk;
    list.end();
    stage.renew();
    this.#events.lapsed();
  }
}
