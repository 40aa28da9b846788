import { answerColours } from "../answers/palette";
import { SentBack, type SentBackPatch } from "../answers/sentBack";
import { afterPaint } from "../saving/afterPaint";
import { StepHistory } from "../saving/history";
import type { SaveState } from "../saving/state";
import { Grid } from "../viewer/grid";
import { Badges } from "./badges";
import { EmptyPatches } from "./empties";
import { HintLayers } from "./hintLayers";
import { Hints } from "./hints";
import type { Step } from "./history";
import { KnownHere } from "./knownHere";
import { Labelling } from "./labelling";
import { LabelLayers } from "./layers";
import { LeftOutPatches } from "./leftOut";
import { LabelLoader } from "./loader";
import type { LabelData } from "./panelState";
import { ImageAnswers } from "./saving";

/** What the parts of the label screen tell it. */
export interface Hooks {
  /** Something about answers or the selection changed. */
  update: () => void;
  /** Something to draw changed. */
  draw: () => void;
  say: (text: string) => void;
  saved: (state: SaveState) => void;
  accept: () => void;
  visit: (patch: SentBackPatch) => boolean;
  /** A manager chose other examples. */
  examples: () => void;
}

/** The parts of the label screen that know each other, without the controls around them. */
export class Parts {
  readonly labelling: Labelling;
  readonly history: StepHistory<Step>;
  readonly given: ImageAnswers;
  readonly loader: LabelLoader;
  readonly layers: LabelLayers;
  readonly leftOut: LeftOutPatches;
  readonly empties: EmptyPatches;
  readonly hints: Hints;
  readonly hintLayers: HintLayers;
  readonly sentBack: SentBack;
  readonly badges: Badges;
  readonly known: KnownHere;
  readonly #image: number;

  constructor(data: LabelData, hooks: Hooks) {
    const { image, dataset, structures, readOnly } = data;
    const { update, draw, say, visit } = hooks;
    const colours = answerColours();
    const grid = new Grid(image.height, image.width, image.patch_size, image.overlap);
    this.#image = image.id;
    const scope = `${data.user}:image ${image.id}:${image.patch_size}:${image.overlap}`;
    this.history = new StepHistory(scope, data.database, {
      painted: afterPaint,
      changed: () => this.given.queue.report(),
    });
    this.given = new ImageAnswers(image, grid, data.user, data.database, this.history, hooks.saved);
    this.labelling = this.#labelling(grid, update);
    this.loader = new LabelLoader(image, this.labelling);
    this.layers = new LabelLayers(this.labelling, colours);
    this.leftOut = new LeftOutPatches(image.id, this.labelling, readOnly, { changed: draw, say });
    this.empties = new EmptyPatches(image, this.labelling, readOnly, {
      changed: draw,
      say,
      leaveOut: (indices) => void this.leftOut.change(indices, true),
    });
    const { accept } = hooks;
    this.hints = new Hints(image.id, this.labelling, { changed: update, accept, say });
    this.hintLayers = new HintLayers(this.labelling, this.hints, colours);
    const about = { dataset: dataset.id, structures };
    this.sentBack = new SentBack({ ...about, goTo: visit, changed: draw, say });
    this.badges = new Badges(grid);
    this.known = new KnownHere(image, this.labelling, say, hooks.examples);
  }

  #labelling(grid: Grid, changed: () => void): Labelling {
    const events = {
      changed,
      given: (...[structure, codes, undoing]: Parameters<ImageAnswers["give"]>): void => {
        this.given.give(structure, codes, undoing);
        for (const [index] of codes) {
          this.sentBack.answered({ image: this.#image, ...grid.cell(index) }, structure);
        }
      },
      awaited: (structure: number, index: number) =>
        this.sentBack.about({ image: this.#image, ...grid.cell(index) }, structure) !== undefined,
      pending: (structure: number) => this.given.pending(structure),
    };
    return new Labelling(grid, events, this.history);
  }

  /** The patches with a badge: sent back about the structure that is asked about. */
  sentBackHere(): SentBackPatch[] {
    const { structure } = this.labelling;
    const here = (one: SentBackPatch): boolean =>
      one.image === this.#image && one.structure === structure;
    return this.sentBack.patches.filter(here);
  }
}
