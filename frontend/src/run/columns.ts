import type { EpochRecord } from "../api/types";

/** Columns for uPlot: epochs, training loss, validation loss; null where none was measured. */
export function lossColumns(
  history: readonly EpochRecord[],
): [number[], (number | null)[], (number | null)[]] {
  const finite = (value: number | null | undefined): number | null =>
    typeof value === "number" && Number.isFinite(value) ? value : null;
  return [
    history.map(({ epoch }) => epoch),
    history.map(({ train_loss }) => finite(train_loss)),
    history.map(({ validation_loss }) => finite(validation_loss)),
  ];
}
