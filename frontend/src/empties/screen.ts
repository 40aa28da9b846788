import { messageOf } from "../api/client";
import { type Errand, followErrand } from "../errands/api";
import { ErrandBar } from "../errands/bar";
import { h, setText } from "../ui/dom";
import { counted, integer } from "../ui/format";
import { Pager } from "../upload/pager";
import {
  clearEmpties,
  clearings,
  findEmpties,
  getEmpties,
  type Overview,
  underWay,
  undoErrand,
} from "./api";
import { emptiesCard } from "./cards";
import { doneList } from "./done";

const PAGE = 24;

export interface Props {
  dataset: number;
  structures: { id: number; name: string }[];
}

/** Finds the empty patches of all images, shows them, and answers them or leaves them out at one wish. */
export class Screen {
  readonly element: HTMLElement;
  readonly #props: Props;
  readonly #said = h("p", { class: "empties-said", attrs: { role: "status" } });
  readonly #problems = h("p", { class: "empties-problems", attrs: { role: "alert" } });
  readonly #bar = new ErrandBar();
  readonly #done = h("div");
  readonly #list = h("ul", { class: "cards empties-cards" });
  readonly #pager = new Pager(PAGE, () => void this.#guard(() => this.#read()));
  readonly #passedOver = new Set<number>();
  readonly #find = button("Find empty patches", "btn-primary", () =>
    this.#ask(() => findEmpties(this.#props.dataset)),
  );
  readonly #about: HTMLSelectElement;
  readonly #answer = button("Answer with no", "btn-primary", () => this.#clear(this.#structure));
  readonly #leave = button("Leave them out", "btn-outline-primary", () => this.#clear(null));
  #overview: Overview | null = null;
  #busy = false;

  constructor(props: Props) {
    this.#props = props;
    this.#about = h(
      "select",
      {
        class: "form-select form-select-sm",
        attrs: { "aria-label": "Structure to answer about" },
        on: { change: () => void this.#guard(() => this.#read()) },
      },
      ...props.structures.map(({ id, name }) => h("option", { text: name, attrs: { value: id } })),
    );
    const acts = h(
      "div",
      { class: "empties-acts" },
      this.#answer,
      "about",
      this.#about,
      "or",
      this.#leave,
    );
    this.element = h(
      "div",
      { class: "empties" },
      h("div", { class: "empties-bar" }, this.#said, this.#find),
      acts,
      this.#bar.element,
      this.#problems,
      this.#done,
      this.#list,
      this.#pager.element,
    );
  }

  get #structure(): number {
    return Number(this.#about.value);
  }

  async open(): Promise<void> {
    await this.#read();
    const running = await underWay(this.#props.dataset);
    if (running) await this.#ask(() => Promise.resolve(running));
  }

  /** Has a worker do something, shows how far it is, and what became of it. */
  async #ask(task: () => Promise<Errand>): Promise<void> {
    this.#busy = true;
    this.#render();
    await this.#guard(async () => {
      const last = await followErrand(await task(), (errand) => this.#bar.show(errand));
      const problems = (last.report.problems as string[] | undefined) ?? [];
      setText(this.#problems, problems.join("\n"));
    });
    this.#busy = false;
    await this.#guard(() => this.#read());
  }

  #clear(structure: number | null): Promise<void> {
    return this.#ask(() => clearEmpties(this.#props.dataset, structure, [...this.#passedOver]));
  }

  async #guard(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      setText(this.#problems, messageOf(error));
    }
  }

  async #read(): Promise<void> {
    const { dataset, structures } = this.#props;
    const { offset } = this.#pager;
    this.#overview = await getEmpties(dataset, this.#structure, offset, PAGE);
    const done = doneList(await clearings(dataset), structures, (errand) => {
      void this.#ask(() => undoErrand(errand.id));
    });
    this.#done.replaceChildren(...(done ? [done] : []));
    if (this.#pager.tell(this.#overview.found)) return this.#read();
    this.#render();
    this.#renderCards(this.#overview);
  }

  #render(): void {
    const { found, looked } = this.#overview ?? { found: 0, looked: 0 };
    setText(this.#said, saying(found, looked));
    this.#find.hidden = looked === found;
    this.#find.disabled = this.#busy;
    this.#answer.disabled = this.#leave.disabled = this.#busy || looked === 0;
    this.element.dataset.busy = String(this.#busy);
  }

  #renderCards({ images }: Overview): void {
    const options = {
      passedOver: (image: number) => this.#passedOver.has(image),
      pass: (image: number, over: boolean) => {
        if (over) this.#passedOver.add(image);
        else this.#passedOver.delete(image);
      },
    };
    this.#list.replaceChildren(...images.map((one) => emptiesCard(one, options)));
  }
}

function saying(found: number, looked: number): string {
  if (found === 0) return "There are no images yet. Upload some first.";
  if (looked === 0) return "Nobody has looked yet.";
  return `${integer(looked)} of ${counted(found, "image")} looked at.`;
}

function button(text: string, kind: string, click: () => Promise<void>): HTMLButtonElement {
  return h("button", {
    class: `btn btn-sm ${kind}`,
    text,
    attrs: { type: "button" },
    on: { click: () => void click() },
  });
}
