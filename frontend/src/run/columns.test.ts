import { expect, it } from "vitest";
import { lossColumns } from "./columns";

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
