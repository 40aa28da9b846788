import type { Answer } from "../api/types";
import type { AnswerColours } from "../label/palette";
import { h } from "../ui/dom";
import { CellBrush } from "./brush";
import { Cells } from "./cells";
import { Layout, type Rectangle } from "./layout";
import type { Pictures } from "./pictures";
import type { GallerySelection } from "./selection";
import type { Item } from "./types";

/** What the stage shows; it asks anew for every frame. */
export interface Scene {
  items: () => readonly Item[];
  /** How many there will be once all are loaded. */
  total: () => number;
  selection: GallerySelection;
  suggestion: (item: Item) => Answer | null;
  words: (index: number) => string;
  /** Patches up to this number are about to be seen. */
  near: (end: number) => void;
}

const READERS_WAIT_MS = 120;

/** The patches on one canvas under a list that scrolls: only what is in sight is drawn. */
export class Stage {
  readonly element: HTMLElement;
  readonly grid: HTMLElement;
  readonly #canvas = h("canvas", { class: "gallery-canvas", attrs: { "aria-hidden": "true" } });
  readonly #spacer = h("div", { class: "gallery-spacer", attrs: { role: "presentation" } });
  readonly #live = h("div", { class: "visually-hidden", attrs: { "aria-live": "polite" } });
  readonly #scene: Scene;
  readonly #pictures: Pictures;
  readonly #pen: CanvasRenderingContext2D;
  readonly #brush: CellBrush;
  readonly #cells: Cells;
  #perScreen = 120;
  #layout = new Layout({ width: 1, height: 1 }, 1);
  #frame = 0;
  #readers: ReturnType<typeof setTimeout> | undefined;
  /** Drawn over the patches: the rectangle of a drag, in px of the list. */
  drag: Rectangle | null = null;
  look = "";

  constructor(scene: Scene, pictures: Pictures, colours: AnswerColours) {
    this.#scene = scene;
    this.#pictures = pictures;
    const pen = this.#canvas.getContext("2d", { alpha: false });
    if (!pen) throw new Error("This browser cannot draw on a canvas.");
    this.#pen = pen;
    this.#brush = new CellBrush(pen, colours);
    const label =
      "Patches. Arrows move, 1 is yes, 2 is no, 3 is unsure, question mark lists all keys.";
    this.grid = h(
      "div",
      {
        class: "gallery-grid",
        attrs: { role: "grid", tabindex: 0, "aria-label": label, "aria-multiselectable": "true" },
      },
      this.#spacer,
    );
    this.#cells = new Cells(this.grid);
    this.element = h("div", { class: "gallery-stage" }, this.#canvas, this.grid, this.#live);
    this.grid.addEventListener("scroll", () => this.invalidate(), { passive: true });
    new ResizeObserver(() => this.resize()).observe(this.grid);
  }

  get layout(): Layout {
    return this.#layout;
  }

  get scroll(): number {
    return this.grid.scrollTop;
  }

  get perScreen(): number {
    return this.#perScreen;
  }

  set perScreen(count: number) {
    this.#perScreen = count;
    this.resize();
  }

  /** The stage or the list has another size: the patch with the focus stays in sight. */
  resize(): void {
    const { clientWidth, clientHeight } = this.grid;
    if (clientWidth === 0) return;
    const dots = window.devicePixelRatio || 1;
    this.#layout = new Layout({ width: clientWidth, height: clientHeight }, this.#perScreen);
    const [width, height] = [Math.round(clientWidth * dots), Math.round(clientHeight * dots)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#pen.setTransform(dots, 0, 0, dots, 0, 0);
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

  toTop(): void {
    this.grid.scrollTop = 0;
  }

  /** Screens are turned as pages are: the row with the patch comes to the top when it was out of sight below. */
  reveal(index: number): boolean {
    const { cell, rows, columns } = this.#layout;
    const row = Math.floor(index / columns);
    const top = Math.round(this.scroll / cell);
    if (row >= top && row < top + rows) return false;
    this.grid.scrollTop = (row < top ? Math.max(0, row - rows + 1) : row) * cell;
    this.draw();
    return true;
  }

  turn(by: 1 | -1): number {
    const { cell, rows, columns } = this.#layout;
    const last = Math.max(0, Math.ceil(this.#scene.total() / columns) - 1);
    const row = Math.max(0, Math.min(last, Math.round(this.scroll / cell) + by * rows));
    this.grid.scrollTop = row * cell;
    this.draw();
    return row * columns;
  }

  screen(): [first: number, end: number] {
    const [first, end] = this.#layout.screen(this.scroll);
    return [first, Math.min(end, this.#scene.items().length)];
  }

  /** Asks for a new frame; however often it is called, one is drawn. */
  invalidate(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { width, height } = this.#layout.canvas;
    this.#pen.fillStyle = "#0a0b0b";
    this.#pen.fillRect(0, 0, width, height);
    const [first, end] = this.#layout.inSight(this.scroll);
    const count = this.#scene.items().length;
    for (let index = first; index < end && index < count; index += 1) this.#cell(index);
    // The focus over its neighbours.
    this.#cell(this.#scene.selection.focus);
    this.#dragged();
    this.#prefetch(first, end);
    clearTimeout(this.#readers);
    this.#readers = setTimeout(() => this.#tellReaders(), READERS_WAIT_MS);
    this.element.dataset.drawn = String(this.#pictures.has(first, Math.min(end, count)));
  }

  /** Draws some patches at once, without waiting for the next frame. */
  drawSome(indices: Iterable<number>): void {
    if (this.#frame) return this.draw();
    for (const index of new Set(indices)) {
      const { x, y, width, height } = this.#layout.box(index);
      this.#pen.fillStyle = "#0a0b0b";
      this.#pen.fillRect(x - 2, y - 2 - this.scroll, width + 4, height + 4);
      this.#cell(index);
    }
    clearTimeout(this.#readers);
    this.#readers = setTimeout(() => this.#tellReaders(), READERS_WAIT_MS);
  }

  #cell(index: number): void {
    const item = this.#scene.items()[index];
    if (!item) return;
    const box = this.#layout.box(index);
    const at = { ...box, y: box.y - this.scroll };
    const { selection } = this.#scene;
    this.#brush.draw(at, {
      item,
      part: this.#pictures.part(index),
      focus: index === selection.focus,
      selected: selection.has(index),
      suggestion: this.#scene.suggestion(item),
    });
  }

  #dragged(): void {
    if (!this.drag) return;
    const { x, y, width, height } = this.drag;
    this.#pen.fillStyle = "rgb(255 255 255 / 12%)";
    this.#pen.strokeStyle = "#ffffff";
    this.#pen.lineWidth = 1;
    this.#pen.fillRect(x, y - this.scroll, width, height);
    this.#pen.strokeRect(x, y - this.scroll, width, height);
  }

  /** This screen, the next, the one before, in this order. */
  #prefetch(first: number, end: number): void {
    const { perScreen } = this.#layout;
    this.#scene.near(end + 2 * perScreen);
    this.#pictures.want([
      [first, end],
      [end, end + perScreen],
      [first - perScreen, first],
    ]);
  }

  #tellReaders(): void {
    const { selection } = this.#scene;
    const [first] = this.#layout.screen(this.scroll);
    this.#cells.show(this.#layout, first, this.#scene.items().length, (index) => ({
      label: this.#scene.words(index),
      selected: selection.has(index),
    }));
    const focused = this.#scene.items().length > 0 ? this.#scene.words(selection.focus) : "";
    this.#cells.focus(selection.focus, this.#live, focused);
  }

  /** The patch under a point of the window, and that point in px of the list. */
  at(event: MouseEvent): { index: number; point: [number, number] } {
    const box = this.grid.getBoundingClientRect();
    const point: [number, number] = [
      event.clientX - box.left,
      event.clientY - box.top + this.scroll,
    ];
    return { index: this.#layout.at(...point), point };
  }

  /** Where a patch lies in the window, for tests and pop-ups. */
  clientBox(index: number): Rectangle {
    const box = this.#layout.box(index);
    const { left, top } = this.grid.getBoundingClientRect();
    return { ...box, x: box.x + left, y: box.y + top - this.scroll };
  }
}
