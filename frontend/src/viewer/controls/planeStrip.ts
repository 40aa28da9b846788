import { h, icon, setAttribute, setText } from "../../ui/dom";
import { quantity } from "../../ui/format";
import { nextTime, type Plane } from "../planes";
import type { Viewer } from "../viewer";

const FRAMES_PER_SECOND = 6;

type Axis = "z" | "t";
const NAMES = { z: "Plane", t: "Time" } as const;

interface Slider {
  element: HTMLElement;
  input: HTMLInputElement;
  read: HTMLElement;
}

/** Sliders through the planes and time points of a stack, its maximum, and playing; nothing for one picture. */
export class PlaneStrip {
  readonly element: HTMLElement;
  readonly #viewer: Viewer;
  readonly #sliders = new Map<Axis, Slider>();
  readonly #maximum: HTMLButtonElement;
  readonly #play: HTMLButtonElement;
  #playing = false;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    const { sizes, hasMaximum } = viewer;
    this.#maximum = this.#button("Maximum", "Maximum over z (M)", () => this.toggleMaximum());
    this.#play = this.#button("", "Play (P)", () => this.togglePlay());
    this.element = h("div", { class: "viewer-planes", attrs: { hidden: !isStack(viewer) } });
    if (sizes.z > 1) this.element.append(this.#slider("z"));
    if (hasMaximum) this.element.append(this.#maximum);
    if (sizes.t > 1) this.element.append(this.#slider("t"), this.#play);
    viewer.addEventListener("plane", () => this.#update());
    this.#update();
  }

  #button(text: string, title: string, click: () => void): HTMLButtonElement {
    return h("button", {
      class: "btn btn-sm btn-dark",
      text,
      attrs: { type: "button", title, "aria-label": title },
      on: { click },
    });
  }

  #slider(axis: Axis): HTMLElement {
    const name = NAMES[axis];
    const input = h("input", {
      class: "form-range",
      attrs: { type: "range", min: 1, max: this.#viewer.sizes[axis], step: 1, "aria-label": name },
      on: {
        input: () => this.#to({ [axis]: Number(input.value) - 1 }),
        // The keys of the screen work again once the thumb is let go.
        pointerup: () => this.#viewer.canvas.focus({ preventScroll: true }),
      },
    });
    const read = h("output", { attrs: { "data-axis": axis } });
    const element = h("label", { class: "viewer-plane" }, h("span", { text: name }), input, read);
    this.#sliders.set(axis, { element, input, read });
    return element;
  }

  #to(part: Partial<Plane>): Promise<void> {
    const { plane } = this.#viewer;
    const projection = part.z === undefined ? plane.projection : "plane";
    return this.#viewer.setPlane({ ...plane, projection, ...part });
  }

  step(axis: Axis, by: number): void {
    void this.#to({ [axis]: this.#viewer.plane[axis] + by });
  }

  toggleMaximum(): void {
    const projection = this.#viewer.plane.projection === "max" ? "plane" : "max";
    void this.#to({ projection });
  }

  togglePlay(): void {
    if (this.#viewer.sizes.t < 2) return;
    this.#playing = !this.#playing;
    this.#update();
    if (this.#playing) void this.#run();
  }

  /** The next time point comes when the last one is drawn, and not faster than the eye follows. */
  async #run(): Promise<void> {
    while (this.#playing && this.#viewer.element.isConnected) {
      await new Promise((resolve) => setTimeout(resolve, 1000 / FRAMES_PER_SECOND));
      if (this.#viewer.element.dataset.ready !== "true") continue;
      if (this.#playing)
        await this.#viewer.setPlane(nextTime(this.#viewer.plane, this.#viewer.sizes));
    }
  }

  #update(): void {
    const { plane, sizes } = this.#viewer;
    for (const [axis, { input, read }] of this.#sliders) {
      input.value = String(plane[axis] + 1);
      const depth = axis === "z" ? this.#depth(plane.z) : "";
      setText(read, `${plane[axis] + 1} / ${sizes[axis]}${depth}`);
    }
    const maximum = plane.projection === "max";
    setAttribute(this.#maximum, "aria-pressed", String(maximum));
    this.#sliders.get("z")?.element.classList.toggle("viewer-plane-idle", maximum);
    setAttribute(this.#play, "aria-pressed", String(this.#playing));
    this.#play.replaceChildren(icon(this.#playing ? "pause-fill" : "play-fill"));
  }

  #depth(z: number): string {
    const size = this.#viewer.image.pixel_size_z_um;
    return size ? ` · ${quantity(Number((z * size).toFixed(2)))} µm` : "";
  }
}

export function isStack(viewer: Viewer): boolean {
  return viewer.sizes.z > 1 || viewer.sizes.t > 1;
}
