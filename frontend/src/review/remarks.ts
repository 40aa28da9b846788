import { type Place, placeKey } from "../answers/place";
import { h, setText } from "../ui/dom";
import type { Disputed, Remark, ReviewProps } from "./types";

type Send = (text: string, to: number | null) => Promise<Remark>;

/** What was remarked on the patch in sight, a new remark, and asking somebody to look again. */
export class RemarksPanel {
  readonly element: HTMLElement;
  readonly #people: ReviewProps["people"];
  readonly #send: Send;
  readonly #list = h("ul", { class: "review-remarks" });
  readonly #text = h("textarea", {
    class: "form-control form-control-sm",
    attrs: { rows: 2, maxlength: 2000, "aria-label": "Remark", placeholder: "Remark" },
  });
  readonly #to = h("select", {
    class: "form-select form-select-sm",
    attrs: { "aria-label": "Send back to" },
  });
  readonly #button = h("button", {
    class: "btn btn-sm btn-outline-secondary",
    attrs: { type: "submit" },
  });
  #remarks: Remark[] = [];
  #place: Place | null = null;

  constructor(people: ReviewProps["people"], send: Send) {
    this.#people = people;
    this.#send = send;
    const form = h(
      "form",
      { class: "review-form", on: { submit: (event: Event) => void this.#submit(event) } },
      this.#text,
      this.#to,
      this.#button,
    );
    this.#to.addEventListener("change", () => this.#name());
    const heading = h("h2", { text: "Remarks" });
    this.element = h("section", { class: "work-section" }, heading, this.#list, form);
  }

  set remarks(remarks: Remark[]) {
    this.#remarks = remarks;
  }

  focus(): void {
    this.#text.focus();
  }

  show(item: Disputed): void {
    if (this.#place === null || placeKey(this.#place) !== placeKey(item)) this.#clear(item);
    this.#place = item;
    this.#draw();
  }

  /** Those who answered about the patch come first. */
  #clear(item: Disputed): void {
    const said = new Set(item.answers.map((one) => one.annotator_id));
    const first = this.#people.filter(({ id }) => said.has(id));
    const others = this.#people.filter(({ id }) => !said.has(id));
    const options = [...first, ...others].map(({ id, name }) =>
      h("option", { text: `Send back to ${name}`, attrs: { value: id } }),
    );
    this.#to.replaceChildren(
      h("option", { text: "Keep as a remark", attrs: { value: "" } }),
      ...options,
    );
    this.#text.value = "";
    this.#name();
  }

  #name(): void {
    setText(this.#button, this.#to.value ? "Send back" : "Keep remark");
  }

  #draw(): void {
    const place = this.#place;
    const own = this.#remarks.filter((one) => place && placeKey(one) === placeKey(place));
    this.#list.replaceChildren(...own.map(line));
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const to = this.#to.value ? Number(this.#to.value) : null;
    if (to === null && !this.#text.value.trim()) return this.#text.focus();
    this.#button.disabled = true;
    try {
      this.#remarks.push(await this.#send(this.#text.value, to));
      this.#text.value = "";
      this.#to.value = "";
      this.#name();
      this.#draw();
    } catch {
      // The screen has said why; what was written stays to be sent again.
    } finally {
      this.#button.disabled = false;
    }
  }
}

function line({ text, by, sent_to, done_at }: Remark): HTMLElement {
  const back = sent_to
    ? ` Sent back to ${sent_to}${done_at ? ", who has looked again" : ", not seen to yet"}.`
    : "";
  return h(
    "li",
    {},
    h("strong", { text: by }),
    ` ${text}`,
    h("span", { class: "muted", text: back }),
  );
}
