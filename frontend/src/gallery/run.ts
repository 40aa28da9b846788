import type { GalleryCommand } from "./commands";
import type { Hands } from "./hands";
import type { Showing } from "./showing";
import type { Walk } from "./walk";

/** What a key can ask of the gallery. */
export interface Commands {
  hands: Hands;
  walk: Walk;
  showing: Showing;
  peek: () => void;
  alike: () => void;
  threshold: (by: 1 | -1) => void;
  resize: (by: 1 | -1) => void;
}

type Run = (screen: Commands) => unknown;

const RUN: Record<Exclude<GalleryCommand, "help">, Run> = {
  yes: ({ hands }) => hands.answer("yes"),
  no: ({ hands }) => hands.answer("no"),
  unsure: ({ hands }) => hands.answer("unsure"),
  clear: ({ hands }) => hands.answer(null),
  apply: ({ hands }) => hands.answer(hands.brush),
  restNo: ({ hands }) => hands.restNo(),
  leaveOut: ({ hands }) => hands.leaveOut(),
  left: ({ walk }) => walk.move(0, -1, false),
  right: ({ walk }) => walk.move(0, 1, false),
  up: ({ walk }) => walk.move(-1, 0, false),
  down: ({ walk }) => walk.move(1, 0, false),
  selectLeft: ({ walk }) => walk.move(0, -1, true),
  selectRight: ({ walk }) => walk.move(0, 1, true),
  selectUp: ({ walk }) => walk.move(-1, 0, true),
  selectDown: ({ walk }) => walk.move(1, 0, true),
  nextScreen: ({ walk }) => walk.turn(1),
  previousScreen: ({ walk }) => walk.turn(-1),
  nextOpen: ({ walk }) => walk.nextOpen(),
  selectAll: ({ walk }) => walk.selectScreen(false),
  invert: ({ walk }) => walk.selectScreen(true),
  undo: ({ hands }) => hands.undo(),
  redo: ({ hands }) => hands.redo(),
  nextStructure: ({ showing }) => showing.step(1),
  previousStructure: ({ showing }) => showing.step(-1),
  peek: (screen) => screen.peek(),
  alike: (screen) => screen.alike(),
  lowerThreshold: (screen) => screen.threshold(-1),
  raiseThreshold: (screen) => screen.threshold(1),
  accept: ({ hands }) => hands.accept(),
  smaller: (screen) => screen.resize(1),
  larger: (screen) => screen.resize(-1),
  escape: ({ walk }) => walk.collapse(),
};

export function runCommand(command: Exclude<GalleryCommand, "help">, screen: Commands): void {
  void RUN[command](screen);
}
