import { WORDS } from "../answers/palette";
import { messageOf } from "../api/client";
import type { Answer, Image, Structure } from "../api/types";
import { leaveFor } from "../saving/leaving";
import type { AnswerQueue } from "../saving/queue";
import { patches } from "../ui/format";
import { pages } from "../ui/pages";
import type { Desk } from "../viewer/desk";
import type { ViewCommand } from "../viewer/keys";
import type { Alike } from "./alike";
import { CloseUp } from "./closeUp";
import type { Hints } from "./hints";
import type { Step } from "./history";
import type { Labelling } from "./labelling";
import type { LeftOutPatches } from "./leftOut";
import type { Commands } from "./run";
import { inSight } from "./sight";

/** What the acts of a person work on. */
export interface Acted {
  image: Image;
  structures: readonly Structure[];
  readOnly: boolean;
  /** Whether this person may see what a model expects. */
  scores: boolean;
  labelling: Labelling;
  leftOut: LeftOutPatches;
  hints: Hints;
  alike: Alike;
  queue: AnswerQueue;
  desk: () => Desk | null;
  choose: (structure: number) => Promise<void>;
  toggleHidden: () => void;
  update: () => void;
  say: (text: string) => void;
  help: () => void;
}

const MAY_NOT = "You may look at this project, not answer.";
const NOT_YET = "Nothing was answered: your earlier answers are still being loaded.";
const BLIND = "This project is blind: its managers alone see what a model expects.";

/** What a person can do on the label screen, by key, button or finger. */
export class LabelActs implements Commands {
  readonly #on: Acted;
  readonly #closeUp = new CloseUp();

  constructor(on: Acted) {
    this.#on = on;
  }

  get brush(): Answer | null {
    return this.#on.labelling.brush;
  }

  answer(answer: Answer | null): void {
    const { labelling, readOnly, say } = this.#on;
    if (readOnly) return say(MAY_NOT);
    if (!labelling.ready) return say(NOT_YET);
    labelling.brush = answer;
    const many = labelling.selection.many;
    const changed = labelling.answerSelection(answer);
    if (many) say(`${patches(changed)}: ${answer ? WORDS[answer] : "cleared"}.`);
    this.#follow();
  }

  setBrush(answer: Answer | null): void {
    this.#on.labelling.brush = answer;
    this.#focusImage();
    this.#on.update();
  }

  restNo(all = false): void {
    const { labelling, readOnly, say } = this.#on;
    if (readOnly) return say(MAY_NOT);
    const count = labelling.answerOpen("no", all ? undefined : this.inSight());
    say(`${patches(count)} answered with no. Undo takes it back.`);
    this.#focusImage();
  }

  /** The patches on the screen. */
  inSight(): number[] {
    const viewer = this.#on.desk()?.viewer;
    return viewer ? inSight(this.#on.labelling.grid, viewer.view, viewer.size) : [];
  }

  move(down: number, right: number, extend: boolean): void {
    this.#on.labelling.selection.move(down, right, extend);
    this.#follow();
  }

  selectInSight(invert: boolean): void {
    const { selection } = this.#on.labelling;
    if (invert) selection.invert(this.inSight());
    else selection.choose(this.inSight());
    this.#on.update();
  }

  alike(more: boolean): void {
    const { alike, say, update } = this.#on;
    alike
      .grow(more)
      .then((count) => {
        if (count !== null) say(`${patches(count)} around this one look alike.`);
      })
      .catch((error: unknown) => say(messageOf(error)))
      .finally(update);
  }

  nextOpen(): void {
    if (this.#on.labelling.focusNextOpen()) return this.#follow();
    this.#on.say("Every patch of this image has an answer.");
  }

  undo(): void {
    const { labelling, leftOut } = this.#on;
    void leftOut.turns.take(() => this.#replayed(labelling.undo(), true));
  }

  redo(): void {
    const { labelling, leftOut } = this.#on;
    void leftOut.turns.take(() => this.#replayed(labelling.redo(), false));
  }

  async #replayed(step: Step | null, undone: boolean): Promise<void> {
    const { labelling, say, choose } = this.#on;
    if (!step) return;
    if ("leftOut" in step) return this.#leaveOutAgain(step.changes, step.leftOut, undone);
    if (step.structure !== labelling.structure) void choose(step.structure);
    say(`${undone ? "Undone" : "Done again"}: ${patches(step.changes.length)}.`);
  }

  async #leaveOutAgain(changes: number[], out: boolean, undone: boolean): Promise<void> {
    const done = await this.#on.leftOut.replay(changes, undone ? !out : out);
    if (done === null) this.#on.labelling.revert(undone);
  }

  stepStructure(by: 1 | -1): void {
    const { structures, labelling, choose } = this.#on;
    const now = structures.findIndex(({ id }) => id === labelling.structure);
    const next = structures[(now + by + structures.length) % structures.length];
    if (next) void choose(next.id);
  }

  peek(): void {
    const viewer = this.#on.desk()?.viewer;
    const { grid, selection } = this.#on.labelling;
    if (!viewer) return;
    this.#closeUp.toggle(viewer.camera, grid, selection.focus, viewer.size);
    this.#on.update();
  }

  threshold(by: 1 | -1): void {
    const { hints, scores, say, update } = this.#on;
    if (!scores) return say(BLIND);
    hints.suggestions.on = true;
    hints.suggestions.move(by);
    say(`Suggested from a score of ${hints.suggestions.threshold.toFixed(2)} on.`);
    void hints.load();
    update();
  }

  accept(): void {
    const { hints, labelling, readOnly, scores, say } = this.#on;
    if (readOnly || !scores) return say(readOnly ? MAY_NOT : BLIND);
    const count = labelling.answerEach(hints.among(this.inSight()));
    say(`${patches(count)} answered as suggested. Undo takes it back.`);
    this.#focusImage();
  }

  leaveOut(): void {
    if (this.#on.readOnly) return this.#on.say(MAY_NOT);
    void this.#on.leftOut.switchSelected();
  }

  toggleHidden(): void {
    this.#on.toggleHidden();
  }

  goTo(step: 1 | -1): void {
    const { next, previous } = this.#on.image;
    const id = step === 1 ? next : previous;
    if (id !== null) return void leaveFor(pages.label(id), this.#on.queue);
    this.#on.say(step === 1 ? "This is the last image." : "This is the first image.");
  }

  collapse(): void {
    this.#on.labelling.selection.collapse();
    this.#on.update();
  }

  help(): void {
    this.#on.help();
  }

  look(asked: ViewCommand): void {
    this.#on.desk()?.run(asked);
  }

  /** Brings the focus into sight. */
  #follow(): void {
    const { grid, selection } = this.#on.labelling;
    this.#on.desk()?.viewer.camera.reveal(grid.box(selection.focus));
    this.#on.update();
  }

  /** To a patch, in sight. */
  visit(row: number, column: number): void {
    this.#on.labelling.selection.set({ row, column });
    this.#focusImage();
    this.#follow();
  }

  #focusImage(): void {
    this.#on.desk()?.viewer.canvas.focus({ preventScroll: true });
  }
}
