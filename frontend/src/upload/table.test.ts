import { expect, it } from "vitest";
import { reportText } from "./table";

it("names every line that was not understood, and counts what is too much to read", () => {
  expect(reportText({ changed: 1, problems: [] })).toBe("1 image described.");
  const problems = Array.from({ length: 22 }, (_, line) => `Line ${line}`);
  const lines = reportText({ changed: 3, problems }).split("\n");
  expect(lines[0]).toBe("3 images described.");
  expect(lines).toHaveLength(22);
  expect(lines.at(-1)).toBe("… and 2 more.");
});
