import { ApiError, messageOf } from "../api/client";
import { deleteImage, getModels } from "../api/endpoints";
import { pause } from "../api/poll";
import type { Role } from "../api/types";
import { h, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { notice } from "../ui/island";
import {
  changeDetails,
  type GalleryImage,
  getOverview,
  type Overview,
  retryImport,
  sayAxes,
  sayAxesOfAll,
} from "./api";
import { axesQuestion } from "./axes";
import { type CardOptions, imageCard } from "./cards";
import { detailsDialog, type Edited } from "./details";
import { Filter } from "./filter";
import { Pager } from "./pager";

const PAGE = 60;
const SECONDS = 1.5;

/** A page of the images of a data set; looks again while some are being imported. */
export class Gallery {
  readonly element = h("div");
  readonly #dataset: number;
  readonly #mayLabel: boolean;
  readonly #mayDelete: boolean;
  readonly #say: (text: string) => void;
  readonly #filter = new Filter(() => this.#turn(true));
  readonly #pager = new Pager(PAGE, () => this.#turn(false));
  readonly #question = h("div");
  readonly #list = h("ul", { class: "cards image-cards" });
  readonly #empty = h("div", { class: "image-more" });
  readonly #cards = new Map<number, { known: string; element: HTMLElement }>();
  #overview: Overview | null = null;
  #hasResults = false;
  #watching = false;
  #again = false;

  constructor(dataset: number, role: Role, say: (text: string) => void) {
    this.#dataset = dataset;
    this.#mayLabel = role !== "viewer";
    this.#mayDelete = role === "manager";
    this.#say = say;
    const { element: filter } = this.#filter;
    this.element.append(this.#question, filter, this.#list, this.#empty, this.#pager.element);
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
        const missed = await this.#missed();
        if (missed || this.importing > 0) await this.#wait();
        this.#again ||= missed;
      }
    } catch (error) {
      this.#say(`The images could not be listed: ${messageOf(error)}`);
    } finally {
      this.#watching = false;
    }
  }

  /** Reads them; true where the server could not be asked, which passes. */
  async #missed(): Promise<boolean> {
    try {
      await this.#read();
      return false;
    } catch (error) {
      if (error instanceof ApiError && error.passing) return true;
      throw error;
    }
  }

  get importing(): number {
    return this.#overview?.states.importing ?? 0;
  }

  /** Key of an image that can be labelled. */
  get firstReady(): number | null {
    return this.#overview?.first_ready ?? null;
  }

  /** Until the next look, or until somebody asks for another page. */
  async #wait(): Promise<void> {
    for (let waited = 0; waited < SECONDS && !this.#again; waited += 0.1) await pause(100);
  }

  #turn(begin: boolean): void {
    if (begin) this.#pager.begin();
    else this.element.scrollIntoView({ block: "start" });
    void this.refresh();
  }

  async #read(): Promise<void> {
    const asked = this.#filter.asked();
    asked.set("offset", String(this.#pager.offset));
    asked.set("limit", String(PAGE));
    const overview = await getOverview(this.#dataset, asked);
    this.#overview = overview;
    setLive("images", overview.states.ready);
    setLive("patches", overview.patches);
    this.#filter.offer(overview);
    // Images were deleted, and this page is no more.
    if (this.#pager.tell(overview.found)) this.#again = true;
    this.#render(overview);
  }

  #render(overview: Overview): void {
    const cards = overview.images.map((image) => this.#card(image));
    const shown = [...this.#list.children];
    const same = cards.length === shown.length && cards.every((card, at) => card === shown[at]);
    if (!same) this.#list.replaceChildren(...cards);
    this.#forgetAllBut(overview.images);
    this.element.dataset.importing = String(this.importing);
    this.#renderQuestion(overview);
    this.#renderEmpty(overview);
  }

  /** The card of an image, the same as before where nothing has changed. */
  #card(image: GalleryImage): HTMLElement {
    const known = JSON.stringify(image);
    const before = this.#cards.get(image.id);
    if (before?.known === known) return before.element;
    const element = imageCard(image, this.#options());
    this.#cards.set(image.id, { known, element });
    return element;
  }

  #forgetAllBut(images: readonly GalleryImage[]): void {
    const kept = new Set(images.map(({ id }) => id));
    for (const id of this.#cards.keys()) if (!kept.has(id)) this.#cards.delete(id);
  }

  #options(): CardOptions {
    return {
      mayLabel: this.#mayLabel,
      hasResults: this.#hasResults,
      remove: (image) => void this.#do(() => deleteImage(image.id)),
      retry: (image) => void this.#do(() => retryImport(image.id)),
      answer: (image, meaning) => void this.#do(() => sayAxes(image.id, meaning)),
      edit: (image) => this.#edit(image),
    };
  }

  #renderQuestion({ states, pages, images }: Overview): void {
    const name = images.find(({ state }) => state === "waiting")?.name;
    const waiting = { images: states.waiting, pages, ...(name ? { name } : {}) };
    const known = JSON.stringify(waiting);
    if (known === this.#question.dataset.known) return;
    this.#question.dataset.known = known;
    const element = this.#mayLabel
      ? axesQuestion(waiting, (meaning) => {
          void this.#do(() => sayAxesOfAll(this.#dataset, meaning));
        })
      : null;
    this.#question.replaceChildren(...(element ? [element] : []));
  }

  #renderEmpty({ states }: Overview): void {
    const none = Object.values(states).every((count) => count === 0);
    const children =
      none && !this.#mayLabel ? [notice({ icon: "images", title: "No image yet" })] : [];
    this.#empty.replaceChildren(...children);
  }

  #edit(image: GalleryImage): void {
    const remove = (): void => void this.#do(() => deleteImage(image.id));
    const save = (edited: Edited): void => void this.#do(() => keep(image, edited));
    const dialog = detailsDialog(image, save, this.#mayDelete ? remove : null);
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

/** Keeps a figure that the page shows elsewhere true while images arrive. */
function setLive(name: string, value: number): void {
  const places = document.querySelectorAll<HTMLElement>(`[data-live="${name}"]`);
  for (const place of places) setText(place, integer(value));
  // What only makes sense where there are some.
  const actions = document.querySelectorAll<HTMLElement>(`[data-with="${name}"]`);
  for (const action of actions) action.hidden = value === 0;
}
