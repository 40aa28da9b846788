import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "../api/client";
import type { Answer } from "../api/types";
import { AnswerDatabase } from "./database";
import { AnswerQueue, type Batch } from "./queue";
import type { SaveState } from "./state";

const grid = { patch_size: 32, overlap: 0 };

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

/** A queue whose server and clock are in the test's hands. */
async function setUp(
  replies: (ApiError | null)[],
  size = grid,
  limit = 500,
  beside = { unwritten: false },
) {
  const sent: Batch[] = [];
  const states: SaveState[] = [];
  const waits: number[] = [];
  const due: (() => void)[] = [];
  const database = await AnswerDatabase.open();
  const queue = new AnswerQueue({
    scope: "1:2",
    database,
    grid: size,
    limit,
    beside,
    post: async (batch) => {
      const error = replies.shift() ?? null;
      if (error) throw error;
      sent.push(batch);
    },
    changed: (state) => states.push(state),
    later: (milliseconds, run) => {
      waits.push(milliseconds);
      due.push(run);
    },
  });
  const tick = async (): Promise<void> => {
    due.shift()?.();
    for (let i = 0; i < 30; i += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const give = (...columns: number[]): void => answer(queue, "yes", columns);
  return { queue, sent, states, waits, tick, give, database };
}

function answer(queue: AnswerQueue, value: Answer | null, columns: number[]): void {
  const rest = { image: 7, row: 0, structure: 1, value, took_ms: 5, suggested: null, handed: true };
  queue.put(columns.map((column) => ({ ...rest, column })));
}

const columns = (batch: Batch | undefined) => batch?.answers.map(({ column }) => column);

describe("the queue", () => {
  it("sends what comes at once in one request, in order, each with a number and a time", async () => {
    const { sent, states, tick, give } = await setUp([]);
    give(3, 1);
    give(2);
    await tick();
    expect(columns(sent[0])).toEqual([3, 1, 2]);
    expect(new Set(sent[0]?.answers.map(({ event }) => event)).size).toBe(3);
    expect(sent[0]?.answers[0]?.event).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/);
    expect(Object.keys(sent[0]?.answers[0] ?? {})).not.toContain("scope");
    expect(states.at(-1)).toEqual({ kind: "saved" });
  });

  it("gathers for half a second what is answered on and on", async () => {
    const { sent, waits, tick, give } = await setUp([]);
    give(1);
    await tick();
    give(2);
    give(3);
    await tick();
    expect(sent.map(columns)).toEqual([[1], [2, 3]]);
    const [first, second] = waits;
    expect(first).toBe(150);
    expect(second).toBeGreaterThan(300);
    expect(second).toBeLessThanOrEqual(500);
  });

  it("waits for nobody's next answer where a batch is full already", async () => {
    const { sent, tick, give } = await setUp([], grid, 2);
    give(1, 2, 3, 4, 5);
    await tick();
    expect(sent.map(columns)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await tick();
    expect(sent.map(columns)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("is not saved before what is saved beside it", async () => {
    const beside = { unwritten: true };
    const { queue, sent, states, tick, give } = await setUp([], grid, 500, beside);
    give(1);
    await tick();
    expect([sent.length, queue.unsent]).toEqual([1, 0]);
    expect(states.at(-1)).toEqual({ kind: "saving", count: 0 });
    beside.unwritten = false;
    queue.report();
    expect(states.at(-1)).toEqual({ kind: "saved" });
  });

  it("tries again after a lost connection, waits longer each time, and loses nothing", async () => {
    const lost = () => new ApiError(0, "No connection.");
    const { sent, states, waits, tick, give } = await setUp([lost(), lost(), null]);
    give(1, 2);
    await tick();
    expect(states.at(-1)).toMatchObject({ kind: "offline", count: 2, retryIn: 1 });
    await tick();
    await tick();
    expect(waits).toEqual([150, 1000, 2000]);
    expect(columns(sent[0])).toEqual([1, 2]);
    expect(states.at(-1)).toEqual({ kind: "saved" });
  });

  it("hands what it could not send to the next visit, under the same numbers", async () => {
    const first = await setUp([new ApiError(503, "Busy.")]);
    first.give(1, 2);
    await first.tick();
    const second = await setUp([]);
    expect(await second.queue.open()).toBe(2);
    second.queue.retry();
    await second.tick();
    expect(columns(second.sent[0])).toEqual([1, 2]);
    const third = await setUp([]);
    expect(await third.queue.open()).toBe(0);
  });

  it("sets aside the answers that the server names, and sends the others", async () => {
    const { queue, sent, states, tick, give } = await setUp([]);
    give(1, 2, 3);
    const named = [...queue.pending(1)][1]?.event;
    const refusal = new ApiError(400, "There is no such patch.", { refused: [named] });
    const again = await setUp([refusal]);
    await again.queue.open();
    again.queue.retry();
    await again.tick();
    expect(columns(again.sent[0])).toEqual([1, 3]);
    expect(again.states.at(-1)).toEqual({
      kind: "refused",
      count: 1,
      reason: "There is no such patch.",
    });
    expect(again.queue.discardRefused()).toBe(1);
    expect(again.states.at(-1)).toEqual({ kind: "saved" });
    expect([sent, states.length > 0]).toEqual([[], true]);
    await tick();
  });

  it("finds the wrong answer by halves where the server names none", async () => {
    const wrong = () => new ApiError(400, "Wrong.");
    const { sent, states, tick, give } = await setUp([wrong(), wrong(), wrong(), null, null]);
    give(1, 2, 3, 4);
    await tick();
    expect(sent.flatMap((batch) => columns(batch))).toEqual([2, 3, 4]);
    expect(states.at(-1)).toEqual({ kind: "refused", count: 1, reason: "Wrong." });
  });

  it("stops where the person may not answer, says why, and keeps everything", async () => {
    const { queue, sent, states, waits, tick, give } = await setUp([
      new ApiError(403, "You may only look."),
    ]);
    give(1, 2);
    await tick();
    expect(states.at(-1)).toEqual({ kind: "refused", count: 2, reason: "You may only look." });
    expect([sent, waits, queue.unsent]).toEqual([[], [150], 2]);
    queue.retry();
    await tick();
    expect(columns(sent[0])).toEqual([1, 2]);
  });

  it("never mixes answers of two grids in one request", async () => {
    const first = await setUp([new ApiError(0, "Away.")]);
    first.give(1);
    await first.tick();
    const other = await setUp([new ApiError(409, "Patches are 64 px now.")], {
      patch_size: 64,
      overlap: 0,
    });
    await other.queue.open();
    other.give(2);
    other.queue.retry();
    await other.tick();
    expect(other.sent.map(({ grid }) => grid.patch_size)).toEqual([64]);
    expect(other.states.at(-1)).toMatchObject({ kind: "refused", count: 1 });
  });

  it("waits by itself while the grid is changed, and sends them once that was cancelled", async () => {
    const cut = () => new ApiError(409, "Being cut anew.", null, 3);
    const { queue, sent, states, waits, tick, give } = await setUp([cut(), cut(), null]);
    give(1, 2);
    await tick();
    expect(states.at(-1)).toEqual({ kind: "held", count: 2, reason: "Being cut anew." });
    await tick();
    await tick();
    expect(waits).toEqual([150, 3000, 3000]);
    expect(columns(sent[0])).toEqual([1, 2]);
    expect([queue.unsent, states.at(-1)]).toEqual([0, { kind: "saved" }]);
  });

  it("says that answers are not accepted once the grid is another one", async () => {
    const cut = new ApiError(409, "Being cut anew.", null, 3);
    const done = new ApiError(409, "Have been cut anew.");
    const { sent, states, tick, give } = await setUp([cut, done]);
    give(1);
    await tick();
    await tick();
    expect(sent).toEqual([]);
    expect(states.at(-1)).toEqual({ kind: "refused", count: 1, reason: "Have been cut anew." });
  });

  it("works where the browser keeps nothing, and then warns before the page goes", async () => {
    const queue = new AnswerQueue({
      scope: "1:2",
      database: null,
      grid,
      post: async () => {},
      changed: () => {},
      later: () => {},
    });
    answer(queue, "no", [1]);
    expect(queue.unwritten).toBe(true);
    await queue.settle();
    expect([queue.unsent, queue.unwritten]).toEqual([0, false]);
  });
});
