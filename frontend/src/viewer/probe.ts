import type { Viewer } from "./viewer";

/** What browser tests may ask of the canvas, which a page's elements do not show. */
export interface Probe {
  ready: Promise<void>;
  /** The drawn colour at an image position in px: r, g, b, a in 0..255. */
  pixelAt: (x: number, y: number) => [number, number, number, number];
  /** Where an image position lies on the page, for the mouse. */
  clientPoint: (x: number, y: number) => [number, number];
}

declare global {
  interface Window {
    micraweb?: Probe;
  }
}

export function expose(viewer: Viewer): void {
  window.micraweb = {
    ready: viewer.ready,
    pixelAt: (x, y) => viewer.pixelAt(x, y),
    clientPoint: (x, y) => viewer.clientPoint(x, y),
  };
}
