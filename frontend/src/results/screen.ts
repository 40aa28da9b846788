import { messageOf } from "../api/client";
import {
  applySeparation,
  applyThreshold,
  getObjects,
  getPatchScores,
  getSegmentations,
  getThresholds,
} from "../api/endpoints";
import { success } from "../api/follow";
import type { ModelVersion, ObjectTable, Run, Separation, Thresholds } from "../api/types";
import { runLine } from "../ui/runText";
import { work } from "../ui/work";
import { Desk } from "../viewer/desk";
import type { Box } from "../viewer/layers/grid";
import type { Viewer } from "../viewer/viewer";
import { downloadButton, noModel, notSegmented } from "./actions";
import { Overlays, scoreGrid } from "./overlays";
import { ResultPanel } from "./panel";
import { firstResults, type Look, type Result, type ResultData } from "./state";

/** The result screen: joins the viewer, the maps over the image and the panel beside it. */
export class ResultScreen {
  readonly #root: HTMLElement;
  readonly #data: ResultData;
  readonly #work = work();
  readonly #look: Look = { mode: "mask", opacity: 0.5, scores: false };
  readonly #overlays: Overlays;
  readonly #panel: ResultPanel;
  #model: ModelVersion | null;
  #results: Result[] = [];
  #chosen = -1;
  #desk: Desk | null = null;

  constructor(root: HTMLElement, data: ResultData) {
    this.#root = root;
    this.#data = data;
    this.#model = data.model;
    const { image } = data;
    this.#overlays = new Overlays(image, () => this.#viewer?.invalidate());
    this.#panel = new ResultPanel(this.#work, data, this.#look, {
      look: () => this.#lookChanged(),
      model: (model) => void this.#chooseModel(model),
      object: (box) => this.#showObject(box),
      objects: () => void this.#loadObjects(),
      choose: (result) => this.#choose(result),
      show: (result, visible) => this.#show(result, visible),
      threshold: (result, threshold) => this.#threshold(result, threshold),
      apply: (result) => void this.#apply(result),
      suggest: (result) => this.#suggest(result),
      objectsOf: (result) => this.#objectsOf(result),
      separate: (result, separation) => void this.#separate(result, separation),
    });
  }

  get #viewer(): Viewer | undefined {
    return this.#desk?.viewer;
  }

  async open(): Promise<Viewer> {
    this.#root.replaceChildren(this.#work.element);
    const desk = await Desk.open({
      work: this.#work,
      image: this.#data.image,
      dataset: this.#data.dataset,
      about: "The results",
      events: {
        overlays: (frame) => this.#overlays.build(frame, this.#results, this.#chosen, this.#look),
        hover: (at) => this.#hover(at),
      },
    });
    this.#desk = desk;
    desk.viewer.element.classList.add("viewer-pans");
    this.#panel.attach(desk);
    await this.#load();
    await desk.viewer.ready;
    this.#root.dataset.ready = "true";
    return desk.viewer;
  }

  async #chooseModel(model: ModelVersion): Promise<void> {
    this.#model = model;
    history.replaceState(null, "", `?model=${model.id}`);
    await this.#load();
  }

  /** Reads the model's results of this image; on a failure the image stays and a sentence says why. */
  async #load(): Promise<void> {
    const { image } = this.#data;
    const model = this.#model;
    this.#overlays.object = null;
    if (!model) return this.#panel.placeholder(noModel(image.dataset, this.#data.mayChange));
    try {
      if (!(await this.#read(model))) return;
    } catch (error) {
      return this.#work.say(`The results could not be loaded: ${messageOf(error)}`);
    }
    if (this.#results.length === 0) this.#panel.placeholder(this.#notSegmented(model));
    await Promise.all(
      this.#results.map(({ segmentation }) => this.#overlays.open(segmentation.map)),
    );
    this.#root.dataset.maps = String(this.#results.length);
  }

  /** Shows what a model found; false where somebody has chosen another one meanwhile. */
  async #read(model: ModelVersion | null): Promise<boolean> {
    const found = await getSegmentations(this.#data.image.id, model?.id ?? null);
    if (model !== this.#model) return false;
    this.#take(firstResults(found));
    return true;
  }

  #notSegmented(model: ModelVersion): HTMLElement {
    const { image, mayChange } = this.#data;
    return notSegmented({
      dataset: image.dataset,
      image: image.id,
      model: model.id,
      mayStart: mayChange,
      done: () => void this.#load(),
    });
  }

  #take(results: Result[]): void {
    const before = this.#results;
    const kept = results.map((result) => ({
      ...result,
      visible:
        before.find((old) => old.segmentation.structure.id === result.segmentation.structure.id)
          ?.visible ?? true,
    }));
    this.#results = kept;
    const again = kept.find(({ segmentation }) => segmentation.id === this.#chosen) ?? kept[0];
    this.#chosen = again?.segmentation.id ?? -1;
    const download = this.#model ? downloadButton(this.#data.image.dataset, this.#model.id) : null;
    this.#panel.results(kept, this.#chosen, download);
    if (again) this.#choose(again);
  }

  #choose(result: Result): void {
    this.#chosen = result.segmentation.id;
    this.#overlays.object = null;
    this.#panel.update(this.#chosen);
    void this.#loadScores();
    void this.#loadObjects();
    this.#viewer?.invalidate();
  }

  #current(): Result | undefined {
    return this.#results.find(({ segmentation }) => segmentation.id === this.#chosen);
  }

  #lookChanged(): void {
    void this.#loadScores();
    this.#viewer?.invalidate();
  }

  async #loadScores(): Promise<void> {
    const result = this.#current();
    if (!result || result.scores || !this.#look.scores) return;
    try {
      result.scores = await getPatchScores(result.segmentation.patches);
    } catch (error) {
      this.#work.say(`The patch scores could not be loaded: ${messageOf(error)}`);
    }
    this.#viewer?.invalidate();
  }

  async #loadObjects(): Promise<void> {
    const result = this.#current();
    if (!result || !this.#panel.objectsOpen) return;
    this.#panel.objects.message("Loading the objects…");
    try {
      const table = await getObjects(result.segmentation.objects);
      if (result === this.#current()) this.#panel.objects.set(table);
    } catch (error) {
      this.#panel.objects.message(messageOf(error));
    }
  }

  /** For a hint beside a field, which works without it. */
  async #objectsOf(result: Result): Promise<ObjectTable | null> {
    try {
      return await getObjects(result.segmentation.objects);
    } catch {
      return null;
    }
  }

  #show(result: Result, visible: boolean): void {
    result.visible = visible;
    this.#viewer?.invalidate();
  }

  #threshold(result: Result, threshold: number): void {
    result.threshold = threshold;
    this.#panel.update(this.#chosen);
    this.#viewer?.invalidate();
  }

  #apply(result: Result): Promise<void> {
    const { id, structure } = result.segmentation;
    const start = () => applyThreshold(id, result.threshold);
    return this.#recount(result, start, `New threshold for ${structure.name} applied.`);
  }

  #separate(result: Result, separation: Separation): Promise<void> {
    const { model, structure } = result.segmentation;
    const start = () => applySeparation(model, structure.id, separation);
    return this.#recount(result, start, `${structure.name} counted anew in all images.`);
  }

  /** Follows a run that counts objects again, then shows what it found. */
  async #recount(result: Result, start: () => Promise<Run>, done: string): Promise<void> {
    const card = this.#panel.card(result);
    try {
      await success(await start(), (now) => card?.status(runLine(now)));
      card?.status("");
      await this.#read(this.#model);
      this.#work.say(done);
    } catch (error) {
      card?.status("");
      this.#work.say(messageOf(error));
    }
  }

  async #suggest(result: Result): Promise<Thresholds | null> {
    try {
      result.suggested ??= await getThresholds(result.segmentation.id);
    } catch (error) {
      this.#work.say(`The thresholds could not be computed: ${messageOf(error)}`);
    }
    return result.suggested;
  }

  #showObject(box: Box): void {
    this.#overlays.object = box;
    const viewer = this.#viewer;
    if (!viewer) return;
    const [left, top, right, bottom] = box;
    const zoom = Math.max(viewer.view.zoom, Math.min(2, Math.log2(160 / (right - left + 1))));
    viewer.camera.view = { x: (left + right) / 2, y: (top + bottom) / 2, zoom };
  }

  #hover(at: [number, number] | null): void {
    const scores = this.#look.scores ? this.#current()?.scores : null;
    const cell = at && scores ? scoreGrid(this.#data.image, scores).at(...at) : null;
    const score = cell && scores?.scores[cell.row]?.[cell.column];
    const said = typeof score === "number" && scores && (score >= scores.decision ? "yes" : "no");
    this.#desk?.readout.show(at, said ? `score ${score?.toFixed(2)}, ${said}` : "");
  }
}
