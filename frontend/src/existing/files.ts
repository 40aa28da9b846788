import { messageOf } from "../api/client";
import { dismissErrand, type Errand, isActive } from "../errands/api";
import { errandLine } from "../errands/bar";
import { h, setText } from "../ui/dom";
import { outcomeOf } from "./outcome";

/** One file: sent, looked at and taken in by an errand, or refused before there was one. */
export class FileRow {
  readonly name: string;
  readonly element: HTMLElement;
  readonly #said = h("span");
  readonly #remarks = h("ul", { class: "muted mb-0", attrs: { hidden: true } });
  errand: Errand | null = null;
  #refused = false;

  constructor(name: string, text: string) {
    this.name = name;
    const title = h("th", { text: name, attrs: { scope: "row" } });
    this.element = h("tr", {}, title, h("td", {}, this.#said, this.#remarks));
    this.#show(text, "waiting");
  }

  refuse(error: unknown): void {
    this.#refused = true;
    this.#show(messageOf(error), "bad");
  }

  set(errand: Errand): void {
    this.errand = errand;
    if (errand.state !== "done") {
      const bad = errand.state === "failed" || errand.state === "cancelled";
      return this.#show(errandLine(errand), bad ? "bad" : "waiting");
    }
    const { text, remarks } = outcomeOf(errand);
    this.#show(errand.params.dry_run ? text : `Taken in: ${text}`, "good", remarks);
  }

  /** Neither good nor bad yet. */
  get open(): boolean {
    return !this.#refused && (this.errand === null || isActive(this.errand));
  }

  /** How much of it is done, 0 to 1. */
  get share(): number {
    if (!this.open) return 1;
    return this.errand?.progress ?? 0;
  }

  get good(): boolean {
    return this.errand?.state === "done";
  }

  get canTake(): boolean {
    return this.errand?.can_take === true;
  }

  /** Forgets the file on the server; what was taken in stays. */
  async dismiss(): Promise<void> {
    if (this.errand) await dismissErrand(this.errand.id);
  }

  #show(text: string, state: "waiting" | "good" | "bad", remarks: string[] = []): void {
    this.element.dataset.file = state;
    this.#said.className = state === "bad" ? "text-danger" : "";
    setText(this.#said, text);
    this.#remarks.hidden = remarks.length === 0;
    this.#remarks.replaceChildren(...remarks.map((remark) => h("li", { text: remark })));
  }
}
