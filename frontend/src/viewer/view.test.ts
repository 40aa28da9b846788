import { describe, expect, it } from "vitest";
import { clampView, fitted, MAX_ZOOM, panBy, reveal, toImage, toScreen, zoomAt } from "./view";

const canvas = { width: 800, height: 600 };
const image = { width: 2000, height: 1000 };

describe("the view of an image", () => {
  it("fits the longer side into the canvas without its margins", () => {
    const view = fitted(image, canvas, { left: 0, right: 0, top: 0, bottom: 0 });
    expect([view.x, view.y]).toEqual([1000, 500]);
    expect(2 ** view.zoom).toBeCloseTo(0.4, 10);
    expect(toScreen(view, canvas, 0, 0)).toEqual([expect.closeTo(0), expect.closeTo(100)]);
  });

  it("leaves its margins free, the wider one for the tools", () => {
    const view = fitted(image, canvas, { left: 60, right: 20, top: 10, bottom: 10 });
    expect(toScreen(view, canvas, 0, 500)[0]).toBeCloseTo(60, 8);
    expect(toScreen(view, canvas, 2000, 500)[0]).toBeCloseTo(780, 8);
  });

  it("turns screen into image positions and back", () => {
    const view = { x: 321, y: 77, zoom: 1.3 };
    const [x, y] = toImage(view, canvas, 12, 590);
    expect(toScreen(view, canvas, x, y)).toEqual([expect.closeTo(12, 8), expect.closeTo(590, 8)]);
  });

  it("keeps the position under the pointer when zooming", () => {
    const view = { x: 500, y: 400, zoom: 0 };
    const before = toImage(view, canvas, 100, 50);
    const after = toImage(zoomAt(view, canvas, [100, 50], 1.7), canvas, 100, 50);
    expect(after[0]).toBeCloseTo(before[0], 8);
    expect(after[1]).toBeCloseTo(before[1], 8);
  });

  it("pans by screen pixels whatever the zoom", () => {
    expect(panBy({ x: 10, y: 10, zoom: 2 }, 8, -4)).toEqual({ x: 8, y: 11, zoom: 2 });
  });

  it("never loses the image or zooms without end", () => {
    expect(clampView({ x: -50, y: 5000, zoom: 99 }, image, canvas)).toEqual({
      x: 0,
      y: 1000,
      zoom: MAX_ZOOM,
    });
  });

  it("stays where it is when a patch is in sight", () => {
    const view = { x: 400, y: 300, zoom: 0 };
    expect(reveal(view, canvas, [100, 100, 164, 164])).toBe(view);
  });

  it("moves just far enough to show a patch", () => {
    const view = reveal({ x: 400, y: 300, zoom: 0 }, canvas, [800, 100, 864, 164], 24);
    // The right edge at 864 comes to 800 - 24 on the screen: 88 px further right.
    expect(view.x).toBeCloseTo(488, 8);
    expect(view.y).toBeCloseTo(300, 8);
  });
});
