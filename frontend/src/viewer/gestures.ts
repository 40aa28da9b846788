/** Turns pointer and wheel events on a canvas into pans, zooms and tool strokes. */

export interface Stroke {
  down(left: number, top: number, event: PointerEvent): void;
  move(left: number, top: number): void;
  up(): void;
  /** A second finger came down: what was begun was not meant. */
  cancel(): void;
}

export interface GestureTarget {
  pan(right: number, down: number): void;
  zoom(at: [number, number], by: number): void;
  hover(at: [number, number] | null): void;
  /** What a plain left drag does; null lets it pan. */
  stroke(): Stroke | null;
}

type Point = [number, number];

const WHEEL_STEP = 0.0022;

export class Gestures {
  readonly #canvas: HTMLElement;
  readonly #target: GestureTarget;
  readonly #pointers = new Map<number, Point>();
  #mode: "idle" | "pan" | "stroke" | "pinch" = "idle";
  #stroke: Stroke | null = null;
  #space = false;

  constructor(canvas: HTMLElement, target: GestureTarget, signal: AbortSignal) {
    this.#canvas = canvas;
    this.#target = target;
    const listen = { signal };
    canvas.addEventListener("pointerdown", (event) => this.#down(event), listen);
    canvas.addEventListener("pointermove", (event) => this.#move(event), listen);
    canvas.addEventListener("pointerup", (event) => this.#up(event), listen);
    canvas.addEventListener("pointercancel", (event) => this.#up(event), listen);
    canvas.addEventListener("pointerleave", () => target.hover(null), listen);
    canvas.addEventListener("contextmenu", (event) => event.preventDefault(), listen);
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false, signal });
    window.addEventListener("keydown", (event) => this.#key(event, true), listen);
    window.addEventListener("keyup", (event) => this.#key(event, false), listen);
  }

  #at(event: MouseEvent): Point {
    const box = this.#canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #key(event: KeyboardEvent, down: boolean): void {
    if (event.code !== "Space" || event.target instanceof HTMLButtonElement) return;
    this.#space = down;
    this.#canvas.classList.toggle("viewer-panning", down);
    if (event.target === this.#canvas) event.preventDefault();
  }

  #down(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
    if (event.button === 1) event.preventDefault();
    if (this.#pointers.size === 2) return this.#beginPinch();
    if (this.#pointers.size > 2) return;
    const stroke = event.button === 0 && !this.#space ? this.#target.stroke() : null;
    this.#stroke = stroke;
    this.#mode = stroke ? "stroke" : "pan";
    stroke?.down(...this.#at(event), event);
  }

  #beginPinch(): void {
    this.#stroke?.cancel();
    this.#stroke = null;
    this.#mode = "pinch";
  }

  #move(event: PointerEvent): void {
    const now = this.#at(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before || this.#mode === "idle") return this.#target.hover(now);
    if (this.#mode === "pinch") this.#pinch(event.pointerId, before, now);
    this.#pointers.set(event.pointerId, now);
    if (this.#mode === "pan") this.#target.pan(now[0] - before[0], now[1] - before[1]);
    if (this.#mode === "stroke") this.#stroke?.move(...now);
    this.#target.hover(now);
  }

  #pinch(id: number, before: Point, now: Point): void {
    const other = [...this.#pointers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const apart = (point: Point) =>
      Math.max(1, Math.hypot(point[0] - other[0], point[1] - other[1]));
    this.#target.pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
    const middle: Point = [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2];
    this.#target.zoom(middle, Math.log2(apart(now) / apart(before)));
  }

  #up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    if (this.#mode === "stroke") this.#stroke?.up();
    this.#stroke = null;
    this.#mode = this.#pointers.size > 0 ? "pan" : "idle";
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : 1;
    const pinch = event.ctrlKey ? 4 : 1;
    const by = -event.deltaY * lines * pinch * WHEEL_STEP;
    this.#target.zoom(this.#at(event), Math.max(-1, Math.min(1, by)));
  }
}
