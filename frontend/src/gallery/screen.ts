import { getLook } from "../answers/patchPictures";
import { SuggestionPanel } from "../answers/suggestionPanel";
import { bringAll } from "../api/patience";
import type { Structure } from "../api/types";
import { Keymap } from "../keys/keymap";
import type { AnswerDatabase } from "../saving/database";
import type { StepHistory } from "../saving/history";
import { guardLeaving } from "../saving/leaving";
import type { AnswerQueue } from "../saving/queue";
import { queueOf } from "../saving/queueOf";
import { counted } from "../ui/format";
import { type Work, work } from "../ui/work";
import type { GalleryStep } from "./answering";
import { Beside } from "./beside";
import { GALLERY_KEYS, type GalleryCommand } from "./commands";
import { filtersOf, panelOf } from "./controls";
import type { Desk } from "./desk";
import { type Dialogs, dialogs } from "./dialogs";
import { EmptyNotice } from "./empty";
import type { Filters } from "./filters";
import { GalleryBar } from "./galleryBar";
import { Hands } from "./hands";
import { galleryKeys } from "./keyboard";
import { SEEN_AFTER_MS } from "./list";
import type { GalleryPanel } from "./panel";
import { Peek } from "./peek";
import { listenToPointer } from "./pointer";
import { runCommand } from "./run";
import { deskOf, historyOf } from "./setting";
import { Showing } from "./showing";
import type { Stage } from "./stage";
import type { GalleryProps, Item } from "./types";
import { Walk } from "./walk";

/** The gallery: joins the list, the stage, the answers and the controls around them. */
export class GalleryScreen {
  readonly #root: HTMLElement;
  readonly #props: GalleryProps;
  readonly #work: Work = work();
  readonly #keymap: Keymap<GalleryCommand>;
  readonly #queue: AnswerQueue;
  readonly #history: StepHistory<GalleryStep>;
  readonly #desk: Desk;
  readonly #beside: Beside;
  readonly #panel: GalleryPanel;
  readonly #filters: Filters;
  readonly #suggestionPanel: SuggestionPanel;
  readonly #bar: GalleryBar;
  readonly #empty: EmptyNotice;
  readonly #peek: Peek;
  readonly #dialogs: Dialogs;
  readonly hands: Hands;
  readonly walk: Walk;
  readonly showing: Showing;
  /** How many patches were here when some came last. */
  #here = 0;

  constructor(
    root: HTMLElement,
    props: GalleryProps,
    structures: Structure[],
    database: AnswerDatabase | null,
  ) {
    this.#root = root;
    this.#props = props;
    this.#keymap = new Keymap(GALLERY_KEYS, props.keys);
    this.#history = historyOf(props, database, () => this.#queue.report());
    this.#queue = queueOf(props, database, this.#history, (state) => this.#beside.saved(state));
    const { say } = this.#work;
    const setting = { props, structures, queue: this.#queue, history: this.#history, say };
    this.#desk = deskOf(setting, {
      loaded: () => this.#loaded(),
      failed: (error) => this.showing.failed(error),
      near: (end) => this.showing.near(end),
      changed: () => this.#beside.changed(),
    });
    this.hands = new Hands(this.#desk, (structure) => this.showing.choose(structure));
    this.walk = new Walk(this.#desk);
    this.#filters = filtersOf(props, this.#desk, (filter) => void this.showing.begin(filter));
    this.showing = this.#newShowing(structures);
    const { hands, showing } = this;
    const given = { props, structures, keymap: this.#keymap, desk: this.#desk };
    this.#panel = panelOf(given, hands, showing);
    this.#suggestionPanel = new SuggestionPanel(this.#desk.suggestions, {
      changed: () => this.#redraw(),
      accept: () => this.hands.accept(),
    });
    this.#peek = new Peek(props);
    this.#empty = new EmptyNotice({
      again: () => void this.showing.begin(),
      browse: () => this.#filters.turnTo("browse"),
    });
    const back = () => this.stage.grid.focus();
    this.#dialogs = dialogs(this.#keymap, props, this.#work, back);
    this.#bar = new GalleryBar(props, {
      retry: () => this.#queue.retry(),
      discard: () => this.#discard(),
      help: () => this.#dialogs.help.open(),
    });
    this.#beside = new Beside({
      root,
      desk: this.#desk,
      queue: this.#queue,
      showing: this.showing,
      panel: this.#panel,
      filters: this.#filters,
      suggestions: this.#suggestionPanel,
      bar: this.#bar,
      empty: this.#empty,
    });
    this.#listen();
    const { help } = this.#dialogs;
    this.#root.replaceChildren(this.#work.element, help.element, this.#peek.element);
  }

  #newShowing(structures: Structure[]): Showing {
    const { dataset } = this.#props;
    const { filter } = this.#filters;
    return new Showing(dataset, structures, this.#desk, this.#queue, filter, {
      busy: (busy) => {
        this.#root.dataset.loading = String(busy);
      },
      begun: () => {
        this.#empty.begun();
        this.#desk.changed();
      },
      lapsed: () => {
        this.#empty.lapse();
        this.#desk.changed();
      },
    });
  }

  async open(): Promise<void> {
    this.#work.bar.append(...this.#bar.elements);
    const { sentBack } = this.#desk;
    this.#work.side.append(sentBack.element, this.#panel.element, this.#filters.element);
    if (this.#props.scores) this.#work.side.append(this.#suggestionPanel.element);
    this.#work.stage.prepend(this.stage.element, this.#empty.element);
    this.#beside.saved({ kind: "saved" });
    const [left, { look }] = await Promise.all([
      this.#queue.open(),
      getLook(this.#props.dataset),
      this.#history.open(),
    ]);
    if (left > 0) {
      this.#work.say(`Saving ${counted(left, "answer")} of your last visit.`);
      this.#queue.retry();
    }
    this.stage.look = look;
    this.stage.resize();
    await this.showing.begin();
    this.stage.grid.focus();
    this.#root.dataset.ready = "true";
    // The work does not wait for them.
    bringAll([() => this.#panel.examples.load(), () => sentBack.load()], this.#work.say);
  }

  #listen(): void {
    const { selection, list } = this.#desk;
    const { help, tour } = this.#dialogs;
    const blocked = () => help.element.open || this.#peek.element.open;
    galleryKeys(this.stage.grid, this.#keymap, blocked, (command) =>
      command === "help" ? help.open() : runCommand(command, this),
    );
    listenToPointer(this.stage, {
      count: () => list.items.length,
      click: (index) => this.hands.click(index, this.#desk.brush),
      extend: (index) => this.walk.select(() => selection.extendTo(index)),
      toggle: (index) => this.walk.select(() => selection.toggle(index)),
      choose: (indices) => this.walk.select(() => selection.choose(indices)),
      swipe: (index, answer) => this.hands.click(index, answer),
    });
    guardLeaving(this.#work.bar, this.#queue);
    if (!this.#props.tour_seen) tour();
  }

  #loaded(): void {
    const { list, selection } = this.#desk;
    const waited = selection.focus >= this.#here;
    this.#here = list.items.length;
    // The list is shorter than it was thought to be.
    if (list.complete && selection.focus >= list.items.length) {
      selection.set(Math.max(0, list.items.length - 1));
    }
    this.stage.renew();
    // Whoever answered all there was sees what came.
    if (waited && selection.focus < this.#here) this.stage.reveal(selection.focus);
    this.#desk.changed();
    // How many the key for the rest is about.
    if (list.portion !== null) setTimeout(() => this.#desk.changed(), SEEN_AFTER_MS + 50);
  }

  #redraw(): void {
    this.stage.draw();
    this.#desk.changed();
  }

  #discard(): void {
    const count = this.#queue.discardRefused();
    this.#work.say(`${counted(count, "answer")} discarded.`);
    void this.showing.begin();
  }

  resize(by: 1 | -1): void {
    this.#filters.resize(by);
  }

  threshold(by: 1 | -1): void {
    this.#desk.suggestions.move(by);
    this.#redraw();
  }

  alike(): void {
    const { list, selection } = this.#desk;
    const item = list.items[selection.focus];
    if (!item) return;
    const { image, row, column } = item;
    this.#filters.like({ image, row, column });
  }

  peek(): void {
    const { list, selection, stage } = this.#desk;
    const item = list.items[selection.focus];
    if (!item) return;
    this.#peek.show(item, stage.look);
  }

  /** For tests. */
  get items(): readonly Item[] {
    return this.#desk.list.items;
  }

  get stage(): Stage {
    return this.#desk.stage;
  }
}
