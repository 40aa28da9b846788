import type { EpochRecord } from "../api/types";

/** Columns for uPlot: epochs, training loss, validation loss; null where none was measured. */
export type LossColumns = [number[], (number | null)[], (number | null)[]];

const STAGES: Record<string, string> = {
  classify: "learning the answers",
  locate: "finding the pixels",
  refine: "drawing the masks",
};

/** Between two stages stands a row without losses, for each stage has a loss of its own. */
export function lossColumns(history: readonly EpochRecord[]): LossColumns {
  const columns: LossColumns = [[], [], []];
  const add = (epoch: number, train: number | null, validation: number | null): void => {
    columns[0].push(epoch);
    columns[1].push(train);
    columns[2].push(validation);
  };
  history.forEach((point, index) => {
    const before = history[index - 1];
    if (before && before.stage !== point.stage) add((before.epoch + point.epoch) / 2, null, null);
    add(point.epoch, finite(point.train_loss), finite(point.validation_loss));
  });
  return columns;
}

/** What an epoch is spent on, in words; empty where it is not known. */
export function stageOf(history: readonly EpochRecord[], epoch: number): string {
  const stage = history.find((point) => point.epoch === epoch)?.stage;
  return stage ? (STAGES[stage] ?? stage) : "";
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
