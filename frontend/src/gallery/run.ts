import type { Answer } from "../api/types";
import type { GalleryCommand } from "./commands";

/** What a key can ask of the gallery. */
export interface Commands {
  brush: Answer | null;
  answer: (answer: Answer | null) => void;
  restNo: () => void;
  move: (down: number, right: number, extend: boolean) => void;
  turn: (by: 1 | -1) => void;
  nextOpen: () => void;
  selectScreen: (invert: boolean) => void;
  undo: () => Promise<void>;
  redo: () => Promise<void>;
  stepStructure: (by: 1 | -1) => void;
  peek: () => void;
  alike: () => void;
  threshold: (by: 1 | -1) => void;
  accept: () => void;
  resize: (by: 1 | -1) => void;
  collapse: () => void;
}

type Run = (screen: Commands) => unknown;

const RUN: Record<Exclude<GalleryCommand, "help">, Run> = {
  yes: (screen) => screen.answer("yes"),
  no: (screen) => screen.answer("no"),
  unsure: (screen) => screen.answer("unsure"),
  clear: (screen) => screen.answer(null),
  apply: (screen) => screen.answer(screen.brush),
  restNo: (screen) => screen.restNo(),
  left: (screen) => screen.move(0, -1, false),
  right: (screen) => screen.move(0, 1, false),
  up: (screen) => screen.move(-1, 0, false),
  down: (screen) => screen.move(1, 0, false),
  selectLeft: (screen) => screen.move(0, -1, true),
  selectRight: (screen) => screen.move(0, 1, true),
  selectUp: (screen) => screen.move(-1, 0, true),
  selectDown: (screen) => screen.move(1, 0, true),
  nextScreen: (screen) => screen.turn(1),
  previousScreen: (screen) => screen.turn(-1),
  nextOpen: (screen) => screen.nextOpen(),
  selectAll: (screen) => screen.selectScreen(false),
  invert: (screen) => screen.selectScreen(true),
  undo: (screen) => screen.undo(),
  redo: (screen) => screen.redo(),
  nextStructure: (screen) => screen.stepStructure(1),
  previousStructure: (screen) => screen.stepStructure(-1),
  peek: (screen) => screen.peek(),
  alike: (screen) => screen.alike(),
  lowerThreshold: (screen) => screen.threshold(-1),
  raiseThreshold: (screen) => screen.threshold(1),
  accept: (screen) => screen.accept(),
  smaller: (screen) => screen.resize(1),
  larger: (screen) => screen.resize(-1),
  escape: (screen) => screen.collapse(),
};

export function runCommand(command: Exclude<GalleryCommand, "help">, screen: Commands): void {
  void RUN[command](screen);
}
