import { StepHistory } from "../answers/history";
import { guardLeaving, leaveFor } from "../answers/leaving";
import type { AnswerQueue } from "../answers/queue";
import type { SaveState } from "../answers/state";
import { messageOf } from "../api/client";
import type { Answer } from "../api/types";
import { iconButton } from "../ui/dom";
import { integer, patches } from "../ui/format";
import { pages } from "../ui/pages";
import { type Work, work } from "../ui/work";
import { Desk } from "../viewer/desk";
import { Grid } from "../viewer/grid";
import type { Viewer } from "../viewer/viewer";
import { Bar } from "./bar";
import { type Commands, runCommand } from "./commands";
import { EmptyPatches } from "./empties";
import { helpDialog } from "./help";
import type { Step } from "./history";
import { listenToKeys } from "./keyboard";
import { Labelling } from "./labelling";
import { LabelLayers } from "./layers";
import { LeftOutPatches } from "./leftOut";
import { LabelLoader } from "./loader";
import { paintStroke } from "./painter";
import { answerColours } from "./palette";
import { Panel } from "./panel";
import { type LabelData, panelState } from "./panelState";
import { ImageAnswers } from "./saving";

/** The label screen: joins the viewer, the answers, their saving and the controls around them. */
export class LabelScreen {
  readonly #root: HTMLElement;
  readonly #data: LabelData;
  readonly #work: Work = work();
  readonly #labelling: Labelling;
  readonly #layers: LabelLayers;
  readonly #empties: EmptyPatches;
  readonly #leftOut: LeftOutPatches;
  readonly #given: ImageAnswers;
  readonly #history: StepHistory<Step>;
  readonly #panel: Panel;
  readonly #bar: Bar;
  readonly #help = helpDialog();
  readonly #loader: LabelLoader;
  readonly #hide: HTMLButtonElement;
  #desk: Desk | null = null;

  constructor(root: HTMLElement, data: LabelData) {
    this.#root = root;
    this.#data = data;
    const { image } = data;
    const colours = answerColours();
    const grid = new Grid(image.height, image.width, image.patch_size, image.overlap);
    this.#given = new ImageAnswers(image, grid, data.user, data.database, (state) =>
      this.#saved(state),
    );
    const scope = `${data.user}:image ${image.id}:${image.patch_size}:${image.overlap}`;
    this.#history = new StepHistory(scope, data.database);
    this.#labelling = new Labelling(
      grid,
      {
        changed: () => this.#update(),
        given: (structure, codes, undoing) => this.#given.give(structure, codes, undoing),
        pending: (structure) => this.#given.pending(structure),
      },
      this.#history,
    );
    this.#loader = new LabelLoader(image, this.#labelling);
    this.#layers = new LabelLayers(this.#labelling, colours);
    const changed = (): void => this.#viewer?.invalidate();
    const say = (text: string): void => this.#work.say(text);
    const shown = { changed, say };
    this.#leftOut = new LeftOutPatches(image.id, this.#labelling, data.readOnly, shown);
    this.#empties = new EmptyPatches(image.id, this.#labelling, data.readOnly, {
      ...shown,
      leaveOut: (indices) => void this.#leftOut.change(indices, true),
    });
    this.#panel = new Panel(
      image.dataset,
      data.structures,
      {
        choose: (structure) => void this.#choose(structure),
        brush: (answer) => this.#setBrush(answer),
        restNo: () => this.#restNo(),
        undo: () => this.#undo(),
        redo: () => this.#redo(),
      },
      colours,
    );
    this.#bar = new Bar(image, {
      retry: () => this.#queue.retry(),
      discard: () => this.#discard(),
      help: () => this.#help.showModal(),
    });
    const hide = (): void => this.#toggleHidden();
    this.#hide = iconButton("eye", "Hide the answers (H)", hide, "btn btn-sm btn-dark");
  }

  async open(): Promise<Viewer> {
    this.#work.bar.append(...this.#bar.elements);
    this.#work.side.append(this.#panel.element, this.#empties.element, this.#leftOut.element);
    this.#root.replaceChildren(this.#work.element, this.#help);
    this.#desk = await Desk.open({
      work: this.#work,
      image: this.#data.image,
      dataset: this.#data.dataset,
      about: "The answers",
      tools: [this.#hide],
      events: {
        overlays: (frame) => [
          ...this.#empties.layers(),
          ...this.#leftOut.layers(),
          ...this.#layers.build(frame),
        ],
        hover: (at) => this.#hover(at),
        stroke: () => (this.#data.readOnly ? null : paintStroke(this.#labelling)),
      },
    });
    this.#work.side.append(this.#desk.panel.element);
    this.#listen(this.#desk);
    await this.#begin();
    return this.#desk.viewer;
  }

  async #begin(): Promise<void> {
    this.#saved({ kind: "saved" });
    const [resumed] = await Promise.all([
      this.#queue.open(),
      this.#history.open(),
      this.#leftOut.load(),
    ]);
    if (resumed > 0)
      this.#work.say(`${integer(resumed)} answers of your last visit are being saved now.`);
    const first = this.#data.structures[0];
    if (first) await this.#choose(first.id);
    this.#viewer?.canvas.focus();
    // The work does not wait for them.
    void this.#panel.examples.load().catch((error) => this.#work.say(messageOf(error)));
    await this.#viewer?.ready;
    this.#root.dataset.ready = "true";
    await Promise.all(this.#data.structures.map(({ id }) => this.#load(id)));
    // Only now: labels that were read before these answers arrived must not come after them.
    if (resumed > 0) this.#queue.retry();
  }

  async #choose(structure: number): Promise<void> {
    this.#labelling.choose(structure);
    this.#root.dataset.structure = String(structure);
    this.#viewer?.canvas.focus({ preventScroll: true });
    await this.#load(structure);
  }

  async #load(structure: number): Promise<void> {
    try {
      await this.#loader.load(structure);
    } catch (error) {
      this.#work.say(`The answers could not be loaded: ${messageOf(error)}`);
    }
  }

  get #viewer(): Viewer | undefined {
    return this.#desk?.viewer;
  }

  get #queue(): AnswerQueue {
    return this.#given.queue;
  }

  /** What the server does not take is given up; the screen then shows what the server has. */
  #discard(): void {
    const count = this.#queue.discardRefused();
    this.#work.say(`${integer(count)} answers were discarded.`);
    location.reload();
  }

  #listen(desk: Desk): void {
    const commands = this.#commands();
    listenToKeys({
      canvas: desk.viewer.canvas,
      dialog: this.#help,
      run: (asked) => runCommand(asked, commands, desk),
    });
    guardLeaving(this.#work.bar, this.#queue);
  }

  #commands(): Commands {
    const { selection } = this.#labelling;
    return {
      answer: (answer) => this.#answer(answer),
      move: (down, right, extend) => {
        selection.move(down, right, extend);
        this.#follow();
      },
      undo: () => this.#undo(),
      redo: () => this.#redo(),
      stepStructure: (by) => this.#stepStructure(by),
      nextOpen: () => this.#nextOpen(),
      toggleHidden: () => this.#toggleHidden(),
      help: () => this.#help.showModal(),
      goTo: (step) => this.#goTo(step),
      collapse: () => {
        selection.collapse();
        this.#update();
      },
    };
  }

  #answer(answer: Answer | null): void {
    if (this.#data.readOnly) return this.#work.say("You may look at this project, not answer.");
    this.#labelling.brush = answer;
    this.#labelling.answerSelection(answer);
    this.#follow();
  }

  #setBrush(answer: Answer | null): void {
    this.#labelling.brush = answer;
    this.#viewer?.canvas.focus({ preventScroll: true });
    this.#update();
  }

  #restNo(): void {
    const count = this.#labelling.answerOpen("no");
    this.#work.say(`${patches(count)} answered with no. Undo takes it back.`);
    this.#viewer?.canvas.focus({ preventScroll: true });
  }

  #undo(): void {
    this.#replayed(this.#labelling.undo(), "Undone");
  }

  #redo(): void {
    this.#replayed(this.#labelling.redo(), "Done again");
  }

  #replayed(step: { structure: number; changes: unknown[] } | null, word: string): void {
    if (!step) return;
    if (step.structure !== this.#labelling.structure) void this.#choose(step.structure);
    this.#work.say(`${word}: ${patches(step.changes.length)}.`);
  }

  #stepStructure(by: number): void {
    const { structures } = this.#data;
    const now = structures.findIndex(({ id }) => id === this.#labelling.structure);
    const next = structures[(now + by + structures.length) % structures.length];
    if (next) void this.#choose(next.id);
  }

  #nextOpen(): void {
    if (this.#labelling.focusNextOpen()) return this.#follow();
    this.#work.say("Every patch of this image has an answer.");
  }

  #goTo(step: 1 | -1): void {
    const { next, previous } = this.#data.image;
    const id = step === 1 ? next : previous;
    if (id === null)
      return this.#work.say(step === 1 ? "This is the last image." : "This is the first image.");
    void leaveFor(pages.label(id), this.#queue);
  }

  #toggleHidden(): void {
    this.#layers.hidden = !this.#layers.hidden;
    this.#hide.setAttribute("aria-pressed", String(this.#layers.hidden));
    this.#update();
  }

  #follow(): void {
    const { grid, selection } = this.#labelling;
    this.#viewer?.camera.reveal(grid.box(selection.focus));
    this.#update();
  }

  #hover(at: [number, number] | null): void {
    const { grid } = this.#labelling;
    const cell = at && grid.at(...at);
    this.#layers.pointer = cell;
    this.#desk?.readout.show(at, cell ? `patch ${cell.row + 1}, ${cell.column + 1}` : "");
    this.#viewer?.invalidate();
  }

  #saved(state: SaveState): void {
    this.#bar.saved(state);
    this.#root.dataset.saved = String(state.kind === "saved");
    this.#root.dataset.unsavedCount = String(this.#queue.unsent);
  }

  #update(): void {
    const { structures, readOnly } = this.#data;
    const state = panelState(this.#labelling, this.#loader, structures, readOnly);
    const { counts } = state;
    this.#panel.update(state);
    this.#empties.update();
    this.#leftOut.update();
    this.#bar.progress(counts.answered, counts.answered + counts.open);
    const { row, column } = this.#labelling.selection.focus;
    this.#root.dataset.focus = `${row},${column}`;
    this.#root.dataset.counts = `${counts.yes},${counts.no},${counts.unsure}`;
    this.#viewer?.invalidate();
  }
}
