import { getLook } from "../answers/patchPictures";
import { messageOf } from "../api/client";
import type { Answer, Structure } from "../api/types";
import { Keymap } from "../keys/keymap";
import { KeysDialog } from "../keys/keysDialog";
import { patchPreferences } from "../keys/preferences";
import { dropModelPatch, getModelPatches, keepModelPatch } from "../known/api";
import { KnownPanel } from "../known/panel";
import type { ModelPatch, Use } from "../known/types";
import { backLink } from "../ui/backLink";
import { h, iconButton, setAttribute, setText } from "../ui/dom";
import { patches } from "../ui/format";
import { type Work, work } from "../ui/work";
import { ReviewApi } from "./api";
import { ChoicePanel } from "./choice";
import { Decisions } from "./decisions";
import { Deck } from "./deck";
import { REVIEW_KEYS, type ReviewCommand } from "./keys";
import { Listing } from "./listing";
import { ContextPicture } from "./picture";
import { RemarksPanel } from "./remarks";
import { Strip } from "./strip";
import type { Disputed, Remark, ReviewImage, ReviewProps } from "./types";
import { VerdictPanel } from "./verdict";

/** So many patches before the end of the list, more are asked for. */
const AHEAD = 10;
const NOBODY =
  "No open disagreement about this structure. The plan, on the team's page, asks several people about a patch.";

/** One disagreement after the other: the patch in its image, who said what, and the manager's word on it. */
export class ReviewScreen {
  readonly #root: HTMLElement;
  readonly #props: ReviewProps;
  readonly #api: ReviewApi;
  readonly #images: Map<number, ReviewImage>;
  readonly #deck = new Deck();
  readonly #work: Work = work();
  readonly #left = h("span", { class: "muted number", attrs: { role: "status" } });
  readonly #none = h("p", { class: "review-none", attrs: { hidden: true } });
  readonly #keymap: Keymap<ReviewCommand>;
  readonly #keys: KeysDialog<ReviewCommand>;
  readonly #decisions: Decisions;
  readonly #listing: Listing;
  readonly #choice: ChoicePanel;
  readonly #picture: ContextPicture;
  readonly #strip: Strip;
  readonly #verdict: VerdictPanel;
  readonly #remarks: RemarksPanel;
  readonly #known: KnownPanel;
  readonly #about = h("div");
  #allRemarks: Remark[] = [];
  #allPatches: ModelPatch[] = [];
  #look = "";

  constructor(root: HTMLElement, props: ReviewProps, structures: Structure[], first: Structure) {
    this.#root = root;
    this.#props = props;
    this.#api = new ReviewApi(props.dataset);
    this.#images = new Map(props.images.map((image) => [image.id, image]));
    this.#choice = new ChoicePanel(structures, first, () => void this.#reload());
    this.#picture = new ContextPicture(props, (error) => this.#work.say(messageOf(error)));
    const name = (image: number): string => this.#images.get(image)?.name ?? "Image";
    this.#strip = new Strip(props.dataset, name, (index) => this.#go(index - this.#deck.focus));
    this.#keymap = new Keymap(REVIEW_KEYS, props.keys);
    this.#keys = new KeysDialog({
      title: "Keys of the review",
      keymap: this.#keymap,
      others: [],
      save: (own) => patchPreferences({ keys: own }),
    });
    const shown = (): void => this.#show();
    const say = (text: string): void => this.#work.say(text);
    this.#decisions = new Decisions(this.#deck, this.#api, {
      shown,
      say,
      saved: (all) => setAttribute(this.#root, "data-saved", all ? "true" : "false"),
    });
    this.#listing = new Listing(this.#deck, this.#api, {
      shown,
      say,
      added: (items) => this.#strip.add(items, this.#look),
    });
    this.#verdict = new VerdictPanel(
      { decide: (answer) => this.#decide(answer), undo: () => this.#undo() },
      (command) => this.#keymap.keys(command)[0] ?? "",
    );
    this.#remarks = new RemarksPanel(props.people, (text, to) => this.#remark(text, to));
    this.#known = new KnownPanel({
      keep: (use, value) => this.#keep(use, value),
      drop: (id) => this.#drop(id),
    });
  }

  async open(): Promise<void> {
    const { bar, stage, side, element } = this.#work;
    bar.append(
      backLink(this.#props.dataset),
      h("h2", { class: "work-title", text: "Review" }),
      this.#left,
      h("span", { class: "work-spacer" }),
      iconButton("question-circle", "Keys and help (?)", () => this.#keys.open()),
    );
    stage.prepend(
      this.#strip.element,
      h("div", { class: "review-stage" }, this.#picture.element, this.#none),
    );
    this.#about.append(this.#verdict.element, this.#remarks.element, this.#known.element);
    side.append(this.#choice.element, this.#about);
    this.#root.replaceChildren(element, this.#keys.element);
    this.#listen();
    this.#show();
    const [{ look }, remarks, patches] = await Promise.all([
      getLook(this.#props.dataset),
      this.#api.remarks(),
      getModelPatches(this.#props.dataset),
    ]);
    this.#look = look;
    this.#allRemarks = remarks;
    this.#allPatches = patches;
    await this.#reload();
    setAttribute(this.#root, "data-ready", "true");
  }

  /** The patch in sight, where the panels about it are shown. */
  get #item(): Disputed {
    const item = this.#deck.current;
    if (!item) throw new Error("There is no patch in sight.");
    return item;
  }

  #listen(): void {
    const run: Record<ReviewCommand, () => void> = {
      yes: () => this.#decide("yes"),
      no: () => this.#decide("no"),
      unsure: () => this.#decide("unsure"),
      "review:next": () => this.#go(1),
      "review:previous": () => this.#go(-1),
      undo: () => this.#undo(),
      "review:remark": () => this.#remarks.focus(),
      help: () => this.#keys.open(),
    };
    window.addEventListener("keydown", (event) => {
      const command = this.#keymap.command(event);
      const target = event.target as Element;
      if (!command || target.closest("input, select, textarea, dialog")) return;
      event.preventDefault();
      run[command]();
    });
  }

  /** Everything anew, of the structure that is chosen now. */
  async #reload(): Promise<void> {
    // Nothing is in sight until then: a decision about another structure would be meant for this one.
    this.#listing.clear();
    this.#strip.clear();
    this.#show();
    await this.#decisions.settle();
    const own = (one: { structure: number }) => one.structure === this.#choice.structure;
    this.#remarks.remarks = this.#allRemarks.filter(own);
    this.#known.patches = this.#allPatches.filter(own);
    await this.#listing.begin(this.#choice.structure, this.#choice.decided);
  }

  #decide(answer: Answer): void {
    this.#decisions.decide(this.#choice.structure, answer);
  }

  #undo(): void {
    this.#decisions.undo(this.#choice.structure);
  }

  #go(by: number): void {
    this.#deck.move(by);
    this.#show();
  }

  async #remark(text: string, to: number | null): Promise<Remark> {
    const made = await this.#told(this.#api.remark(this.#choice.structure, this.#item, text, to));
    this.#allRemarks.push(made);
    this.#work.say(made.sent_to ? `Sent back to ${made.sent_to}.` : "The remark is kept.");
    return made;
  }

  async #keep(use: Use, value: Answer): Promise<ModelPatch> {
    const { dataset } = this.#props;
    const { structure } = this.#choice;
    const kept = await this.#told(keepModelPatch(dataset, structure, this.#item, { use, value }));
    this.#allPatches.push(kept);
    return kept;
  }

  async #drop(id: number): Promise<void> {
    await this.#told(dropModelPatch(id));
    this.#allPatches = this.#allPatches.filter((one) => one.id !== id);
  }

  /** What fails is said on the screen, and to whoever asked. */
  async #told<T>(asked: Promise<T>): Promise<T> {
    try {
      return await asked;
    } catch (error) {
      this.#work.say(messageOf(error));
      throw error;
    }
  }

  #show(): void {
    const item = this.#deck.current;
    const left = this.#deck.open + this.#listing.beyond;
    setText(this.#left, this.#listing.here ? `${patches(left)} left` : "");
    setAttribute(this.#root, "data-left", this.#listing.here ? left : null);
    this.#about.hidden = item === null;
    this.#picture.element.hidden = item === null;
    this.#none.hidden = item !== null;
    setText(this.#none, this.#listing.here ? this.#listing.failed || NOBODY : "Loading …");
    this.#strip.show(this.#deck.items, this.#deck.focus);
    if (!item) return;
    const image = this.#images.get(item.image);
    const { structure } = this.#choice;
    this.#verdict.show(item, structure, image, this.#deck.canUndo);
    this.#remarks.show(item);
    this.#known.show({ ...item, structure, guess: guessOf(item) });
    if (image) this.#picture.show(item, image, this.#look);
    if (this.#deck.focus > this.#deck.items.length - AHEAD) void this.#listing.more();
  }
}

/** The answer that a patch most likely has. */
function guessOf({ decision, probability }: Disputed): Answer {
  return decision ?? (probability >= 0.5 ? "yes" : "no");
}
