import { expect, test } from "vitest";
import { around } from "./around";

const image = { id: 4, name: "a.tif", rows: 3, columns: 10 };

test("a patch in the middle has as much on each side", () => {
  const found = around({ image: 4, row: 1, column: 5 }, image, 1);
  expect(found[0]).toEqual({ image: 4, row: 0, column: 4 });
  expect(found[8]).toEqual({ image: 4, row: 2, column: 6 });
  expect(found).toHaveLength(9);
});

test("at the edge of an image there is more on the other side", () => {
  const found = around({ image: 4, row: 0, column: 9 }, image, 2);
  expect(found).toHaveLength(15);
  expect(found[0]).toEqual({ image: 4, row: 0, column: 5 });
  expect(found[14]).toEqual({ image: 4, row: 2, column: 9 });
});
