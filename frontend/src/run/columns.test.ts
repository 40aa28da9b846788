import { expect, it } from "vitest";
import { lossColumns, stageOf } from "./columns";

it("leaves a gap where a loss was not measured", () => {
  const history = [
    { epoch: 1, train_loss: 0.7, validation_loss: null },
    { epoch: 2, train_loss: Number.NaN, validation_loss: 0.4 },
  ];
  expect(lossColumns(history)).toEqual([
    [1, 2],
    [0.7, null],
    [null, 0.4],
  ]);
});

const STAGED = [
  { stage: "classify", epoch: 1, train_loss: 0.7, validation_loss: 0.6 },
  { stage: "classify", epoch: 2, train_loss: 0.3, validation_loss: 0.2 },
  { stage: "refine", epoch: 5, train_loss: 1.2, validation_loss: 1.1 },
];

it("does not join the losses of two stages", () => {
  expect(lossColumns(STAGED)).toEqual([
    [1, 2, 3.5, 5],
    [0.7, 0.3, null, 1.2],
    [0.6, 0.2, null, 1.1],
  ]);
});

it("says what an epoch is spent on", () => {
  expect(stageOf(STAGED, 5)).toBe("drawing the masks");
  expect(stageOf([{ epoch: 1, train_loss: 1, validation_loss: 1 }], 1)).toBe("");
});
