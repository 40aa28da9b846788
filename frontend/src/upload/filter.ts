import { h } from "../ui/dom";
import { integer } from "../ui/format";
import type { GalleryImage } from "./api";

const FACETS = ["condition", "well", "replicate"] as const;
type Facet = (typeof FACETS)[number];
/** Below this, one sees all of them at a glance. */
const WORTH_SEARCHING = 8;

/** Which images are shown: by name, and by what is known of them. */
export class Filter {
  readonly element = h("div", { class: "image-filter" });
  readonly #changed: () => void;
  readonly #search: HTMLInputElement;
  readonly #selects = new Map<Facet, HTMLSelectElement>();
  readonly #count = h("span", { class: "image-filter-count", attrs: { role: "status" } });
  #known = "";

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#search = h("input", {
      class: "form-control form-control-sm",
      attrs: { type: "search", placeholder: "Find by name", "aria-label": "Find images by name" },
      on: { input: changed },
    });
  }

  /** Offers what the images have; what was chosen stays chosen. */
  offer(images: readonly GalleryImage[]): void {
    const values = FACETS.map((facet) => [facet, valuesOf(images, facet)] as const);
    const known = JSON.stringify([values, images.length >= WORTH_SEARCHING]);
    if (known === this.#known) return;
    this.#known = known;
    const selects = values.filter(([, some]) => some.length > 0);
    const searched = images.length >= WORTH_SEARCHING;
    this.element.replaceChildren(
      ...(searched ? [this.#search] : []),
      ...selects.map(([facet, some]) => this.#select(facet, some)),
      this.#count,
    );
    this.element.hidden = !searched && selects.length === 0;
  }

  shown(images: readonly GalleryImage[]): GalleryImage[] {
    const text = this.#search.value.trim().toLowerCase();
    const found = images.filter(
      (image) =>
        image.name.toLowerCase().includes(text) &&
        FACETS.every((facet) => this.#takes(facet, image[facet])),
    );
    const all = found.length === images.length;
    this.#count.textContent = all
      ? ""
      : `${integer(found.length)} of ${integer(images.length)} images`;
    return found;
  }

  #takes(facet: Facet, value: string): boolean {
    const select = this.#selects.get(facet);
    return !select?.isConnected || select.value === "*" || select.value === `=${value}`;
  }

  #select(facet: Facet, values: string[]): HTMLSelectElement {
    const before = this.#selects.get(facet)?.value ?? "*";
    const options = [
      option("*", `Any ${facet}`, before),
      ...values.map((value) => option(`=${value}`, value, before)),
      option("=", `No ${facet}`, before),
    ];
    const select = h(
      "select",
      {
        class: "form-select form-select-sm",
        attrs: { "aria-label": `Filter by ${facet}` },
        on: { change: this.#changed },
      },
      ...options,
    );
    this.#selects.set(facet, select);
    return select;
  }
}

function option(value: string, text: string, chosen: string): HTMLOptionElement {
  return h("option", { text, attrs: { value, selected: value === chosen } });
}

export function valuesOf(images: readonly GalleryImage[], facet: Facet): string[] {
  const values = new Set(images.map((image) => image[facet]).filter(Boolean));
  return [...values].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
