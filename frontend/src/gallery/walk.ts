import { type Desk, nextOpen, onScreen } from "./desk";

/** Moving among the patches, and selecting several. */
export class Walk {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  move(down: number, right: number, extend: boolean): void {
    const { list, selection, stage, watch, changed } = this.#desk;
    const before = selection.focus;
    const had = selection.many;
    const to = before + down * stage.layout.columns + right;
    if (to < 0 || to >= list.items.length) return;
    if (extend) selection.extendTo(to);
    else selection.set(to);
    if (stage.reveal(to)) watch.shown();
    else if (had || extend) stage.draw();
    else stage.drawSome([before, to]);
    changed();
  }

  turn(by: 1 | -1): void {
    const { list, selection, stage, watch, changed } = this.#desk;
    if (by === 1 && this.#atEndOfPortion()) return this.#ask();
    const first = stage.turn(by);
    // What has yet to come is not answered before it is seen, and nothing else in its place.
    selection.set(list.complete ? Math.min(first, Math.max(0, list.items.length - 1)) : first);
    stage.draw();
    watch.shown();
    changed();
  }

  /** What comes next depends on answers, and all that is here is in sight. */
  #atEndOfPortion(): boolean {
    const { list, stage } = this.#desk;
    return list.portion !== null && !list.complete && stage.screen()[1] >= list.items.length;
  }

  /** Somebody passes over what is here. */
  #ask(): void {
    const { list, selection, stage, changed } = this.#desk;
    selection.set(list.items.length);
    list.pass();
    stage.draw();
    changed();
  }

  nextOpen(): void {
    const next = nextOpen(this.#desk);
    if (next === null) return this.#desk.say("No later patch is without an answer.");
    this.select(() => this.#desk.selection.set(next));
    this.#desk.stage.reveal(next);
  }

  selectScreen(invert: boolean): void {
    const { selection } = this.#desk;
    const all = onScreen(this.#desk);
    this.select(() => (invert ? selection.invert(all) : selection.choose(all)));
  }

  collapse(): void {
    this.select(() => this.#desk.selection.collapse());
  }

  select(change: () => void): void {
    change();
    this.#desk.stage.draw();
    this.#desk.changed();
  }
}
