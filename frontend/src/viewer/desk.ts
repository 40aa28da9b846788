import "./viewer.css";
import { messageOf } from "../api/client";
import type { Dataset, Image } from "../api/types";
import type { Work } from "../ui/work";
import { firstChannels } from "./channels";
import { ChannelPanel } from "./controls/channelPanel";
import { DisplayKeeper } from "./controls/displayKeeper";
import { Minimap } from "./controls/minimap";
import { PlaneNote } from "./controls/planeNote";
import { isStack, PlaneStrip } from "./controls/planeStrip";
import { Readout } from "./controls/readout";
import { toolbar } from "./controls/toolbar";
import type { ViewCommand } from "./keys";
import { workingPlane } from "./planes";
import { reading } from "./tiles/source";
import { Viewer, type ViewerEvents } from "./viewer";

export interface DeskOptions {
  work: Work;
  image: Image;
  dataset: Dataset;
  /** What the data set's working view is about: "The answers". Empty: nothing is said about other planes. */
  about: string;
  /** Further buttons of the screen. */
  tools?: HTMLElement[];
  events?: Omit<ViewerEvents, "lost">;
}

/** A viewer with all that stands around it on every screen: tools, planes, channels, overview, readout. */
export class Desk {
  readonly viewer: Viewer;
  readonly panel: ChannelPanel;
  readonly readout: Readout;
  readonly #work: Work;
  readonly #planes: PlaneStrip;
  readonly #minimap: Minimap;

  private constructor(viewer: Viewer, keeper: DisplayKeeper, options: DeskOptions) {
    const { image, dataset, work } = options;
    this.viewer = viewer;
    this.#work = work;
    this.readout = new Readout(viewer);
    this.#planes = new PlaneStrip(viewer);
    this.#minimap = new Minimap(viewer);
    this.panel = new ChannelPanel({
      viewer,
      defaults: firstChannels(image, dataset.used_channels),
      changed: () => keeper.changed(viewer.channels),
      reset: () => void keeper.forget(),
      say: work.say,
    });
    const working = workingPlane(dataset, viewer.sizes);
    const note = options.about ? [new PlaneNote(viewer, working, options.about).element] : [];
    viewer.element.append(
      toolbar((command) => this.run(command), options.tools ?? []),
      this.readout.element,
      this.#minimap.element,
      ...note,
    );
    work.stage.append(this.#planes.element);
    work.stage.classList.toggle("work-stage-planes", isStack(viewer));
    this.#follow();
  }

  static async open(options: DeskOptions): Promise<Desk> {
    const { image, dataset, work, events } = options;
    const keeper = new DisplayKeeper(dataset.id, (error) =>
      work.say(`Your display settings could not be kept: ${messageOf(error)}`),
    );
    await keeper.read();
    const lost = () => work.say("The graphics card stopped. Reload the page; nothing is lost.");
    const viewer = await Viewer.open(
      work.stage,
      image,
      { ...events, lost },
      {
        plane: (sizes) => workingPlane(dataset, sizes),
        channels: () => keeper.restore(firstChannels(image, dataset.used_channels)),
      },
    );
    return new Desk(viewer, keeper, options);
  }

  /** Reads the overview again when other pixels are in sight: another plane, or a channel never shown before. */
  #follow(): void {
    let asked = 0;
    let before = "";
    const read = async (): Promise<void> => {
      const turn = ++asked;
      const coarse = await this.viewer.overview();
      if (turn !== asked) return;
      this.#minimap.take(coarse);
      this.panel.take(coarse);
    };
    const look = (): void => {
      const { plane, channels } = this.viewer;
      const visible = channels.filter((channel) => channel.visible).map(({ index }) => index);
      const now = JSON.stringify([plane, visible]);
      if (now === before) return;
      before = now;
      read().catch((error: unknown) => this.#work.say(messageOf(error)));
    };
    reading.addEventListener("failed", (event) =>
      this.#work.say((event as CustomEvent<string>).detail),
    );
    // After the frame, which is what chooses the channels to fetch.
    this.viewer.addEventListener("view", look);
    this.viewer.invalidate();
  }

  run(command: ViewCommand): void {
    const { camera } = this.viewer;
    switch (command.do) {
      case "zoom":
        return camera.zoom(command.by);
      case "fit":
        return camera.fit();
      case "oneToOne":
        return camera.oneToOne();
      case "plane":
        return this.#planes.step("z", command.by);
      case "time":
        return this.#planes.step("t", command.by);
      case "maximum":
        return this.#planes.toggleMaximum();
      case "play":
        return this.#planes.togglePlay();
      case "minimap":
        return this.#minimap.toggle();
      case "fullScreen":
        return this.#fullScreen();
    }
  }

  #fullScreen(): void {
    const done = document.fullscreenElement
      ? document.exitFullscreen()
      : this.#work.element.requestFullscreen();
    done.catch((error: unknown) => this.#work.say(messageOf(error)));
  }
}
