import { h, setText } from "../../ui/dom";
import { type Plane, planeWords, samePlane } from "../planes";
import type { Viewer } from "../viewer";

/** Says what the answers or masks of a data set are about while something else of the stack is in sight. */
export class PlaneNote {
  readonly element: HTMLElement;
  readonly #text = h("span");
  readonly #viewer: Viewer;
  readonly #working: Plane;
  readonly #what: string;

  constructor(viewer: Viewer, working: Plane, what: string) {
    this.#viewer = viewer;
    this.#working = working;
    this.#what = what;
    const back = h("button", {
      class: "btn btn-sm btn-outline-warning",
      text: "Go back",
      attrs: { type: "button" },
      on: { click: () => void viewer.setPlane(working) },
    });
    this.element = h("div", { class: "viewer-note", attrs: { role: "status" } }, this.#text, back);
    viewer.addEventListener("plane", () => this.#update());
    this.#update();
  }

  #update(): void {
    const { plane, sizes } = this.#viewer;
    const away = !samePlane(plane, this.#working);
    this.element.hidden = !away;
    const [here, there] = [planeWords(plane, sizes), planeWords(this.#working, sizes)];
    setText(this.#text, away ? `This is ${here}. ${this.#what} are about ${there}.` : "");
  }
}
