import { postAnswers } from "../answers/api";
import { answerOf, type Code } from "../answers/code";
import type { AnswerDatabase } from "../answers/database";
import { StepHistory } from "../answers/history";
import { Keymap } from "../answers/keymap";
import { guardLeaving } from "../answers/leaving";
import { AnswerQueue } from "../answers/queue";
import type { SaveState } from "../answers/state";
import { Stopwatch } from "../answers/stopwatch";
import { messageOf } from "../api/client";
import type { Answer, Structure } from "../api/types";
import { answerColours, WORDS } from "../label/palette";
import { h, setText } from "../ui/dom";
import { integer, patches } from "../ui/format";
import { type Work, work } from "../ui/work";
import { Answering, type GalleryStep } from "./answering";
import { getLook } from "./api";
import { GALLERY_KEYS, type GalleryCommand } from "./commands";
import { dialogs } from "./dialogs";
import { Filters } from "./filters";
import { GalleryBar } from "./galleryBar";
import { galleryKeys } from "./keyboard";
import { PatchList } from "./list";
import { GalleryPanel } from "./panel";
import { Peek } from "./peek";
import { Pictures } from "./pictures";
import { listenToPointer } from "./pointer";
import { runCommand } from "./run";
import { GallerySelection } from "./selection";
import { Stage } from "./stage";
import { SuggestionPanel } from "./suggestionPanel";
import { Suggestions } from "./suggestions";
import { type Filter, firstFilter, type GalleryProps, type Item } from "./types";

const FIRST_SCREEN = 120;

/** The gallery: joins the list, the stage, the answers and the controls around them. */
export class GalleryScreen {
  readonly #root: HTMLElement;
  readonly #props: GalleryProps;
  readonly #structures: Structure[];
  readonly #work: Work = work();
  readonly #names: Map<number, string>;
  readonly #list: PatchList;
  readonly #stage: Stage;
  readonly #selection = new GallerySelection();
  readonly #suggestions = new Suggestions();
  readonly #suggestionPanel: SuggestionPanel;
  readonly #queue: AnswerQueue;
  readonly #history: StepHistory<GalleryStep>;
  readonly #answering: Answering;
  readonly #watch = new Stopwatch();
  readonly #panel: GalleryPanel;
  readonly #filters: Filters;
  readonly #bar: GalleryBar;
  readonly #keymap: Keymap<GalleryCommand>;
  readonly #peek: Peek;
  readonly #empty = h("div", { class: "gallery-empty", attrs: { hidden: true } });
  #brush: Answer | null = "yes";
  #structure: number;
  #counts: Record<Answer, number> = { yes: 0, no: 0, unsure: 0 };

  constructor(
    root: HTMLElement,
    props: GalleryProps,
    structures: Structure[],
    database: AnswerDatabase | null,
  ) {
    this.#root = root;
    this.#props = props;
    this.#structures = structures;
    this.#structure = structures[0]?.id ?? 0;
    this.#names = new Map(props.images.map(({ id, name }) => [id, name]));
    const { dataset, patch_size, overlap } = props;
    this.#list = new PatchList(dataset, {
      loaded: () => this.#loaded(),
      failed: (error) => this.#failed(error),
    });
    const scope = `${props.user}:${dataset}`;
    this.#queue = new AnswerQueue({
      scope,
      database,
      grid: { patch_size, overlap },
      post: (batch, keepalive) => postAnswers(dataset, batch, keepalive),
      changed: (state) => this.#saved(state),
    });
    this.#history = new StepHistory(`${scope}:gallery:${patch_size}:${overlap}`, database);
    this.#answering = new Answering(this.#list, this.#queue, this.#history, this.#watch);
    const colours = answerColours();
    this.#keymap = new Keymap(GALLERY_KEYS, props.keys);
    const pictures = new Pictures(dataset, () => this.#stage.invalidate());
    this.#stage = new Stage(
      {
        items: () => this.#list.items,
        total: () => this.#list.total,
        selection: this.#selection,
        suggestion: (item) => this.#suggestions.of(item),
        words: (index) => this.#words(index),
        near: (end) => this.#list.need(end),
      },
      pictures,
      colours,
    );
    const key = (answer: Answer | null) => this.#keymap.keys(answer ?? "clear")[0] ?? "";
    this.#panel = new GalleryPanel(
      dataset,
      structures,
      {
        choose: (structure) => void this.choose(structure),
        brush: (answer) => this.#setBrush(answer),
        restNo: () => this.restNo(),
        undo: () => void this.undo(),
        redo: () => void this.redo(),
      },
      colours,
      key,
    );
    const scored = props.scores;
    this.#filters = new Filters(this.#firstFilter(), props.images, scored, FIRST_SCREEN, {
      changed: (filter) => void this.#begin(filter),
      perScreen: (count) => this.#resize(count),
    });
    this.#suggestionPanel = new SuggestionPanel(this.#suggestions, {
      changed: () => this.#update(),
      accept: () => this.accept(),
    });
    this.#peek = new Peek(props);
    const { help, tour } = dialogs(this.#keymap, props, this.#work, () => this.#stage.grid.focus());
    this.#bar = new GalleryBar(props, {
      retry: () => this.#queue.retry(),
      discard: () => this.#discard(),
      help: () => help.open(),
    });
    this.#listen(help.element, () => help.open(), tour);
    this.#root.replaceChildren(this.#work.element, help.element, this.#peek.element);
  }

  /** An address may name an image or an order to begin with. */
  #firstFilter(): Filter {
    const asked = new URLSearchParams(location.search).get("image");
    const image = this.#props.images.find(({ id }) => String(id) === asked)?.id ?? null;
    return { ...firstFilter(), image };
  }

  async open(): Promise<void> {
    this.#work.bar.append(...this.#bar.elements);
    this.#work.side.append(this.#panel.element, this.#filters.element);
    if (this.#props.scores) this.#work.side.append(this.#suggestionPanel.element);
    this.#work.stage.prepend(this.#stage.element, this.#empty);
    this.#saved({ kind: "saved" });
    const [left, { look }] = await Promise.all([
      this.#queue.open(),
      getLook(this.#props.dataset),
      this.#history.open(),
    ]);
    if (left > 0) {
      this.#work.say(`${integer(left)} answers of your last visit are being saved now.`);
      this.#queue.retry();
    }
    this.#stage.look = look;
    this.#stage.resize();
    await this.#begin(this.#filters.filter);
    this.#stage.grid.focus();
    this.#root.dataset.ready = "true";
    // The work does not wait for them.
    void this.#panel.examples.load().catch((error) => this.#work.say(messageOf(error)));
  }

  #listen(dialog: HTMLDialogElement, help: () => void, tour: () => void): void {
    const blocked = () => dialog.open || this.#peek.element.open;
    galleryKeys(this.#stage.grid, this.#keymap, blocked, (command) =>
      command === "help" ? help() : runCommand(command, this),
    );
    listenToPointer(this.#stage, {
      count: () => this.#list.items.length,
      click: (index) => this.#click(index, this.#brush),
      extend: (index) => this.#select(() => this.#selection.extendTo(index)),
      toggle: (index) => this.#select(() => this.#selection.toggle(index)),
      choose: (indices) => this.#select(() => this.#selection.choose(indices)),
      swipe: (index, answer) => this.#click(index, answer),
    });
    guardLeaving(this.#work.bar, this.#queue);
    if (!this.#props.tour_seen) tour();
  }

  get brush(): Answer | null {
    return this.#brush;
  }

  async choose(structure: number): Promise<void> {
    this.#structure = structure;
    await this.#begin(this.#filters.filter);
    this.#stage.grid.focus({ preventScroll: true });
  }

  stepStructure(by: 1 | -1): void {
    const count = this.#structures.length;
    const now = this.#structures.findIndex(({ id }) => id === this.#structure);
    const next = this.#structures[(now + by + count) % count];
    if (next && next.id !== this.#structure) void this.choose(next.id);
  }

  async #begin(filter: Filter): Promise<void> {
    this.#root.dataset.loading = "true";
    try {
      const pending = this.#queue.pending(this.#structure);
      await this.#list.begin(this.#structure, filter, pending);
    } catch (error) {
      return this.#failed(error);
    } finally {
      this.#root.dataset.loading = "false";
    }
    this.#selection.set(0);
    this.#stage.toTop();
    this.#watch.shown();
    this.#update();
    this.#comparing(filter);
  }

  /** Patches of many images are compared bit by bit: the list is asked for again until all are. */
  #comparing(filter: Filter): void {
    const { describing } = this.#list;
    if (describing === 0) return;
    this.#work.say(`${integer(describing)} images are still being compared.`);
    setTimeout(() => {
      if (this.#filters.filter === filter && this.#selection.focus === 0) void this.#begin(filter);
    }, 500);
  }

  #failed(error: unknown): void {
    if (error instanceof DOMException && error.name === "AbortError") return;
    this.#work.say(`The patches could not be loaded: ${messageOf(error)}`);
  }

  #loaded(): void {
    this.#stage.renew();
    this.#count();
    this.#update(false);
  }

  #saved(state: SaveState): void {
    this.#bar.saved(state);
    this.#root.dataset.saved = String(state.kind === "saved");
    this.#root.dataset.unsavedCount = String(this.#queue.unsent);
  }

  #discard(): void {
    const count = this.#queue.discardRefused();
    this.#work.say(`${integer(count)} answers were discarded.`);
    void this.#begin(this.#filters.filter);
  }

  #resize(count: number): void {
    this.#stage.perScreen = count;
    this.#update();
  }

  resize(by: 1 | -1): void {
    this.#filters.resize(by);
  }

  // Answers.

  /** A key answered: one patch goes on to the next, a selection stays. */
  answer(answer: Answer | null): void {
    this.#brush = answer;
    const { many, focus } = this.#selection;
    const changed = this.#answering.give(this.#selection.indices(), () => answer);
    if (many) {
      this.#work.say(`${patches(changed.length)}: ${answer ? WORDS[answer] : "cleared"}.`);
      return this.#answered(changed, true);
    }
    this.#advance(focus);
    this.#answered(changed, false, focus);
  }

  #advance(from: number): void {
    if (from + 1 < this.#list.items.length) this.#selection.set(from + 1);
    else if (this.#list.complete) this.#work.say("This is the last patch.");
  }

  #click(index: number, answer: Answer | null): void {
    const before = this.#selection.focus;
    const had = this.#selection.many;
    this.#selection.set(index);
    const same = this.#list.items[index]?.code === codeOfBrush(answer);
    // A second click takes the answer back.
    const changed = this.#answering.give([index], () => (same ? null : answer));
    this.#answered([...changed, before], had, index);
  }

  restNo(): void {
    const open = this.#open();
    const changed = this.#answering.give(open, () => "no");
    this.#work.say(`${patches(changed.length)} answered with no. Undo takes it back.`);
    this.#answered(changed, true);
  }

  accept(): void {
    const items = this.#list.items;
    const found = this.#suggested();
    const changed = this.#answering.give(found, (index) => {
      const item = items[index];
      return item ? this.#suggestions.of(item) : null;
    });
    this.#work.say(`${patches(changed.length)} answered as suggested. Undo takes it back.`);
    this.#answered(changed, true);
  }

  /** Paints first, within this event; everything else can wait for the frame after. */
  #answered(changed: number[], whole: boolean, from?: number): void {
    const { focus } = this.#selection;
    const turned = this.#stage.reveal(focus);
    if (turned) this.#watch.shown();
    else if (whole) this.#stage.draw();
    else this.#stage.drawSome([...changed, focus, ...(from === undefined ? [] : [from])]);
    requestAnimationFrame(() => {
      this.#count();
      this.#update(false);
    });
  }

  #open(): number[] {
    return this.#onScreen().filter((index) => this.#list.items[index]?.code === 0);
  }

  #suggested(): number[] {
    return this.#onScreen().filter((index) => {
      const item = this.#list.items[index];
      return item !== undefined && this.#suggestions.of(item) !== null;
    });
  }

  #onScreen(): number[] {
    const [first, end] = this.#stage.screen();
    return Array.from({ length: Math.max(0, end - first) }, (_, number) => first + number);
  }

  async undo(): Promise<void> {
    await this.#replayed(this.#answering.undo(), "Undone");
  }

  async redo(): Promise<void> {
    await this.#replayed(this.#answering.redo(), "Done again");
  }

  async #replayed(step: GalleryStep | null, word: string): Promise<void> {
    if (!step) return;
    if (step.structure !== this.#structure) await this.choose(step.structure);
    const first = step.changes[0];
    const index = first ? this.#list.index(first) : null;
    if (index !== null) this.#selection.set(index);
    this.#stage.reveal(this.#selection.focus);
    this.#work.say(`${word}: ${patches(step.changes.length)}.`);
    this.#count();
    this.#update();
  }

  // Moving and selecting.

  move(down: number, right: number, extend: boolean): void {
    const { columns } = this.#stage.layout;
    const before = this.#selection.focus;
    const had = this.#selection.many;
    const last = this.#list.items.length - 1;
    const to = before + down * columns + right;
    if (to < 0 || to > last) return;
    if (extend) this.#selection.extendTo(to);
    else this.#selection.set(to);
    if (this.#stage.reveal(to)) this.#watch.shown();
    else if (had || extend) this.#stage.draw();
    else this.#stage.drawSome([before, to]);
    this.#update(false);
  }

  turn(by: 1 | -1): void {
    const first = this.#stage.turn(by);
    this.#selection.set(Math.min(first, Math.max(0, this.#list.items.length - 1)));
    this.#watch.shown();
    this.#update();
  }

  nextOpen(): void {
    const { items } = this.#list;
    const next = items.findIndex(({ code }, at) => code === 0 && at > this.#selection.focus);
    if (next < 0) return this.#work.say("No later patch is without an answer.");
    this.#select(() => this.#selection.set(next));
    this.#stage.reveal(next);
  }

  selectScreen(invert: boolean): void {
    const all = this.#onScreen();
    this.#select(() => (invert ? this.#selection.invert(all) : this.#selection.choose(all)));
  }

  collapse(): void {
    this.#select(() => this.#selection.collapse());
  }

  #select(change: () => void): void {
    change();
    this.#update();
  }

  #setBrush(answer: Answer | null): void {
    this.#brush = answer;
    this.#stage.grid.focus({ preventScroll: true });
    this.#update(false);
  }

  threshold(by: 1 | -1): void {
    this.#suggestions.move(by);
    this.#update();
  }

  alike(): void {
    const item = this.#list.items[this.#selection.focus];
    if (!item) return;
    const { image, row, column } = item;
    this.#filters.like({ image, row, column });
  }

  peek(): void {
    const item = this.#list.items[this.#selection.focus];
    if (!item) return;
    this.#peek.show(item, this.#stage.look).catch((error) => this.#work.say(messageOf(error)));
  }

  // What is shown beside the patches.

  #words(index: number): string {
    const item = this.#list.items[index];
    if (!item) return "";
    const answer = answerOf(item.code);
    const where = `${this.#names.get(item.image) ?? "Image"}, row ${item.row + 1}, column ${item.column + 1}`;
    const suggested = this.#suggestions.of(item);
    const hint = suggested ? `, suggested ${suggested}, score ${item.score?.toFixed(2)}` : "";
    return `${where}: ${answer ? WORDS[answer] : "no answer"}${hint}`;
  }

  #count(): void {
    const tally = [0, 0, 0, 0];
    for (const { code } of this.#list.items) tally[code] = (tally[code] ?? 0) + 1;
    const [, yes = 0, no = 0, unsure = 0] = tally;
    this.#counts = { yes, no, unsure };
  }

  #update(draw = true): void {
    this.#answering.suggesting = this.#suggestions.on;
    if (draw) this.#stage.invalidate();
    const { canUndo, canRedo } = this.#answering;
    this.#panel.update({
      structure: this.#structure,
      brush: this.#brush,
      counts: this.#counts,
      open: this.#open().length,
      canUndo,
      canRedo,
    });
    const { total, items } = this.#list;
    this.#bar.position(this.#selection, this.#stage.screen(), total);
    this.#suggestionPanel.update(this.#suggestions.on ? this.#suggested().length : 0);
    this.#empty.hidden = items.length > 0;
    setText(this.#empty, "No patch is like that. Choose others at the right.");
    this.#expose();
  }

  /** For tests: where the work stands. */
  #expose(): void {
    const { dataset } = this.#root;
    const { yes, no, unsure } = this.#counts;
    dataset.structure = String(this.#structure);
    dataset.focus = String(this.#selection.focus);
    dataset.selected = String(this.#selection.size);
    dataset.counts = `${yes},${no},${unsure}`;
    dataset.total = String(this.#list.total);
  }

  get stage(): Stage {
    return this.#stage;
  }

  get items(): readonly Item[] {
    return this.#list.items;
  }
}

function codeOfBrush(answer: Answer | null): Code {
  return answer === null ? 0 : answer === "yes" ? 1 : answer === "no" ? 2 : 3;
}
