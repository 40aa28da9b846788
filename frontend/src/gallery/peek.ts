import { atlasUrl, bringPicture } from "../answers/patchPictures";
import type { Place } from "../answers/place";
import { isAbort, messageOf } from "../api/client";
import { h, icon, setText } from "../ui/dom";
import { pages } from "../ui/pages";
import type { GalleryImage, GalleryProps } from "./types";

/** Patches to each side. */
const AROUND = 3;
const SIZE = 96;
const COLUMNS = 10;

/** A patch in the midst of its neighbours, for as long as somebody looks. */
export class Peek {
  readonly element: HTMLDialogElement;
  readonly #props: GalleryProps;
  readonly #canvas = h("canvas", { class: "peek-canvas" });
  readonly #title = h("h2");
  readonly #link = h("a", { class: "btn btn-sm btn-outline-secondary" }, icon("grid-3x3"));
  readonly #note = h("p", { class: "work-hint", attrs: { role: "status" } });
  #asking = new AbortController();

  constructor(props: GalleryProps) {
    this.#props = props;
    this.#link.append(" Open the image");
    const close = h("button", {
      class: "btn btn-sm btn-primary",
      text: "Close",
      attrs: { type: "button" },
      on: { click: () => this.element.close() },
    });
    this.element = h(
      "dialog",
      { class: "peek", attrs: { "aria-label": "The patch in its image" } },
      this.#title,
      this.#canvas,
      this.#note,
      h("div", { class: "keys-actions" }, close, this.#link),
    );
    this.element.addEventListener("close", () => this.#asking.abort());
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== " " || event.target === this.#link) return;
      event.preventDefault();
      event.stopPropagation();
      this.element.close();
    });
  }

  show(place: Place, look: string): void {
    const image = this.#props.images.find(({ id }) => id === place.image);
    if (!image) return;
    const side = this.#step() * 2 * AROUND + SIZE;
    this.#canvas.width = side;
    this.#canvas.height = side;
    setText(this.#title, `${image.name}, row ${place.row + 1}, column ${place.column + 1}`);
    this.#link.href = pages.label(place.image);
    setText(this.#note, "");
    this.#asking.abort();
    this.#asking = new AbortController();
    this.element.showModal();
    this.#bring(place, neighbours(place, image), look).catch((error) => {
      if (!isAbort(error)) setText(this.#note, messageOf(error));
    });
  }

  async #bring(place: Place, around: readonly Place[], look: string): Promise<void> {
    const { signal } = this.#asking;
    const url = atlasUrl(this.#props.dataset, around, SIZE, look);
    const blob = await bringPicture(url, signal, (error) =>
      setText(this.#note, `${messageOf(error)} The picture is asked for again.`),
    );
    const picture = await createImageBitmap(blob);
    if (!signal.aborted) this.#draw(picture, around, place);
    picture.close();
  }

  /** From one patch to the next as drawn: less than a patch where they overlap. */
  #step(): number {
    const { patch_size: patch, overlap } = this.#props;
    return (SIZE * (patch - overlap)) / patch;
  }

  #draw(picture: ImageBitmap, around: readonly Place[], place: Place): void {
    const pen = this.#canvas.getContext("2d");
    if (!pen) return;
    setText(this.#note, "");
    const at = (one: Place): [number, number] => [
      (one.column - place.column + AROUND) * this.#step(),
      (one.row - place.row + AROUND) * this.#step(),
    ];
    around.forEach((one, number) => {
      const from: [number, number] = [
        (number % COLUMNS) * SIZE,
        Math.floor(number / COLUMNS) * SIZE,
      ];
      pen.drawImage(picture, ...from, SIZE, SIZE, ...at(one), SIZE, SIZE);
    });
    for (const [colour, width] of [
      ["#000000", 5],
      ["#ffffff", 2],
    ] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.strokeRect(...at(place), SIZE, SIZE);
    }
  }
}

/** The patch and what lies around it within its image. */
function neighbours(place: Place, image: GalleryImage): Place[] {
  const found: Place[] = [];
  for (let row = place.row - AROUND; row <= place.row + AROUND; row += 1) {
    for (let column = place.column - AROUND; column <= place.column + AROUND; column += 1) {
      const inside = row >= 0 && column >= 0 && row < image.rows && column < image.columns;
      if (inside) found.push({ image: place.image, row, column });
    }
  }
  return found;
}
