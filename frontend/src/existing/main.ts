import { messageOf } from "../api/client";
import { getStructures } from "../api/endpoints";
import { h, setText } from "../ui/dom";
import { integer } from "../ui/format";
import { type Island, link, start } from "../ui/island";
import { pages } from "../ui/pages";
import { ExistingForm } from "./form";
import { take } from "./outcome";

interface ExistingProps {
  dataset: number;
  project: number;
  manager: boolean;
}

/** Files go one by one: first to be looked at, then, when somebody says so, to be taken in. */
class Screen {
  readonly element: HTMLElement;
  readonly #dataset: number;
  readonly #form: ExistingForm;
  readonly #rows = h("tbody");
  readonly #sum = h("p", { attrs: { role: "status" } });
  readonly #go: HTMLButtonElement;
  readonly #back: HTMLAnchorElement;
  #files: File[] = [];
  #round = 0;

  constructor(
    { dataset, manager }: ExistingProps,
    form: ConstructorParameters<typeof ExistingForm>[0],
  ) {
    this.#dataset = dataset;
    this.#form = new ExistingForm(form, manager, {
      files: (files) => {
        this.#files = files;
      },
      changed: () => void this.#run(true),
    });
    this.#go = h("button", {
      class: "btn btn-primary",
      text: "Take in",
      attrs: { type: "button", disabled: true },
      on: { click: () => void this.#run(false) },
    });
    this.#back = link(pages.dataset(dataset), "Back to the data set", "btn btn-outline-secondary");
    const actions = h("div", { class: "form-actions" }, this.#go, this.#back);
    const table = h("table", { class: "table" }, this.#rows);
    this.element = h("div", {}, this.#form.element, this.#sum, table, actions);
  }

  async #run(dryRun: boolean): Promise<void> {
    // What was chosen meanwhile makes the round before it worthless.
    this.#round += 1;
    const round = this.#round;
    this.#go.disabled = true;
    this.element.dataset.done = "false";
    this.#rows.replaceChildren();
    let good = 0;
    for (const [index, file] of this.#files.entries()) {
      setText(
        this.#sum,
        `${dryRun ? "Looking at" : "Taking in"} ${index + 1} of ${this.#files.length} …`,
      );
      if (await this.#one(file, dryRun, round)) good += 1;
      if (round !== this.#round) return;
    }
    this.#finish(good, dryRun);
  }

  async #one(file: File, dryRun: boolean, round: number): Promise<boolean> {
    try {
      const { text, remarks } = await take(this.#dataset, file, this.#form.choices, dryRun);
      if (round === this.#round) this.#row(file.name, text, remarks, "good");
      return true;
    } catch (error) {
      if (round === this.#round) this.#row(file.name, messageOf(error), [], "bad");
      return false;
    }
  }

  #row(name: string, text: string, remarks: string[], state: "good" | "bad"): void {
    const list = h(
      "ul",
      { class: "muted mb-0" },
      ...remarks.map((remark) => h("li", { text: remark })),
    );
    const said = h("span", { class: state === "bad" ? "text-danger" : "", text });
    const cells = [
      h("th", { text: name, attrs: { scope: "row" } }),
      h("td", {}, said, remarks.length > 0 && list),
    ];
    this.#rows.append(h("tr", { attrs: { "data-file": state } }, ...cells));
  }

  #finish(good: number, dryRun: boolean): void {
    const bad = this.#files.length - good;
    const files = `${integer(good)} ${good === 1 ? "file" : "files"}`;
    const left = bad > 0 ? ` ${integer(bad)} cannot be.` : "";
    setText(this.#sum, `${files} ${dryRun ? "can be taken in." : "taken in."}${left}`);
    this.#go.disabled = !dryRun || good === 0;
    this.element.dataset.done = dryRun ? "looked" : "taken";
  }
}

async function run({ root, props }: Island<ExistingProps>): Promise<void> {
  root.replaceChildren(new Screen(props, await getStructures(props.project)).element);
}

start<ExistingProps>("existing", run);
