import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AfterPaint, afterPaint } from "./afterPaint";

describe("what waits for the paint", () => {
  let frames: (() => void)[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    frames = [];
    vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it("runs in a task after the frame, once", () => {
    const run = vi.fn();
    afterPaint(run);
    for (const frame of frames) frame();
    expect(run).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("runs without a frame too, in a page that nobody sees", () => {
    const run = vi.fn();
    afterPaint(run);
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("runs once for all who asked, and at once where it must", () => {
    const run = vi.fn();
    const later = new AfterPaint(run);
    later.ask();
    later.ask();
    later.now();
    expect(run).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1000);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
