import { messageOf } from "../api/client";
import { deleteImage, getImages, getModels, getProgress } from "../api/endpoints";
import type { ImageSummary, Progress } from "../api/types";
import { h, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { notice } from "../ui/island";
import { pause } from "../ui/poll";
import { imageCard } from "./cards";

const PAGE = 120;

/** The images of a data set; looks again every second while some are being imported. */
export class Gallery {
  readonly element = h("div");
  readonly #dataset: number;
  readonly #mayLabel: boolean;
  readonly #say: (text: string) => void;
  readonly #list = h("ul", { class: "cards image-cards" });
  readonly #more = h("div", { class: "image-more" });
  #images: ImageSummary[] = [];
  #share = new Map<number, number>();
  #hasResults = false;
  #limit = PAGE;
  #watching = false;

  constructor(dataset: number, mayLabel: boolean, say: (text: string) => void) {
    this.#dataset = dataset;
    this.#mayLabel = mayLabel;
    this.#say = say;
    this.element.append(this.#list, this.#more);
  }

  async open(): Promise<void> {
    const models = await getModels(this.#dataset);
    this.#hasResults = models.some(({ segmented_images }) => segmented_images > 0);
    await this.refresh();
  }

  /** Reads the images again, and goes on until none is being imported. */
  async refresh(): Promise<void> {
    if (this.#watching) return;
    this.#watching = true;
    try {
      await this.#read();
      while (this.importing > 0) {
        await pause(1000);
        await this.#read();
      }
    } catch (error) {
      this.#say(`The images could not be listed: ${messageOf(error)}`);
    } finally {
      this.#watching = false;
    }
  }

  get importing(): number {
    return this.#images.filter(({ state }) => state === "importing").length;
  }

  get firstReady(): ImageSummary | null {
    return this.#images.find(({ state }) => state === "ready") ?? null;
  }

  async #read(): Promise<void> {
    const [images, progress] = await Promise.all([
      getImages(this.#dataset),
      getProgress(this.#dataset),
    ]);
    this.#images = images;
    this.#share = shares(progress);
    setLive("images", images.filter(({ state }) => state === "ready").length);
    setLive("patches", progress.patches);
    this.#render();
  }

  #render(): void {
    const options = {
      share: this.#share,
      mayLabel: this.#mayLabel,
      hasResults: this.#hasResults,
      dismiss: (image: ImageSummary) => void this.#dismiss(image),
    };
    const shown = this.#images.slice(0, this.#limit);
    this.#list.replaceChildren(...shown.map((image) => imageCard(image, options)));
    this.element.dataset.importing = String(this.importing);
    this.#renderMore();
  }

  #renderMore(): void {
    const hidden = this.#images.length - this.#limit;
    if (this.#images.length === 0 && !this.#mayLabel) {
      return this.#more.replaceChildren(notice({ icon: "images", title: "No image yet" }));
    }
    if (hidden <= 0) return this.#more.replaceChildren();
    const button = h("button", {
      class: "btn btn-outline-secondary",
      text: `Show ${integer(Math.min(PAGE, hidden))} more of ${integer(hidden)}`,
      attrs: { type: "button" },
      on: {
        click: () => {
          this.#limit += PAGE;
          this.#render();
        },
      },
    });
    this.#more.replaceChildren(button);
  }

  async #dismiss(image: ImageSummary): Promise<void> {
    try {
      await deleteImage(image.id);
      await this.#read();
    } catch (error) {
      this.#say(messageOf(error));
    }
  }
}

/** Keeps a figure in the page's own heading true while images arrive. */
function setLive(name: string, value: number): void {
  const place = document.querySelector(`[data-live="${name}"]`);
  if (place) setText(place, integer(value));
}

/** Each image's share of patches with an answer. */
export function shares(progress: Progress): Map<number, number> {
  return new Map(
    progress.images.map(({ id, labelled, patches }) => [
      id,
      patches === 0 ? 0 : Math.min(1, labelled / patches),
    ]),
  );
}
