import type { ModelVersion } from "../api/types";
import { backLink } from "../ui/backLink";
import { h, icon, iconButton } from "../ui/dom";
import { keysDialog } from "../ui/keysDialog";
import { pages } from "../ui/pages";
import { pager, type Work } from "../ui/work";
import type { Desk } from "../viewer/desk";
import { VIEW_KEY_HELP, viewCommand } from "../viewer/keys";
import type { Box } from "../viewer/layers/grid";
import { listenToViewKeys } from "../viewer/listenToKeys";
import { LookPanel } from "./lookPanel";
import { ObjectTableView } from "./objectTable";
import type { Look, Result, ResultData } from "./state";
import { type CardActions, StructureCard } from "./structureCard";

/** A model without a name of its own is called after its number already. */
function modelTitle({ number, name }: ModelVersion): string {
  const numbered = `Model ${number}`;
  return name && name !== numbered ? `${numbered} · ${name}` : numbered;
}

export interface PanelActions extends CardActions {
  look: () => void;
  model: (model: ModelVersion) => void;
  object: (box: Box) => void;
  /** The table was opened: it needs its rows. */
  objects: () => void;
}

/** Everything around the image on the result screen. */
export class ResultPanel {
  readonly objects: ObjectTableView;
  readonly #work: Work;
  readonly #data: ResultData;
  readonly #look: Look;
  readonly #actions: PanelActions;
  readonly #help = keysDialog("Keys on the result screen", VIEW_KEY_HELP);
  readonly #body = h("div");
  readonly #drawer: HTMLDetailsElement;
  #cards: StructureCard[] = [];

  constructor(work: Work, data: ResultData, look: Look, actions: PanelActions) {
    this.#work = work;
    this.#data = data;
    this.#look = look;
    this.#actions = actions;
    this.objects = new ObjectTableView(actions.object);
    this.#drawer = h(
      "details",
      { class: "results-drawer", attrs: { hidden: true }, on: { toggle: () => actions.objects() } },
      h("summary", {}, icon("table"), " Objects"),
      this.objects.element,
    );
    work.element.classList.add("work-results");
    work.element.append(this.#drawer, this.#help);
    work.bar.append(...this.#bar());
  }

  #bar(): HTMLElement[] {
    const { image, mayChange } = this.#data;
    const model = new URLSearchParams(location.search).get("model");
    const page = (id: number): string => pages.results(id, model ? Number(model) : null);
    const label = h(
      "a",
      { class: "btn btn-sm btn-outline-secondary", attrs: { href: pages.label(image.id) } },
      icon("grid-3x3"),
      " Label this image",
    );
    const help = iconButton("question-circle", "Keys and help (?)", () => this.#help.showModal());
    const spacer = h("div", { class: "work-spacer" });
    const tools = [...this.#models(), ...(mayChange ? [label] : []), help];
    return [backLink(image.dataset), pager(image, page), spacer, ...tools];
  }

  #models(): HTMLElement[] {
    const { models, model } = this.#data;
    if (models.length === 0) return [];
    const select = h(
      "select",
      {
        class: "form-select form-select-sm model-select",
        attrs: { "aria-label": "Model version" },
        on: { change: () => choose() },
      },
      ...models.map((each) =>
        h("option", {
          text: modelTitle(each),
          attrs: { value: each.id, selected: each.id === model?.id },
        }),
      ),
    );
    const choose = (): void => {
      const chosen = models.find(({ id }) => id === Number(select.value));
      if (chosen) this.#actions.model(chosen);
    };
    return [select];
  }

  attach(desk: Desk): void {
    this.#work.side.append(this.#body, desk.panel.element);
    listenToViewKeys(this.#help, (event) => {
      if (event.key === "?") return () => this.#help.showModal();
      const command = viewCommand(event);
      return command && (() => desk.run(command));
    });
  }

  get objectsOpen(): boolean {
    return this.#drawer.open && !this.#drawer.hidden;
  }

  placeholder(block: HTMLElement): void {
    this.#cards = [];
    this.#drawer.hidden = true;
    this.#body.replaceChildren(block);
  }

  results(results: Result[], chosen: number, download: HTMLElement | null): void {
    const { mayChange, image } = this.#data;
    const size = image.pixel_size_um;
    const pixelUm2 = size && size[0] * size[1];
    this.#cards = results.map(
      (result) => new StructureCard(result, this.#actions, mayChange, pixelUm2),
    );
    this.#drawer.hidden = results.length === 0;
    this.#body.replaceChildren(
      new LookPanel(this.#look, this.#actions.look).element,
      h(
        "section",
        { class: "work-section" },
        h("h2", { text: "Structures" }),
        ...this.#cards.map((card) => card.element),
      ),
      h("section", { class: "work-section" }, download),
    );
    this.update(chosen);
  }

  card(result: Result): StructureCard | undefined {
    return this.#cards.find((card) => card.result === result);
  }

  update(chosen: number): void {
    for (const card of this.#cards) card.update(card.result.segmentation.id === chosen);
  }
}
