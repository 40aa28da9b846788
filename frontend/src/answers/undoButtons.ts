import { textButton } from "../ui/dom";

/** Takes back, and does again. */
export class UndoButtons {
  readonly elements: readonly HTMLButtonElement[];
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;

  constructor(actions: { undo: () => void; redo: () => void }) {
    this.#undo = textButton("Undo", () => actions.undo(), { icon: "arrow-counterclockwise" });
    this.#redo = textButton("Redo", () => actions.redo(), { icon: "arrow-clockwise" });
    this.elements = [this.#undo, this.#redo];
  }

  show({ canUndo, canRedo }: { canUndo: boolean; canRedo: boolean }): void {
    this.#undo.disabled = !canUndo;
    this.#redo.disabled = !canRedo;
  }
}
