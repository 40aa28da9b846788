import { expect, it } from "vitest";
import type { Source } from "./files";
import type { Incoming } from "./incoming";
import { type Outcome, UploadQueue } from "./queue";
import { Estimate, summary, tally } from "./summary";

const NOBODY = { counts: { refused: 0, receiving: 0, received: 0 } } as Incoming;

function source(name: string, size = 1000): Source {
  return { name, size, lastModified: 5, files: [] };
}

function queueOf(count: number): UploadQueue<Source> {
  const never = (): Promise<Outcome> => new Promise(() => {});
  const queue = new UploadQueue<Source>({ send: never, changed: () => {} });
  queue.add(Array.from({ length: count }, (_, number) => source(String(number))));
  return queue;
}

it("says what was sent, what is here, and what was refused", () => {
  const queue = queueOf(4);
  queue.add([source("h")], "here");
  queue.add([source("f")], "failed", "No room.");
  Object.assign(queue.items[0] as object, { state: "done" });
  const count = tally(queue);
  expect(count.files).toBe(4);
  const said = summary(count, NOBODY, null);
  expect(said).toBe("1 of 4 sent (1000 B of 3.9 kB), 1 here already, 1 refused");
});

it("guesses what is left from the time in which something was sent", () => {
  const queue = queueOf(10);
  const estimate = new Estimate();
  expect(estimate.left(tally(queue), 0)).toBe(null);
  for (const item of queue.items.slice(0, 5)) item.state = "done";
  (queue.items[5] as { state: string }).state = "sending";
  expect(estimate.left(tally(queue), 10_000)).toBeCloseTo(10, 1);
});

it("tries all refused files again, or takes them off the list", () => {
  const queue = queueOf(0);
  queue.add([source("a"), source("b")], "failed", "No room.");
  queue.retryAll();
  expect(queue.count("sending")).toBe(2);
  queue.add([source("c")], "failed", "No room.");
  queue.dismissAll();
  expect(queue.items.map(({ file }) => file.name)).toEqual(["a", "b"]);
});
