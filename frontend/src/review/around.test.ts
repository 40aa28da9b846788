import { expect, test } from "vitest";
import { around } from "./around";

const image = { id: 4, name: "a.tif", rows: 3, columns: 10 };

test("neighbours end where the image ends", () => {
  const found = around({ image: 4, row: 0, column: 9 }, image, 2);
  expect(found).toHaveLength(9);
  expect(found[0]).toEqual({ image: 4, row: 0, column: 7 });
  expect(found[8]).toEqual({ image: 4, row: 2, column: 9 });
});
