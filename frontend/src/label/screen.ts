import { answerColours } from "../answers/palette";
import { messageOf } from "../api/client";
import { bringAll } from "../api/patience";
import type { Answer } from "../api/types";
import { Keymap } from "../keys/keymap";
import type { KeysDialog } from "../keys/keysDialog";
import { guardLeaving } from "../saving/leaving";
import { counted } from "../ui/format";
import { type Work, work } from "../ui/work";
import type { Viewer } from "../viewer/viewer";
import { LabelActs } from "./acts";
import { Alike } from "./alike";
import { Bar } from "./bar";
import { Beside } from "./beside";
import { LABEL_KEYS, type LabelCommand } from "./commands";
import { type LabelDesk, openDesk } from "./desk";
import { labelDialogs } from "./dialogs";
import { labelKeys } from "./keyboard";
import { Panel } from "./panel";
import type { LabelData } from "./panelState";
import { Parts } from "./parts";
import { runCommand } from "./run";

/** The label screen: joins the viewer, the answers, their saving and the controls around them. */
export class LabelScreen {
  readonly #root: HTMLElement;
  readonly #data: LabelData;
  readonly #work: Work = work();
  readonly #parts: Parts;
  readonly #panel: Panel;
  readonly #bar: Bar;
  readonly #keymap: Keymap<LabelCommand>;
  readonly #help: KeysDialog<LabelCommand>;
  readonly #tour: () => void;
  readonly #acts: LabelActs;
  readonly #beside: Beside;
  #desk: LabelDesk | null = null;

  constructor(root: HTMLElement, data: LabelData) {
    this.#root = root;
    this.#data = data;
    const say = (text: string): void => this.#work.say(text);
    this.#parts = new Parts(data, {
      update: () => this.#update(),
      draw: () => this.#viewer?.invalidate(),
      say,
      saved: (state) => this.#beside.saved(state),
      accept: () => this.#acts.accept(),
      visit: (patch) => this.#visit(patch),
      examples: () => void this.#panel.examples.load().catch(() => undefined),
    });
    const { queue } = this.#parts.given;
    this.#keymap = new Keymap(LABEL_KEYS, data.keys);
    const back = (): void => this.#viewer?.canvas.focus();
    const { help, tour } = labelDialogs(this.#keymap, this.#work, data.tourSeen, back);
    this.#help = help;
    this.#tour = tour;
    this.#acts = this.#newActs(say);
    this.#panel = this.#makePanel();
    this.#bar = new Bar(data.image, {
      retry: () => queue.retry(),
      discard: () => this.#discard(),
      help: () => help.open(),
    });
    this.#beside = new Beside({
      root,
      data,
      parts: this.#parts,
      panel: this.#panel,
      bar: this.#bar,
      inSight: () => this.#acts.inSight(),
    });
  }

  #newActs(say: (text: string) => void): LabelActs {
    const { labelling, leftOut, hints, given } = this.#parts;
    return new LabelActs({
      ...this.#data,
      labelling,
      leftOut,
      hints,
      alike: new Alike(this.#data.image.id, labelling),
      queue: given.queue,
      desk: () => this.#desk?.desk ?? null,
      choose: (structure) => this.#choose(structure),
      toggleHidden: () => this.#toggleHidden(),
      update: () => this.#update(),
      say,
      help: () => this.#help.open(),
    });
  }

  #makePanel(): Panel {
    const key = (answer: Answer | null): string => this.#keymap.keys(answer ?? "clear")[0] ?? "";
    const { dataset } = this.#data.image;
    return new Panel(
      dataset,
      this.#data.structures,
      {
        choose: (structure) => void this.#choose(structure),
        brush: (answer) => this.#acts.setBrush(answer),
        restNo: (all) => this.#acts.restNo(all),
        undo: () => this.#acts.undo(),
        redo: () => this.#acts.redo(),
      },
      answerColours(),
      key,
    );
  }

  async open(): Promise<Viewer> {
    const { manager, scores } = this.#data;
    this.#work.bar.append(...this.#bar.elements);
    this.#work.side.append(
      this.#parts.sentBack.element,
      this.#panel.element,
      ...(scores ? [this.#parts.hints.panel.element] : []),
      this.#parts.empties.element,
      this.#parts.leftOut.element,
      ...(manager ? [this.#parts.known.panel.element] : []),
    );
    this.#root.replaceChildren(this.#work.element, this.#help.element);
    this.#desk = await this.#openDesk();
    const { desk } = this.#desk;
    this.#work.side.append(desk.panel.element);
    labelKeys({
      canvas: desk.viewer.canvas,
      keymap: this.#keymap,
      blocked: () => document.querySelector("dialog[open]") !== null,
      run: (command) => runCommand(command, this.#acts),
    });
    guardLeaving(this.#work.bar, this.#parts.given.queue);
    desk.viewer.addEventListener("view", () => this.#beside.moved());
    await this.#begin();
    return desk.viewer;
  }

  #openDesk(): Promise<LabelDesk> {
    return openDesk(this.#work, this.#data, this.#parts, () => this.#toggleHidden(), {
      selected: () => this.#update(),
      alike: () => this.#acts.alike(true),
    });
  }

  async #begin(): Promise<void> {
    this.#beside.saved({ kind: "saved" });
    const [resumed] = await Promise.all([
      this.#parts.given.queue.open(),
      this.#parts.history.open(),
      this.#parts.leftOut.load(),
    ]);
    if (resumed > 0) this.#work.say(`Saving ${counted(resumed, "answer")} of your last visit.`);
    await this.#first();
    this.#viewer?.canvas.focus();
    this.#loadAside();
    void this.#loadOthers(resumed);
    await this.#viewer?.ready;
    this.#root.dataset.ready = "true";
    if (!this.#data.tourSeen) this.#tour();
  }

  /** The answers about all structures; the work on the first does not wait for them. */
  async #loadOthers(resumed: number): Promise<void> {
    await Promise.all(this.#data.structures.map(({ id }) => this.#load(id)));
    // Only now: labels that were read before these answers arrived must not come after them.
    if (resumed > 0) this.#parts.given.queue.retry();
  }

  /** The address may name a structure and a patch to begin with. */
  async #first(): Promise<void> {
    const asked = new URLSearchParams(location.search);
    const { structures } = this.#data;
    const named = structures.find(({ id }) => String(id) === asked.get("structure"));
    const first = named ?? structures[0];
    if (first) await this.#choose(first.id);
    const [row, column] = [asked.get("row"), asked.get("column")];
    if (row !== null && column !== null) this.#acts.visit(Number(row) || 0, Number(column) || 0);
  }

  /** The work does not wait for these. */
  #loadAside(): void {
    const asked = [() => this.#panel.examples.load(), () => this.#parts.sentBack.load()];
    if (this.#data.manager) asked.push(() => this.#parts.known.load());
    bringAll(asked, this.#work.say);
  }

  async #choose(structure: number): Promise<void> {
    this.#parts.labelling.choose(structure);
    this.#root.dataset.structure = String(structure);
    this.#viewer?.canvas.focus({ preventScroll: true });
    void this.#parts.hints.load();
    await this.#load(structure);
  }

  async #load(structure: number): Promise<void> {
    try {
      await this.#parts.loader.load(structure);
    } catch (error) {
      this.#work.say(`The answers could not be loaded: ${messageOf(error)}`);
    }
  }

  get #viewer(): Viewer | undefined {
    return this.#desk?.desk.viewer;
  }

  #visit(patch: { image: number; structure: number; row: number; column: number }): boolean {
    if (patch.image !== this.#data.image.id) return false;
    if (patch.structure !== this.#parts.labelling.structure) void this.#choose(patch.structure);
    this.#acts.visit(patch.row, patch.column);
    return true;
  }

  /** What the server does not take is given up; the screen then shows what the server has. */
  #discard(): void {
    const count = this.#parts.given.queue.discardRefused();
    this.#work.say(`${counted(count, "answer")} discarded.`);
    location.reload();
  }

  #toggleHidden(): void {
    this.#parts.layers.hidden = !this.#parts.layers.hidden;
    this.#desk?.hide.setAttribute("aria-pressed", String(this.#parts.layers.hidden));
    this.#update();
  }

  #update(): void {
    this.#parts.given.suggesting = this.#parts.hints.suggestions.on;
    this.#viewer?.invalidate();
    this.#beside.changed();
  }
}
