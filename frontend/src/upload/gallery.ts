import { messageOf } from "../api/client";
import { deleteImage, getModels, getProgress } from "../api/endpoints";
import type { Progress } from "../api/types";
import { h, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { notice } from "../ui/island";
import { pause } from "../ui/poll";
import {
  changeDetails,
  type GalleryImage,
  getGallery,
  retryImport,
  sayAxes,
  sayAxesOfAll,
} from "./api";
import { axesQuestion } from "./axes";
import { type CardOptions, imageCard } from "./cards";
import { detailsDialog, type Edited } from "./details";
import { Filter } from "./filter";

const PAGE = 120;

/** The images of a data set; looks again every second while some are being imported. */
export class Gallery {
  readonly element = h("div");
  readonly #dataset: number;
  readonly #mayLabel: boolean;
  readonly #say: (text: string) => void;
  readonly #filter = new Filter(() => this.#render());
  readonly #question = h("div");
  readonly #list = h("ul", { class: "cards image-cards" });
  readonly #more = h("div", { class: "image-more" });
  #images: GalleryImage[] = [];
  #share = new Map<number, number>();
  #hasResults = false;
  #limit = PAGE;
  #watching = false;
  #again = false;

  constructor(dataset: number, mayLabel: boolean, say: (text: string) => void) {
    this.#dataset = dataset;
    this.#mayLabel = mayLabel;
    this.#say = say;
    this.element.append(this.#question, this.#filter.element, this.#list, this.#more);
  }

  async open(): Promise<void> {
    const models = await getModels(this.#dataset);
    this.#hasResults = models.some(({ segmented_images }) => segmented_images > 0);
    await this.refresh();
  }

  /** Reads the images again, and goes on until none is being imported. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#watching) return;
    this.#watching = true;
    try {
      while (this.#again || this.importing > 0) {
        this.#again = false;
        await this.#read();
        // A long list is asked for less often.
        if (this.importing > 0) await pause(1000 + this.#images.length);
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

  get firstReady(): GalleryImage | null {
    return this.#images.find(({ state }) => state === "ready") ?? null;
  }

  async #read(): Promise<void> {
    const [images, progress] = await Promise.all([
      getGallery(this.#dataset),
      getProgress(this.#dataset),
    ]);
    this.#images = images;
    this.#share = shares(progress);
    setLive("images", images.filter(({ state }) => state === "ready").length);
    setLive("patches", progress.patches);
    this.#filter.offer(images);
    this.#render();
  }

  #render(): void {
    const options: CardOptions = {
      share: this.#share,
      mayLabel: this.#mayLabel,
      hasResults: this.#hasResults,
      remove: (image) => void this.#do(() => deleteImage(image.id)),
      retry: (image) => void this.#do(() => retryImport(image.id)),
      answer: (image, meaning) => void this.#do(() => sayAxes(image.id, meaning)),
      edit: (image) => this.#edit(image),
    };
    const found = this.#filter.shown(this.#images);
    const shown = found.slice(0, this.#limit);
    this.#list.replaceChildren(...shown.map((image) => imageCard(image, options)));
    this.element.dataset.importing = String(this.importing);
    this.#renderQuestion();
    this.#renderMore(found.length - this.#limit);
  }

  #renderQuestion(): void {
    const waiting = this.#images.filter(({ state }) => state === "waiting");
    const element = this.#mayLabel
      ? axesQuestion(waiting, (meaning) => {
          void this.#do(() => sayAxesOfAll(this.#dataset, meaning));
        })
      : null;
    this.#question.replaceChildren(...(element ? [element] : []));
  }

  #renderMore(hidden: number): void {
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

  #edit(image: GalleryImage): void {
    const dialog = detailsDialog(image, (edited) => void this.#do(() => keep(image, edited)));
    this.element.append(dialog);
    (dialog as HTMLDialogElement).showModal();
  }

  async #do(task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
      this.#say("");
    } catch (error) {
      this.#say(messageOf(error));
    }
    await this.refresh();
  }
}

async function keep(image: GalleryImage, { details, pages }: Edited): Promise<void> {
  await changeDetails(image.id, details);
  if (pages) await sayAxes(image.id, pages);
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
