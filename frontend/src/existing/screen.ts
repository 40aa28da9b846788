import { messageOf } from "../api/client";
import { pause } from "../api/poll";
import { cancelErrand, type Errand, isActive, myErrands, takeErrand } from "../errands/api";
import { ErrandBar } from "../errands/bar";
import { h, setText } from "../ui/dom";
import { counted, integer } from "../ui/format";
import { link } from "../ui/island";
import { pages } from "../ui/pages";
import { FileRow } from "./files";
import { ExistingForm } from "./form";
import { look } from "./outcome";

const POLL_MS = 400;

const files = (count: number): string => counted(count, "file");

/**
 * Files are sent one by one, looked at by a worker, and taken in when somebody says so. What was sent is on the server: a
 * reload finds it again.
 */
export class Screen {
  readonly element: HTMLElement;
  readonly #dataset: number;
  readonly #form: ExistingForm;
  readonly #body = h("tbody");
  readonly #sum = h("p", { class: "mt-3", attrs: { role: "status" } });
  readonly #bar = new ErrandBar(() => void this.#cancel());
  readonly #go: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  #files: File[] = [];
  #rows: FileRow[] = [];
  #round = 0;
  #taking = false;
  /** What an earlier visit has left is here. */
  #found: Promise<void> = Promise.resolve();

  constructor(
    { dataset, manager }: { dataset: number; manager: boolean },
    structures: ConstructorParameters<typeof ExistingForm>[0],
  ) {
    this.#dataset = dataset;
    this.#form = new ExistingForm(structures, manager, {
      files: (chosen) => {
        this.#files = chosen;
      },
      changed: () => void this.#look(),
    });
    this.#go = this.#button("Take in", "btn-primary", () => void this.#take());
    this.#clear = this.#button("Clear the list", "btn-outline-secondary", () => void this.#empty());
    const back = link(pages.dataset(dataset), "Back to the data set", "btn btn-outline-secondary");
    const actions = h("div", { class: "form-actions" }, this.#go, this.#clear, back);
    const table = h("table", { class: "data-table mb-4" }, this.#body);
    const parts = [this.#form.element, this.#sum, this.#bar.element, table, actions];
    this.element = h("div", {}, ...parts);
    addEventListener("beforeunload", (event) => {
      if (this.#rows.some((row) => row.open && row.errand === null)) event.preventDefault();
    });
  }

  #button(text: string, kind: string, click: () => void): HTMLButtonElement {
    return h("button", { class: `btn ${kind}`, text, attrs: { type: "button" }, on: { click } });
  }

  /** Takes up what an earlier visit has left on the server. */
  async open(): Promise<void> {
    this.#found = this.#find();
    await this.#found;
    await this.#watch(this.#round);
  }

  async #find(): Promise<void> {
    const found = await myErrands(this.#dataset, ["table", "mask"]);
    for (const errand of found) this.#add(errand.name, "").set(errand);
    this.#taking = found.some(({ params }) => params.dry_run === false);
  }

  #add(name: string, text: string): FileRow {
    const row = new FileRow(name, text);
    this.#rows.push(row);
    this.#body.append(row.element);
    return row;
  }

  /** Sends the files to be looked at; what was chosen meanwhile makes the round before it worthless. */
  async #look(): Promise<void> {
    if (this.#files.length === 0) return;
    // Files that are chosen before it is here must not be found as if they had been left by an earlier visit.
    await this.#found;
    const emptied = this.#empty();
    const round = this.#round;
    await emptied;
    if (round !== this.#round) return;
    const rows = this.#files.map((file) => this.#add(file.name, "Waiting to be sent"));
    const watching = this.#watch(round);
    for (const [index, file] of this.#files.entries()) {
      const row = rows[index];
      if (round !== this.#round || !row) return;
      try {
        const errand = await look(this.#dataset, file, this.#form.choices);
        row.set(errand);
        if (round !== this.#round) await row.dismiss();
      } catch (error) {
        row.refuse(error);
      }
    }
    await watching;
  }

  async #take(): Promise<void> {
    this.#taking = true;
    const round = this.#round;
    for (const row of this.#rows.filter(({ canTake }) => canTake)) {
      try {
        if (row.errand) row.set(await takeErrand(row.errand.id));
      } catch (error) {
        row.refuse(error);
      }
    }
    await this.#watch(round);
  }

  async #cancel(): Promise<void> {
    const unsent = this.#rows.filter(({ errand }) => errand === null);
    if (unsent.length > 0) this.#round += 1;
    for (const row of unsent) row.refuse(new Error("Not sent."));
    const active = this.#rows.flatMap(({ errand }) => (errand && isActive(errand) ? [errand] : []));
    await Promise.allSettled(active.map(({ id }) => cancelErrand(id)));
    await this.#watch(this.#round);
  }

  /** Forgets all files: those that were only looked at are removed from the server. */
  async #empty(): Promise<void> {
    this.#round += 1;
    this.#taking = false;
    const rows = this.#rows;
    this.#rows = [];
    this.#body.replaceChildren();
    this.#tell();
    await Promise.allSettled(rows.map((row) => row.dismiss()));
  }

  /** Asks how far all of them are, until none is open. */
  async #watch(round: number): Promise<void> {
    while (round === this.#round) {
      this.#tell();
      if (!this.#rows.some(({ open }) => open)) return;
      await pause(POLL_MS);
      try {
        this.#renew(await myErrands(this.#dataset, ["table", "mask"]));
      } catch (error) {
        setText(this.#sum, messageOf(error));
      }
    }
  }

  #renew(now: Errand[]): void {
    const byId = new Map(now.map((errand) => [errand.id, errand]));
    for (const row of this.#rows) {
      const errand = row.errand && byId.get(row.errand.id);
      if (errand) row.set(errand);
    }
  }

  #tell(): void {
    const { length } = this.#rows;
    const open = this.#rows.filter((row) => row.open).length;
    const good = this.#rows.filter((row) => row.good).length;
    const left = length - good - open > 0 ? ` ${integer(length - good - open)} cannot be.` : "";
    const doing = this.#taking ? "Taking in" : "Looking at";
    const share = this.#rows.reduce((sum, row) => sum + row.share, 0) / Math.max(length, 1);
    this.#bar.sum(
      open > 0 ? `${doing} ${files(length)}, ${integer(open)} to go` : "",
      share,
      open > 0,
    );
    const done = `${files(good)} ${this.#taking ? "taken in." : "can be taken in."}${left}`;
    setText(this.#sum, open > 0 || length === 0 ? "" : done);
    this.#go.disabled = open > 0 || !this.#rows.some(({ canTake }) => canTake);
    this.#clear.hidden = length === 0;
    this.element.dataset.done = open > 0 ? "false" : this.#taking ? "taken" : "looked";
  }
}
