import { getImage } from "../api/endpoints";
import type { ImageSummary } from "../api/types";
import { h } from "../ui/dom";
import { type Cell, Grid } from "../viewer/grid";
import { GridLines, outline } from "../viewer/layers/grid";
import { workingPlane } from "../viewer/planes";
import { EVEN_MARGINS } from "../viewer/view";
import { Viewer } from "../viewer/viewer";
import { type Choice, facts, gridOf } from "./choice";

/** One image of the data set under the grid that the form describes. */
export class Preview {
  readonly element = h("div", { class: "grid-preview-box" });
  readonly #images: ImageSummary[];
  readonly #stage = h("div", { class: "grid-preview-stage" });
  readonly #facts = h("dl", { class: "grid-preview-facts", attrs: { "aria-live": "polite" } });
  #viewer: Viewer | null = null;
  #grid: Grid;
  #lines: GridLines;
  #pointer: Cell | null = null;
  #choice: Choice;

  constructor(images: ImageSummary[], choice: Choice) {
    this.#images = images;
    this.#choice = choice;
    this.#grid = new Grid(1, 1, 1);
    this.#lines = new GridLines(this.#grid);
    this.element.append(this.#chooser(), this.#stage, this.#facts);
  }

  #chooser(): HTMLElement {
    const options = this.#images.map(({ id, name }) =>
      h("option", { text: name, attrs: { value: id } }),
    );
    const select = h(
      "select",
      {
        class: "form-select form-select-sm",
        attrs: { "aria-label": "Image to preview on" },
        on: { change: () => void this.open(Number(select.value)) },
      },
      ...options,
    );
    return h("div", { class: "section-head" }, h("h2", { text: "Preview" }), select);
  }

  async open(id: number): Promise<Viewer> {
    this.#viewer?.destroy();
    this.#stage.replaceChildren();
    const image = await getImage(id);
    const viewer = await Viewer.open(
      this.#stage,
      image,
      {
        overlays: ({ view }) => [...this.#lines.layers(view), ...this.#examples()],
        hover: (at) => this.#hover(at),
      },
      { plane: (sizes) => workingPlane(this.#choice.view, sizes), margins: EVEN_MARGINS },
    );
    this.#viewer = viewer;
    this.show(this.#choice);
    await viewer.ready;
    this.element.dataset.ready = "true";
    return viewer;
  }

  show(choice: Choice): void {
    this.#choice = choice;
    const viewer = this.#viewer;
    if (!viewer) return;
    this.#grid = gridOf(viewer.image, choice);
    this.#lines = new GridLines(this.#grid);
    this.#pointer = null;
    this.#showFacts(viewer);
    this.#showView(viewer, choice);
    viewer.invalidate();
  }

  #showFacts(viewer: Viewer): void {
    const rows = facts(viewer.image, this.#images, this.#choice);
    const parts = rows.map(([name, value]) =>
      h("div", {}, h("dt", { text: name }), h("dd", { text: value })),
    );
    this.#facts.replaceChildren(...parts);
  }

  #showView(viewer: Viewer, { view }: Choice): void {
    void viewer.setPlane(workingPlane(view, viewer.sizes));
    const used = view.used_channels;
    if (viewer.image.is_rgb || used.length === 0) return;
    viewer.setChannels(
      viewer.channels.map((channel) => ({ ...channel, visible: used.includes(channel.index) })),
    );
  }

  /** With an overlap, the lines part the image among patches; this is how far one really reaches. */
  #examples() {
    const middle = {
      row: Math.floor(this.#grid.rows / 2),
      column: Math.floor(this.#grid.columns / 2),
    };
    return outline("patch", [this.#grid.box(this.#pointer ?? middle)], 2);
  }

  #hover(at: [number, number] | null): void {
    this.#pointer = at && this.#grid.at(...at);
    this.#viewer?.invalidate();
  }
}
