import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Calm } from "./calm";

describe("what waits until nobody asks for a moment", () => {
  const run = vi.fn();
  const calm = new Calm(run);

  beforeEach(() => {
    vi.useFakeTimers();
    run.mockClear();
  });

  afterEach(() => {
    vi.runAllTimers();
    vi.useRealTimers();
  });

  it("runs once for all who asked", () => {
    for (let asked = 0; asked < 3; asked += 1) {
      calm.ask();
      vi.advanceTimersByTime(40);
    }
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("does not wait for the end of a long burst", () => {
    for (let asked = 0; asked < 8; asked += 1) {
      calm.ask();
      vi.advanceTimersByTime(40);
    }
    expect(run).toHaveBeenCalledTimes(1);
  });
});
