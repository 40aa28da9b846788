import { describe, expect, it } from "vitest";
import { type Outcome, UploadQueue } from "./queue";

/** A queue whose uploads end when the test says so. */
function setUp() {
  const running = new Map<
    string,
    { end: (outcome: Outcome) => void; fail: (error: Error) => void; signal: AbortSignal }
  >();
  const queue = new UploadQueue<string>({
    send: (file, _progress, signal) =>
      new Promise((end, fail) => {
        running.set(file, { end, fail, signal });
      }),
    changed: () => {},
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
  };
  const end = async (file: string, outcome: Outcome): Promise<void> => {
    running.get(file)?.end(outcome);
    running.delete(file);
    await settle();
  };
  const states = () => queue.items.map(({ state }) => state);
  return { queue, running, end, settle, states };
}

describe("uploads", () => {
  it("run three at a time", async () => {
    const { queue, running, end } = setUp();
    queue.add(["a", "b", "c", "d", "e"]);
    expect([...running.keys()]).toEqual(["a", "b", "c"]);
    await end("b", { state: "done" });
    expect([...running.keys()]).toEqual(["a", "c", "d"]);
  });

  it("go on when one file is refused, and keep its reason", async () => {
    const { queue, end, states } = setUp();
    queue.add(["a", "b"]);
    await end("a", { state: "failed", reason: "This is not an image." });
    await end("b", { state: "done" });
    expect(states()).toEqual(["failed", "done"]);
    expect(queue.items[0]?.reason).toBe("This is not an image.");
    expect(queue.busy).toBe(false);
  });

  it("turn a broken connection into a reason and can be tried again", async () => {
    const { queue, running, end, settle, states } = setUp();
    queue.add(["a"]);
    running.get("a")?.fail(new Error("No connection."));
    await settle();
    expect(queue.items[0]).toMatchObject({ state: "failed", reason: "No connection." });
    queue.retry(1);
    await end("a", { state: "done" });
    expect(states()).toEqual(["done"]);
  });

  it("stop when cancelled and make room for the next", async () => {
    const { queue, running, end, states } = setUp();
    queue.add(["a", "b", "c", "d"]);
    const signal = running.get("a")?.signal;
    queue.cancel(1);
    expect(signal?.aborted).toBe(true);
    await end("a", { state: "failed", reason: "Cancelled." });
    expect(states()[0]).toBe("cancelled");
    expect(running.has("d")).toBe(true);
  });

  it("pause, and go on where they stopped", async () => {
    const { queue, running, end, states } = setUp();
    queue.add(["a", "b"]);
    const signal = running.get("a")?.signal;
    queue.pause(1);
    expect(signal?.reason).toBe("paused");
    await end("a", { state: "failed" });
    expect(states()).toEqual(["paused", "sending"]);
    expect(running.has("a")).toBe(false);
    queue.retry(1);
    expect(running.has("a")).toBe(true);
    await end("a", { state: "done" });
    expect(states()).toEqual(["done", "sending"]);
  });

  it("go on after a pause whose connection had not ended yet", async () => {
    const { queue, running, end, states } = setUp();
    queue.add(["a"]);
    const first = running.get("a");
    queue.pauseAll();
    queue.resumeAll();
    expect(running.get("a")).toBe(first);
    await end("a", { state: "failed" });
    expect(states()).toEqual(["sending"]);
    expect(running.get("a")).not.toBe(first);
  });

  it("wait while the line is down and go on when it is back", async () => {
    const { queue, end, states } = setUp();
    queue.add(["a"]);
    await end("a", { state: "offline" });
    expect(states()).toEqual(["offline"]);
    expect(queue.busy).toBe(true);
    queue.online();
    await end("a", { state: "done" });
    expect(states()).toEqual(["done"]);
  });
});
