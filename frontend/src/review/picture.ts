import { atlasUrl, bringPicture } from "../answers/patchPictures";
import { type Place, placeKey } from "../answers/place";
import { isAbort } from "../api/client";
import { h, setAttribute } from "../ui/dom";
import { around } from "./around";
import type { ReviewImage, ReviewProps } from "./types";

/** Patches to each side, and how large each is drawn. */
const REACH = 2;
const SIZE = 160;
const COLUMNS = 10;

/** The patch in the midst of its neighbours, with a frame around it. */
export class ContextPicture {
  readonly element = h("canvas", { class: "review-picture", attrs: { role: "img" } });
  readonly #props: ReviewProps;
  readonly #failed: (error: unknown) => void;
  #shown = "";
  #asking = new AbortController();

  constructor(props: ReviewProps, failed: (error: unknown) => void) {
    this.#props = props;
    this.#failed = failed;
  }

  show(place: Place, image: ReviewImage, look: string): void {
    const key = placeKey(place);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#asking.abort();
    this.#asking = new AbortController();
    const said = `${image.name}, row ${place.row + 1}, column ${place.column + 1}`;
    setAttribute(this.element, "aria-label", `${said}, in the midst of its image`);
    setAttribute(this.element, "data-drawn", false);
    const places = around(place, image, REACH);
    const url = atlasUrl(this.#props.dataset, places, SIZE, look);
    this.#bring(url, places, place).catch((error) => {
      if (!isAbort(error)) this.#failed(error);
    });
  }

  async #bring(url: string, places: readonly Place[], place: Place): Promise<void> {
    const { signal } = this.#asking;
    const picture = await createImageBitmap(await bringPicture(url, signal, this.#failed));
    if (!signal.aborted) this.#draw(picture, places, place);
    picture.close();
  }

  /** From one patch to the next as drawn: less than a patch where they overlap. */
  get #step(): number {
    const { patch_size: patch, overlap } = this.#props;
    return (SIZE * (patch - overlap)) / patch;
  }

  #draw(picture: ImageBitmap, places: readonly Place[], place: Place): void {
    const [first = place] = places;
    const at = (one: Place): [number, number] => [
      (one.column - first.column) * this.#step,
      (one.row - first.row) * this.#step,
    ];
    const [right, bottom] = at(places.at(-1) ?? place);
    this.element.width = right + SIZE;
    this.element.height = bottom + SIZE;
    const pen = this.element.getContext("2d");
    if (!pen) return;
    places.forEach((one, number) => {
      const x = (number % COLUMNS) * SIZE;
      const y = Math.floor(number / COLUMNS) * SIZE;
      pen.drawImage(picture, x, y, SIZE, SIZE, ...at(one), SIZE, SIZE);
    });
    const frames: [string, number][] = [
      ["#000000", 5],
      ["#ffffff", 2],
    ];
    for (const [colour, width] of frames) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      // Inside the patch, so that the edge of the image does not cut it.
      const [x, y] = at(place);
      pen.strokeRect(x + 2, y + 2, SIZE - 4, SIZE - 4);
    }
    setAttribute(this.element, "data-drawn", "true");
  }
}
