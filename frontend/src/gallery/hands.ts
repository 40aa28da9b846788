import { codeOf } from "../answers/code";
import { WORDS } from "../answers/palette";
import { messageOf } from "../api/client";
import type { Answer } from "../api/types";
import { patches } from "../ui/format";
import { Turns } from "../ui/turns";
import type { GalleryStep } from "./answering";
import { type Desk, isOpen, openOnScreen, suggestedOnScreen } from "./desk";
import { leaveOut } from "./leavingOut";
import type { Item } from "./types";

/** All that changes answers. What changed is painted within the event, everything else comes after. */
export class Hands {
  readonly #desk: Desk;
  readonly #choose: (structure: number) => Promise<void>;
  /** Undo means what was done before it, also while the server has yet to answer. */
  readonly #turns = new Turns();

  constructor(desk: Desk, choose: (structure: number) => Promise<void>) {
    this.#desk = desk;
    this.#choose = choose;
  }

  get brush(): Answer | null {
    return this.#desk.brush;
  }

  /** A key answered: one patch goes on to the next, a selection stays. */
  answer(answer: Answer | null): void {
    const { selection, answering, say } = this.#desk;
    this.#desk.brush = answer;
    const { many, focus } = selection;
    const changed = answering.give(selection.indices(), () => answer);
    if (many) {
      say(`${patches(changed.length)}: ${answer ? WORDS[answer] : "cleared"}.`);
      return this.#show(changed);
    }
    this.#advance(focus);
    this.#show([...changed, focus]);
  }

  #advance(from: number): void {
    const { list, selection, say } = this.#desk;
    const { length } = list.items;
    // To what has yet to come, but not beyond: a key means nothing until it is here.
    const coming = from + 1 === length && !list.complete;
    if (coming) list.pass();
    if (from + 1 < length || coming) selection.set(from + 1);
    else if (list.complete) say("This is the last patch.");
  }

  click(index: number, answer: Answer | null): void {
    const { selection, list, answering, stage } = this.#desk;
    const before = selection.focus;
    const had = selection.many;
    selection.set(index);
    const item = list.items[index];
    // A second click takes the answer back, unless a manager waits to hear it again.
    const same = item?.code === codeOf(answer) && !answering.isSentBack(item);
    const changed = answering.give([index], () => (same ? null : answer));
    if (had) stage.draw();
    this.#show([...changed, before, index]);
  }

  restNo(): void {
    const { answering, say } = this.#desk;
    const changed = answering.give(openOnScreen(this.#desk), () => "no");
    if (changed.length === 0) return say("Nothing on this screen is open.");
    // Here the next ones come to the same screen: a key is about them, and not about what is answered.
    if (this.#desk.list.portion !== null) this.#toWhatIsOpen();
    say(`${patches(changed.length)} answered with no. Undo takes it back.`);
    this.#show(changed);
  }

  #toWhatIsOpen(): void {
    const { list, selection, stage } = this.#desk;
    const [first] = stage.screen();
    const open = list.items.findIndex((item, index) => index >= first && isOpen(item));
    if (open < 0 && !list.complete) list.pass();
    if (open >= 0 || !list.complete) selection.set(open >= 0 ? open : list.items.length);
  }

  accept(): void {
    const { list, suggestions, answering, say } = this.#desk;
    const changed = answering.give(suggestedOnScreen(this.#desk), (index) => {
      const item = list.items[index];
      return item ? suggestions.of(item) : null;
    });
    say(`${patches(changed.length)} answered as suggested. Undo takes it back.`);
    this.#show(changed);
  }

  #show(changed: readonly number[]): void {
    const { selection, stage, watch } = this.#desk;
    if (stage.reveal(selection.focus)) watch.shown();
    else stage.drawSome([...changed, selection.focus]);
    this.#desk.changed();
  }

  /** Nobody is asked about the selected patches any more; where that is so of all, they are asked about again. */
  async leaveOut(): Promise<void> {
    const { list, selection } = this.#desk;
    const items = selection.indices().flatMap((index) => list.items[index] ?? []);
    const { structure } = list;
    // At once, as with an answer: the next key is about the next patch, however slow the line is.
    if (!selection.many) this.#advance(selection.focus);
    this.#redraw();
    await this.#turns.take(() => this.#switch(items, structure));
  }

  async #switch(items: readonly Item[], structure: number): Promise<void> {
    const { say, answering } = this.#desk;
    const out = !items.every((item) => item.out);
    const changed = items.filter((item) => item.out !== out);
    if (changed.length === 0 || !(await this.#left(changed, out))) return;
    answering.noted(structure, changed, out);
    say(`${patches(changed.length)} ${out ? "left out" : "asked about again"}.`);
    this.#redraw();
  }

  async #left(places: readonly Item[] | GalleryStep["changes"], out: boolean): Promise<boolean> {
    const { list, say } = this.#desk;
    try {
      await leaveOut(places, out, list);
      return true;
    } catch (error) {
      say(`Not all patches were changed: ${messageOf(error)}`);
      this.#redraw();
      return false;
    }
  }

  #redraw(): void {
    const { selection, stage } = this.#desk;
    if (!stage.reveal(selection.focus)) stage.draw();
    this.#desk.changed();
  }

  async undo(): Promise<void> {
    await this.#turns.take(() => this.#replayed(this.#desk.answering.undo(), false));
  }

  async redo(): Promise<void> {
    await this.#turns.take(() => this.#replayed(this.#desk.answering.redo(), true));
  }

  async #replayed(step: GalleryStep | null, again: boolean): Promise<void> {
    if (!step) return;
    const { list, selection, say, answering } = this.#desk;
    if (step.structure !== list.structure) await this.#choose(step.structure);
    if (step.out !== undefined && !(await this.#left(step.changes, step.out === again))) {
      // The server has not changed, so the history goes back too.
      void (again ? answering.undo() : answering.redo());
      return;
    }
    const first = step.changes[0];
    const index = first ? list.index(first) : null;
    if (index !== null) selection.set(index);
    say(`${again ? "Done again" : "Undone"}: ${patches(step.changes.length)}.`);
    this.#redraw();
  }
}
