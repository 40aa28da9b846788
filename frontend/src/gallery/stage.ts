import { h, setText } from "../ui/dom";
import { type CellLook, Cells } from "./cells";
import { Layout, type Rectangle } from "./layout";
import type { Part, Pictures } from "./pictures";
import { keptScreen } from "./screenSize";
import type { GallerySelection } from "./selection";
import { bringSigns } from "./signs";
import type { Item } from "./types";

/** What the stage shows; it asks anew for every frame. */
export interface Scene {
  items: () => readonly Item[];
  /** How many one can scroll to: what is not here yet will be, once it is in sight. */
  total: () => number;
  /** What stands below the last patch. */
  note: () => string;
  selection: GallerySelection;
  look: (index: number, part: Part | null) => CellLook;
  /** The screen that ends with this patch is in sight. */
  near: (end: number) => void;
}

const READERS_WAIT_MS = 120;
/** What somebody does is about what they see: it may come before the event of the scrolling. */
const ACTS = ["keydown", "click"];

/** The patches in a list that scrolls: only what is in sight exists. */
export class Stage {
  readonly element: HTMLElement;
  readonly grid: HTMLElement;
  readonly #spacer = h("div", { class: "gallery-spacer", attrs: { role: "presentation" } });
  readonly #drag = h("div", { class: "gallery-drag", attrs: { role: "presentation" } });
  readonly #live = h("div", { class: "visually-hidden", attrs: { "aria-live": "polite" } });
  readonly #note = h("p", { class: "gallery-note" });
  readonly #scene: Scene;
  readonly #pictures: Pictures;
  readonly #cells: Cells;
  #perScreen = keptScreen();
  #layout = new Layout({ width: 1, height: 1 }, 1);
  #frame = 0;
  #scroll = 0;
  /** Whether the next frame looks at every patch, or at those alone that were scrolled into sight. */
  #stale = true;
  #readers: ReturnType<typeof setTimeout> | undefined;
  look = "";

  constructor(scene: Scene, pictures: Pictures) {
    this.#scene = scene;
    this.#pictures = pictures;
    const label =
      "Patches. Arrows move, 1 is yes, 2 is no, 3 is unsure, question mark lists all keys.";
    const attrs = {
      role: "grid",
      tabindex: 0,
      "aria-label": label,
      "aria-multiselectable": "true",
    };
    this.grid = h("div", { class: "gallery-grid", attrs }, this.#spacer, this.#drag);
    this.#cells = new Cells(this.grid);
    this.element = h("div", { class: "gallery-stage" }, this.grid, this.#note, this.#live);
    this.drag = null;
    void bringSigns(this.grid);
    this.grid.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    for (const act of ACTS) window.addEventListener(act, () => this.#catchUp(), { capture: true });
    new ResizeObserver(() => this.resize()).observe(this.grid);
  }

  get layout(): Layout {
    return this.#layout;
  }

  /** As of the last event or act: asking the browser would have it lay out the page in the midst of a change. */
  get scroll(): number {
    return this.#scroll;
  }

  set scroll(to: number) {
    this.grid.scrollTop = to;
    this.#scroll = this.grid.scrollTop;
  }

  #scrolled(): void {
    this.#scroll = this.grid.scrollTop;
    this.#ask();
  }

  #catchUp(): void {
    if (this.grid.scrollTop !== this.#scroll) this.#scrolled();
  }

  get perScreen(): number {
    return this.#perScreen;
  }

  set perScreen(count: number) {
    this.#perScreen = count;
    this.resize();
  }

  /** Over the patches: the rectangle of a drag, in px of the list. */
  set drag(at: Rectangle | null) {
    this.#drag.hidden = at === null;
    if (!at) return;
    const { style } = this.#drag;
    style.transform = `translate(${at.x}px, ${at.y}px)`;
    style.width = `${at.width}px`;
    style.height = `${at.height}px`;
  }

  /** The stage or the list has another size: the patch with the focus stays in sight. */
  resize(): void {
    const { clientWidth, clientHeight } = this.grid;
    if (clientWidth === 0) return;
    this.#layout = new Layout({ width: clientWidth, height: clientHeight }, this.#perScreen);
    this.renew();
    this.reveal(this.#scene.selection.focus);
  }

  /** Other patches, or patches of another size. */
  renew(): void {
    const dots = window.devicePixelRatio || 1;
    this.#pictures.reset(this.#scene.items(), this.#layout.cell * dots, this.look);
    this.#spacer.style.height = `${this.#layout.height(this.#scene.total())}px`;
    this.invalidate();
  }

  /** From here on there will be other patches. */
  cut(end: number): void {
    this.#pictures.cut(end);
  }

  toTop(): void {
    this.scroll = 0;
  }

  /** Screens are turned as pages are: the row with the patch comes to the top when it was out of sight below. */
  reveal(index: number): boolean {
    const { cell, rows, columns } = this.#layout;
    const row = Math.floor(index / columns);
    const top = Math.round(this.scroll / cell);
    if (row >= top && row < top + rows) return false;
    this.scroll = (row < top ? Math.max(0, row - rows + 1) : row) * cell;
    this.draw();
    return true;
  }

  turn(by: 1 | -1): number {
    const { cell, rows, columns } = this.#layout;
    const last = Math.max(0, Math.ceil(this.#scene.total() / columns) - 1);
    const row = Math.max(0, Math.min(last, Math.round(this.scroll / cell) + by * rows));
    this.scroll = row * cell;
    return row * columns;
  }

  screen(): [first: number, end: number] {
    const [first, end] = this.#layout.screen(this.scroll);
    return [first, Math.min(end, this.#scene.items().length)];
  }

  /** Asks for a new frame; however often it is called, one is drawn. */
  invalidate(): void {
    this.#stale = true;
    this.#ask();
  }

  #ask(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  draw(): void {
    this.#stale = true;
    this.#draw();
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const count = this.#scene.items().length;
    const come = this.#cells.place(this.#layout, this.scroll, count);
    for (const index of this.#stale ? this.#cells.all() : come) this.#cells.show(index, this.#look);
    this.#stale = false;
    this.#placeNote(count);
    this.#prefetch(...this.#layout.inSight(this.scroll));
    this.#tellReaders();
    this.#tellDrawn();
  }

  #placeNote(count: number): void {
    const below = this.#layout.box(Math.max(0, count - 1)).y + this.#layout.cell;
    setText(this.#note, this.#scene.note());
    this.#note.style.transform = `translateY(${below - this.#scroll}px)`;
  }

  /** For tests: whether all that is in sight has its picture. */
  #tellDrawn(): void {
    const [first, end] = this.#layout.inSight(this.scroll);
    const count = this.#scene.items().length;
    const here = count >= Math.min(this.#layout.screen(this.scroll)[1], this.#scene.total());
    const drawn = here && this.#pictures.has(first, Math.min(end, count));
    this.element.dataset.drawn = String(drawn);
  }

  /** Shows some patches anew, at once and without a look at the others. */
  drawSome(indices: Iterable<number>): void {
    if (this.#frame) this.#draw();
    for (const index of new Set(indices)) this.#cells.show(index, this.#look);
    this.#tellReaders();
  }

  /** The pictures of these patches are here. */
  arrived(first: number, end: number): void {
    for (let index = first; index < end; index += 1) this.#cells.show(index, this.#look);
    this.#tellDrawn();
  }

  #look = (index: number): CellLook => this.#scene.look(index, this.#pictures.part(index));

  /** This screen, the next, the one before, in this order. */
  #prefetch(first: number, end: number): void {
    const { perScreen } = this.#layout;
    this.#scene.near(end);
    this.#pictures.want([
      [first, end],
      [end, end + perScreen],
      [first - perScreen, first],
    ]);
  }

  /** Once somebody stays: a reader that has not finished one patch need not begin the next. */
  #tellReaders(): void {
    const { selection } = this.#scene;
    this.#cells.focus(selection.focus, this.#scene.items().length);
    clearTimeout(this.#readers);
    this.#readers = setTimeout(() => {
      const there = selection.focus < this.#scene.items().length;
      setText(this.#live, there ? this.#look(selection.focus).label : "");
    }, READERS_WAIT_MS);
  }

  /** The patch under a point of the window, and that point in px of the list. */
  at(event: MouseEvent): { index: number; point: [number, number] } {
    // A press may come before the event of the scrolling that somebody already sees.
    this.#catchUp();
    const { left, top } = this.grid.getBoundingClientRect();
    const point: [number, number] = [event.clientX - left, event.clientY - top + this.#scroll];
    return { index: this.#layout.at(...point), point };
  }

  /** Where a patch lies in the window, for tests and pop-ups. */
  clientBox(index: number): Rectangle {
    const box = this.#layout.box(index);
    const { left, top } = this.grid.getBoundingClientRect();
    return { ...box, x: box.x + left, y: box.y + top - this.grid.scrollTop };
  }
}
