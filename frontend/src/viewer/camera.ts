import {
  clampView,
  fitted,
  MARGINS,
  panBy,
  reveal,
  type Size,
  toImage,
  toScreen,
  type View,
  zoomAt,
} from "./view";

type Point = [number, number];

/** Where the viewer looks: kept within the image, and fitted again with the window until somebody moves. */
export class Camera {
  readonly #image: Size;
  readonly #size: () => Size;
  readonly #changed: () => void;
  readonly #margins: typeof MARGINS;
  #view: View;
  #moved = false;

  constructor(image: Size, size: () => Size, changed: () => void, margins = MARGINS) {
    this.#image = image;
    this.#margins = margins;
    this.#size = size;
    this.#changed = changed;
    this.#view = fitted(image, size(), margins);
  }

  get view(): View {
    return this.#view;
  }

  set view(view: View) {
    this.#view = clampView(view, this.#image, this.#size());
    this.#moved = true;
    this.#changed();
  }

  fit(): void {
    this.#view = fitted(this.#image, this.#size(), this.#margins);
    this.#moved = false;
    this.#changed();
  }

  resized(): void {
    if (this.#moved) this.#changed();
    else this.fit();
  }

  pan(right: number, down: number): void {
    this.view = panBy(this.#view, right, down);
  }

  /** Zooms around a point of the screen, or around the middle. */
  zoom(by: number, at?: Point): void {
    const { width, height } = this.#size();
    this.view = zoomAt(this.#view, this.#size(), at ?? [width / 2, height / 2], by);
  }

  /** One pixel of the image on one pixel of the screen. */
  oneToOne(): void {
    this.zoom(-Math.log2(window.devicePixelRatio) - this.#view.zoom);
  }

  /** Moves just far enough to show a box (image px). */
  reveal(box: readonly [number, number, number, number]): void {
    const view = reveal(this.#view, this.#size(), box);
    if (view !== this.#view) this.view = view;
  }

  toImage(left: number, top: number): Point {
    return toImage(this.#view, this.#size(), left, top);
  }

  toScreen(x: number, y: number): Point {
    return toScreen(this.#view, this.#size(), x, y);
  }
}
