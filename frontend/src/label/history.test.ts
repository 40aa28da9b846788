import { describe, expect, it } from "vitest";
import type { Change } from "./answers";
import { join } from "./history";

describe("joining the changes of one stroke", () => {
  it("goes from the first answer to the last", () => {
    const first: Change[] = [{ index: 5, before: 2, after: 1 }];
    const second: Change[] = [{ index: 5, before: 1, after: 3 }];
    expect(join(first, second)).toEqual([{ index: 5, before: 2, after: 3 }]);
  });

  it("drops a patch that ends as it began", () => {
    const there: Change[] = [{ index: 5, before: 2, after: 1 }];
    const back: Change[] = [{ index: 5, before: 1, after: 2 }];
    expect(join(there, back)).toEqual([]);
  });
});
