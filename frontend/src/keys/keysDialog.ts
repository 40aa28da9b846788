import "../answers/answers.css";
import { h, setText } from "../ui/dom";
import { Turns } from "../ui/turns";
import { chord, type Keymap, spoken } from "./keymap";

export interface KeysDialogOptions<C extends string> {
  title: string;
  keymap: Keymap<C>;
  /** What the mouse and fingers do, which nobody changes. */
  others: readonly [does: string, how: string][];
  /** Keeps the person's own keys; rejects when the server does not. */
  save: (own: Record<string, string>) => Promise<unknown>;
  /** Shows the tour once more. */
  tour?: () => void;
}

/** All keys, each of them changed by a click and a key press, with a warning where another command has the key. */
export class KeysDialog<C extends string> {
  readonly element: HTMLDialogElement;
  readonly #options: KeysDialogOptions<C>;
  readonly #list = h("div", { class: "keys-list" });
  readonly #note = h("p", { class: "keys-note", attrs: { role: "status", "aria-live": "polite" } });
  /** The keys of the last change are those that stay. */
  readonly #turns = new Turns();
  #waiting: { command: C; key: string | null; button: HTMLButtonElement } | null = null;

  constructor(options: KeysDialogOptions<C>) {
    this.#options = options;
    const { title, tour } = options;
    const button = (text: string, click: () => void, kind = "btn-outline-secondary") =>
      h("button", { class: `btn ${kind}`, text, attrs: { type: "button" }, on: { click } });
    this.element = h(
      "dialog",
      { class: "label-help keys-dialog", attrs: { "aria-label": title } },
      h("h2", { text: title }),
      h("p", { class: "keys-hint", text: "Click a key to give the command another one." }),
      this.#list,
      this.#note,
      h(
        "div",
        { class: "keys-actions" },
        button("Close", () => this.element.close(), "btn-primary"),
        button("Usual keys", () => this.#reset()),
        tour ? button("Show the tour", () => this.#tour(tour)) : null,
      ),
    );
    this.element.addEventListener("keydown", (event) => this.#pressed(event));
    this.element.addEventListener("close", () => this.#stop());
    this.#draw();
  }

  open(): void {
    setText(this.#note, "");
    this.element.showModal();
  }

  #tour(tour: () => void): void {
    this.element.close();
    tour();
  }

  #draw(): void {
    const { keymap, others } = this.#options;
    const rows = keymap.commands.map((command) => this.#row(command));
    const fixed = others.map(([does, how]) =>
      h("div", { class: "keys-row" }, h("span", { text: does }), h("span", { text: how })),
    );
    this.#list.replaceChildren(...rows, ...fixed);
  }

  #row(command: C): HTMLElement {
    const { keymap } = this.#options;
    const { does } = keymap.bindings[command];
    const keys = keymap.keys(command);
    const text = keys.map(spoken).join(", ") || "none";
    const button = h("button", {
      class: "btn btn-sm btn-outline-secondary keys-key",
      text,
      attrs: { type: "button", "aria-label": `${does}: ${text}. Change`, "data-command": command },
      on: { click: () => this.#ask(command, button) },
    });
    return h("div", { class: "keys-row" }, h("span", { text: does }), button);
  }

  #ask(command: C, button: HTMLButtonElement): void {
    this.#stop();
    this.#waiting = { command, key: null, button };
    button.classList.add("keys-waiting");
    setText(button, "Press a key");
    setText(this.#note, "Esc leaves it as it is.");
  }

  #stop(): void {
    if (!this.#waiting) return;
    this.#waiting = null;
    this.#draw();
  }

  #pressed(event: KeyboardEvent): void {
    const { keymap } = this.#options;
    if (!this.#waiting) return;
    const key = chord(event);
    if (key === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === "Escape") return this.#leave("Nothing was changed.");
    const { command } = this.#waiting;
    const holder = keymap.conflict(command, key);
    if (holder !== null && this.#waiting.key !== key) {
      this.#waiting.key = key;
      const does = keymap.bindings[holder].does;
      setText(
        this.#note,
        `${spoken(key)} is in use: “${does}”. Press it again to take it from there, or press another key.`,
      );
      return;
    }
    keymap.assign(command, key);
    this.#leave(`${spoken(key)} now means “${keymap.bindings[command].does}”.`);
    void this.#keep();
  }

  #leave(words: string): void {
    const command = this.#waiting?.command;
    this.#stop();
    setText(this.#note, words);
    this.#list.querySelector<HTMLElement>(`[data-command=${command}]`)?.focus();
  }

  #reset(): void {
    this.#options.keymap.reset();
    this.#draw();
    setText(this.#note, "The usual keys are back.");
    void this.#keep();
  }

  async #keep(): Promise<void> {
    const { keymap, save } = this.#options;
    try {
      await this.#turns.take(() => save(keymap.own));
    } catch (error) {
      const reason = error instanceof Error ? error.message : "";
      setText(this.#note, `This holds until you leave the page: it could not be saved. ${reason}`);
    }
  }
}
