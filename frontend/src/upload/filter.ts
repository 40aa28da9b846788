import "./filter.css";
import { h, setText } from "../ui/dom";
import { integer } from "../ui/format";
import type { Facet, Overview } from "./api";

const FACETS: Facet[] = ["condition", "well", "replicate"];
/** Below this, one sees all of them at a glance. */
const WORTH_SEARCHING = 8;
/** ms without a key, until the server is asked. */
const TYPING = 250;

/** Which images are shown: by name, and by what is known of them. */
export class Filter {
  readonly element = h("div", { class: "image-filter" });
  readonly #changed: () => void;
  readonly #search: HTMLInputElement;
  readonly #selects = new Map<Facet, HTMLSelectElement>();
  readonly #count = h("span", { class: "image-filter-count", attrs: { role: "status" } });
  #known = "";
  #typing = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#search = h("input", {
      class: "form-control form-control-sm",
      attrs: { type: "search", placeholder: "Find by name", "aria-label": "Find images by name" },
      on: {
        input: () => {
          clearTimeout(this.#typing);
          this.#typing = window.setTimeout(changed, TYPING);
        },
      },
    });
  }

  /** What is asked of the server. */
  asked(): URLSearchParams {
    const asked = new URLSearchParams();
    const name = this.#search.value.trim();
    if (name) asked.set("name", name);
    for (const [facet, { value, isConnected }] of this.#selects) {
      if (isConnected && value !== "*") asked.set(facet, value.slice(1));
    }
    return asked;
  }

  /** Offers what the images have; what was chosen stays chosen. */
  offer({ details, states, found }: Overview): void {
    const total = Object.values(states).reduce((sum, count) => sum + count, 0);
    setText(this.#count, found === total ? "" : `${integer(found)} of ${integer(total)} images`);
    const searched = total >= WORTH_SEARCHING;
    const known = JSON.stringify([details, searched]);
    if (known === this.#known) return;
    this.#known = known;
    const selects = FACETS.filter((facet) => details[facet].length > 0);
    this.element.replaceChildren(
      ...(searched ? [this.#search] : []),
      ...selects.map((facet) => this.#select(facet, details[facet])),
      this.#count,
    );
    this.element.hidden = !searched && selects.length === 0;
  }

  #select(facet: Facet, values: string[]): HTMLSelectElement {
    const before = this.#selects.get(facet)?.value ?? "*";
    const options = [
      option("*", `Any ${facet}`, before),
      ...inOrder(values).map((value) => option(`=${value}`, value, before)),
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

/** B2 before B10. */
function inOrder(values: readonly string[]): string[] {
  return values.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
}
