import type { Answer } from "../api/types";
import type { Desk } from "../viewer/desk";
import type { Command } from "./keys";

/** What a key can ask of the label screen. */
export interface Commands {
  answer: (answer: Answer | null) => void;
  move: (down: number, right: number, extend: boolean) => void;
  undo: () => void;
  redo: () => void;
  stepStructure: (by: 1 | -1) => void;
  nextOpen: () => void;
  toggleHidden: () => void;
  help: () => void;
  goTo: (step: 1 | -1) => void;
  collapse: () => void;
}

export function runCommand(asked: Command, screen: Commands, desk: Desk): void {
  switch (asked.do) {
    case "answer":
      return screen.answer(asked.answer);
    case "move":
      return screen.move(asked.down, asked.right, asked.extend);
    case "undo":
      return screen.undo();
    case "redo":
      return screen.redo();
    case "nextStructure":
      return screen.stepStructure(1);
    case "previousStructure":
      return screen.stepStructure(-1);
    case "nextOpen":
      return screen.nextOpen();
    case "hide":
      return screen.toggleHidden();
    case "help":
      return screen.help();
    case "image":
      return screen.goTo(asked.step);
    case "escape":
      return screen.collapse();
    default:
      return desk.run(asked);
  }
}
