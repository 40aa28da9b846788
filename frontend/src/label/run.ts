import type { Answer } from "../api/types";
import type { ViewCommand } from "../viewer/keys";
import { type LabelCommand, VIEW_COMMANDS } from "./commands";

/** What a key can ask of the label screen. */
export interface Commands {
  brush: Answer | null;
  answer: (answer: Answer | null) => void;
  restNo: () => void;
  move: (down: number, right: number, extend: boolean) => void;
  selectInSight: (invert: boolean) => void;
  alike: (more: boolean) => void;
  nextOpen: () => void;
  undo: () => void;
  redo: () => void;
  stepStructure: (by: 1 | -1) => void;
  peek: () => void;
  threshold: (by: 1 | -1) => void;
  accept: () => void;
  leaveOut: () => void;
  toggleHidden: () => void;
  goTo: (step: 1 | -1) => void;
  collapse: () => void;
  help: () => void;
  look: (asked: ViewCommand) => void;
}

type Run = (screen: Commands) => void;

const RUN: Record<Exclude<LabelCommand, keyof typeof VIEW_COMMANDS>, Run> = {
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
  selectAll: (screen) => screen.selectInSight(false),
  invert: (screen) => screen.selectInSight(true),
  alike: (screen) => screen.alike(true),
  "label:lessAlike": (screen) => screen.alike(false),
  nextOpen: (screen) => screen.nextOpen(),
  undo: (screen) => screen.undo(),
  redo: (screen) => screen.redo(),
  nextStructure: (screen) => screen.stepStructure(1),
  previousStructure: (screen) => screen.stepStructure(-1),
  peek: (screen) => screen.peek(),
  lowerThreshold: (screen) => screen.threshold(-1),
  raiseThreshold: (screen) => screen.threshold(1),
  accept: (screen) => screen.accept(),
  leaveOut: (screen) => screen.leaveOut(),
  "label:hide": (screen) => screen.toggleHidden(),
  "label:nextImage": (screen) => screen.goTo(1),
  "label:previousImage": (screen) => screen.goTo(-1),
  escape: (screen) => screen.collapse(),
  help: (screen) => screen.help(),
};

export function runCommand(command: LabelCommand, screen: Commands): void {
  if (command in VIEW_COMMANDS) {
    return screen.look(VIEW_COMMANDS[command as keyof typeof VIEW_COMMANDS]);
  }
  RUN[command as keyof typeof RUN](screen);
}
