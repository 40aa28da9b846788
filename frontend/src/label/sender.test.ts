import { describe, expect, it } from "vitest";
import { ApiError } from "../api/client";
import { type Batch, Outbox } from "./outbox";
import { type SaveState, Sender } from "./sender";

/** A sender whose server and clock are in the test's hands. */
function setUp(answers: (ApiError | null)[]) {
  const outbox = new Outbox();
  const sent: Batch[] = [];
  const states: SaveState[] = [];
  const waits: number[] = [];
  const due: (() => void)[] = [];
  const sender = new Sender(outbox, {
    post: async (batch) => {
      const error = answers.shift() ?? null;
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
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  const give = (...indices: number[]): void => {
    outbox.add(
      1,
      indices.map((index) => ({ index, before: 0, after: 1 })),
    );
    sender.wake();
  };
  return { outbox, sent, states, waits, sender, tick, give };
}

describe("the sender", () => {
  it("gathers what comes at once into one request", async () => {
    const { sent, states, tick, give } = setUp([]);
    give(1);
    give(2);
    await tick();
    expect(sent).toEqual([{ structure: 1, value: "yes", indices: [1, 2] }]);
    expect(states.at(-1)).toEqual({ kind: "saved" });
  });

  it("tries again after a lost connection and loses nothing", async () => {
    const { sent, states, waits, tick, give } = setUp([new ApiError(0, "No connection."), null]);
    give(1, 2);
    await tick();
    expect(states.at(-1)).toEqual({
      kind: "offline",
      count: 2,
      reason: "No connection.",
      retryIn: 1,
    });
    await tick();
    expect(waits).toEqual([150, 1000]);
    expect(sent[0]?.indices).toEqual([1, 2]);
    expect(states.at(-1)).toEqual({ kind: "saved" });
  });

  it("waits longer from failure to failure", async () => {
    const lost = () => new ApiError(503, "Busy.");
    const { waits, tick, give } = setUp([lost(), lost(), lost()]);
    give(1);
    for (let i = 0; i < 3; i += 1) await tick();
    expect(waits).toEqual([150, 1000, 2000, 5000]);
  });

  it("says why the server refused, keeps the answers, and asks no more by itself", async () => {
    const { outbox, states, waits, tick, give } = setUp([new ApiError(403, "You may only look.")]);
    give(1);
    await tick();
    expect(states.at(-1)).toEqual({ kind: "refused", count: 1, reason: "You may only look." });
    expect(outbox.size).toBe(1);
    expect(waits).toEqual([150]);
  });

  it("sends at once when the person asks", async () => {
    const { sent, states, sender, tick, give } = setUp([new ApiError(500, "Down."), null]);
    give(1);
    await tick();
    sender.retry();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(sent).toHaveLength(1);
    expect(states.at(-1)).toEqual({ kind: "saved" });
  });
});
