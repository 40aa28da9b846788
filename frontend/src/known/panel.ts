import "./known.css";
import { ANSWER_ORDER, WORDS } from "../answers/palette";
import { type Place, placeKey } from "../answers/place";
import type { Answer } from "../api/types";
import { h, setAttribute, textButton } from "../ui/dom";
import type { ModelPatch, Use } from "./types";

/** The patch in sight, what it is asked about, and the answer that is offered first. */
export interface Subject extends Place {
  structure: number;
  guess: Answer;
}

export interface KnownActions {
  keep: (use: Use, value: Answer) => Promise<ModelPatch>;
  drop: (id: number) => Promise<unknown>;
}

const USES: [Use, string, string][] = [
  ["example", "Example", "Shown to everybody beside their work."],
  ["calibration", "Calibration", "Everybody is asked, without a sign, and compared with it."],
];

/** Marks the patch in sight as one whose answer is known. */
export class KnownPanel {
  readonly element: HTMLElement;
  readonly #actions: KnownActions;
  readonly #value = h("select", {
    class: "form-select form-select-sm",
    attrs: { "aria-label": "Known answer" },
  });
  readonly #buttons = new Map<Use, HTMLButtonElement>();
  /** Null until they are here: what is known already cannot be told before. */
  #patches: ModelPatch[] | null = null;
  #subject: Subject | null = null;

  constructor(actions: KnownActions) {
    this.#actions = actions;
    for (const answer of ANSWER_ORDER) {
      this.#value.append(
        h("option", { text: `Answer: ${WORDS[answer]}`, attrs: { value: answer } }),
      );
    }
    const hints = USES.map(([, name, does]) =>
      h("p", { class: "work-hint" }, h("strong", { text: name }), `: ${does}`),
    );
    this.element = h(
      "section",
      { class: "work-section" },
      h("h2", { text: "Known answer" }),
      this.#value,
      h("div", { class: "review-uses" }, ...USES.map(([use, name]) => this.#button(use, name))),
      ...hints,
    );
  }

  set patches(patches: ModelPatch[]) {
    this.#patches = patches;
    this.#draw();
  }

  show(subject: Subject): void {
    const before = this.#subject;
    const same = (one: Subject) =>
      one.structure === subject.structure &&
      one.guess === subject.guess &&
      placeKey(one) === placeKey(subject);
    this.#subject = subject;
    const known = USES.map(([use]) => this.#of(use)).find((patch) => patch !== undefined);
    if (known) this.#value.value = known.value;
    // What a manager has chosen meanwhile stays.
    else if (before === null || !same(before)) this.#value.value = subject.guess;
    this.#draw();
  }

  #button(use: Use, name: string): HTMLButtonElement {
    const attrs = { "aria-pressed": "false", "data-use": use };
    const button = textButton(name, () => void this.#toggle(use), { attrs });
    this.#buttons.set(use, button);
    return button;
  }

  #of(use: Use): ModelPatch | undefined {
    const subject = this.#subject;
    const here = (one: ModelPatch): boolean =>
      subject !== null &&
      one.structure === subject.structure &&
      placeKey(one) === placeKey(subject);
    return this.#patches?.find((one) => one.use === use && here(one));
  }

  async #toggle(use: Use): Promise<void> {
    const known = this.#of(use);
    try {
      if (known) {
        await this.#actions.drop(known.id);
        this.#patches = this.#patches?.filter((one) => one !== known) ?? null;
      } else {
        const kept = await this.#actions.keep(use, this.#value.value as Answer);
        this.#patches?.push(kept);
      }
    } catch {
      // The screen has said why.
    }
    this.#draw();
  }

  #draw(): void {
    for (const [use, button] of this.#buttons) {
      setAttribute(button, "aria-pressed", this.#of(use) ? "true" : "false");
      button.disabled = this.#patches === null;
    }
    this.#value.disabled = USES.some(([use]) => this.#of(use) !== undefined);
  }
}
