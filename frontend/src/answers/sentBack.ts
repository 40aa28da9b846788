import "./answers.css";
import { messageOf, request } from "../api/client";
import { h, icon, setText, textButton } from "../ui/dom";
import { pages } from "../ui/pages";
import type { Place } from "./place";

/** A patch that a manager asks this person to look at again. */
export interface SentBackPatch extends Place {
  id: number;
  structure: number;
  text: string;
  by: string;
}

export interface SentBackOptions {
  dataset: number;
  structures: readonly { id: number; name: string }[];
  /** Goes to the patch where this screen shows it; else a link leads to its image. */
  goTo: (patch: SentBackPatch) => boolean;
  changed: () => void;
  say: (text: string) => void;
}

/** What was sent back to this person in a data set, where they work: go there, answer again, or say that it is done. */
export class SentBack {
  readonly element = h("section", {
    class: "work-section sent-back-here",
    attrs: { hidden: true },
  });
  readonly #options: SentBackOptions;
  readonly #heading = h("h2");
  readonly #list = h("ul", { class: "sent-back-list" });
  #patches: SentBackPatch[] = [];

  constructor(options: SentBackOptions) {
    this.#options = options;
    this.element.append(this.#heading, this.#list);
  }

  get patches(): readonly SentBackPatch[] {
    return this.#patches;
  }

  async load(): Promise<void> {
    const url = `/api/datasets/${this.#options.dataset}/remarks/?open=1&mine=1`;
    this.#patches = await request<SentBackPatch[]>(url);
    this.#draw();
  }

  /** Whether something about this patch waits for an answer. */
  about(place: Place, structure: number): SentBackPatch | undefined {
    return this.#patches.find((one) => one.structure === structure && same(one, place));
  }

  /** The person has answered again: the server takes that for done. */
  answered(place: Place, structure: number): void {
    const left = this.#patches.filter((one) => one.structure !== structure || !same(one, place));
    if (left.length === this.#patches.length) return;
    this.#patches = left;
    this.#draw();
  }

  #draw(): void {
    const count = this.#patches.length;
    this.element.hidden = count === 0;
    setText(this.#heading, `Sent back to you (${count})`);
    this.#list.replaceChildren(...this.#patches.map((patch) => this.#row(patch)));
    this.#options.changed();
  }

  #row(patch: SentBackPatch): HTMLElement {
    const { structures } = this.#options;
    const name = structures.find(({ id }) => id === patch.structure)?.name ?? "";
    const where = `${name}, row ${patch.row + 1}, column ${patch.column + 1}`;
    const link = h(
      "a",
      {
        attrs: { href: pages.label(patch.image, patch) },
        on: { click: (event: Event) => this.#go(event, patch) },
      },
      icon("chat-left-text"),
      ` ${where}`,
    );
    const done = textButton("Done", () => void this.#done(patch, done), {
      attrs: { "aria-label": `Done: ${where}` },
    });
    const words = h(
      "p",
      {},
      h("strong", { text: patch.by }),
      ` ${patch.text || "Please look again."}`,
    );
    return h("li", {}, link, words, done);
  }

  #go(event: Event, patch: SentBackPatch): void {
    if (this.#options.goTo(patch)) event.preventDefault();
  }

  async #done(patch: SentBackPatch, button: HTMLButtonElement): Promise<void> {
    button.disabled = true;
    try {
      await request(`/api/remarks/${patch.id}/done/`, { method: "POST" });
      this.#patches = this.#patches.filter((one) => one !== patch);
      this.#draw();
    } catch (error) {
      button.disabled = false;
      this.#options.say(messageOf(error));
    }
  }
}

function same(one: Place, other: Place): boolean {
  return one.image === other.image && one.row === other.row && one.column === other.column;
}
