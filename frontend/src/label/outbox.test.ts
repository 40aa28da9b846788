import { describe, expect, it } from "vitest";
import { type Change, type Code, codeOf } from "./answers";
import { Outbox } from "./outbox";

const change = (index: number, after: Code, before: Code = 0): Change => ({ index, before, after });

describe("the outbox", () => {
  it("sends one structure and one answer at a time", () => {
    const outbox = new Outbox();
    outbox.add(1, [change(0, 1), change(1, 2), change(2, 1)]);
    expect(outbox.take(10)).toEqual({ structure: 1, value: "yes", indices: [0, 2] });
    outbox.confirm();
    expect(outbox.take(10)).toEqual({ structure: 1, value: "no", indices: [1] });
    outbox.confirm();
    expect(outbox.take(10)).toBeNull();
  });

  it("sends only the last answer to a patch", () => {
    const outbox = new Outbox();
    outbox.add(1, [change(7, 1)]);
    outbox.add(1, [change(7, 0)]);
    expect(outbox.take(10)).toEqual({ structure: 1, value: null, indices: [7] });
  });

  it("keeps batches small", () => {
    const outbox = new Outbox();
    outbox.add(
      1,
      Array.from({ length: 5 }, (_, index) => change(index, 1)),
    );
    expect(outbox.take(2)?.indices).toEqual([0, 1]);
    expect(outbox.size).toBe(5);
    outbox.confirm();
    expect(outbox.size).toBe(3);
  });

  it("has one batch out at a time", () => {
    const outbox = new Outbox();
    outbox.add(1, [change(0, 1), change(1, 2)]);
    outbox.take(10);
    expect(outbox.take(10)).toBeNull();
  });

  it("puts a failed batch back, but never over a newer answer", () => {
    const outbox = new Outbox();
    outbox.add(1, [change(0, 1), change(1, 1)]);
    outbox.take(10);
    outbox.add(1, [change(1, 2)]);
    outbox.giveBack(codeOf);
    const first = outbox.take(10);
    outbox.confirm();
    const sent = [first, outbox.take(10)];
    expect(sent).toContainEqual({ structure: 1, value: "yes", indices: [0] });
    expect(sent).toContainEqual({ structure: 1, value: "no", indices: [1] });
  });

  it("names everything unconfirmed, in flight or waiting", () => {
    const outbox = new Outbox();
    outbox.add(3, [change(0, 1), change(4, 2)]);
    outbox.take(10);
    expect(outbox.entries(codeOf)).toEqual([
      [3, 0, 1],
      [3, 4, 2],
    ]);
  });
});
