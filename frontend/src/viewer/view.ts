/** Where the camera is: the image position (px) in the middle of the canvas, zoom as log2 of screen px per image px. */
export interface View {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export const MAX_ZOOM = 6;

/** Screen px to keep free around a fitted image; the tools stand on the left. */
export const MARGINS = { left: 56, right: 12, top: 12, bottom: 12 };
/** Where there are no tools. */
export const EVEN_MARGINS = { ...MARGINS, left: 12 };

export function fitted(image: Size, canvas: Size, margins = MARGINS): View {
  const across = Math.max(1, canvas.width - margins.left - margins.right);
  const down = Math.max(1, canvas.height - margins.top - margins.bottom);
  const scale = Math.min(across / image.width, down / image.height, 2 ** MAX_ZOOM);
  return {
    x: image.width / 2 - (margins.left - margins.right) / 2 / scale,
    y: image.height / 2 - (margins.top - margins.bottom) / 2 / scale,
    zoom: Math.log2(scale),
  };
}

export function minZoom(image: Size, canvas: Size): number {
  return Math.min(0, fitted(image, canvas).zoom - 1);
}

export function toScreen(view: View, canvas: Size, x: number, y: number): [number, number] {
  const scale = 2 ** view.zoom;
  return [(x - view.x) * scale + canvas.width / 2, (y - view.y) * scale + canvas.height / 2];
}

export function toImage(view: View, canvas: Size, left: number, top: number): [number, number] {
  const scale = 2 ** view.zoom;
  return [(left - canvas.width / 2) / scale + view.x, (top - canvas.height / 2) / scale + view.y];
}

/** Keeps some of the image in sight and the zoom in its limits. */
export function clampView(view: View, image: Size, canvas: Size): View {
  const zoom = Math.max(minZoom(image, canvas), Math.min(MAX_ZOOM, view.zoom));
  return {
    x: Math.max(0, Math.min(image.width, view.x)),
    y: Math.max(0, Math.min(image.height, view.y)),
    zoom,
  };
}

/** Zooms so that the image position under the pointer stays under the pointer. */
export function zoomAt(view: View, canvas: Size, at: [number, number], by: number): View {
  const [x, y] = toImage(view, canvas, at[0], at[1]);
  const factor = 2 ** -by;
  return { x: x + (view.x - x) * factor, y: y + (view.y - y) * factor, zoom: view.zoom + by };
}

export function panBy(view: View, right: number, down: number): View {
  const scale = 2 ** view.zoom;
  return { ...view, x: view.x - right / scale, y: view.y - down / scale };
}

function shift(low: number, high: number, room: number, margin: number): number {
  if (high - low > room - 2 * margin) return (low + high) / 2 - room / 2;
  if (low < margin) return low - margin;
  if (high > room - margin) return high - (room - margin);
  return 0;
}

/** The smallest pan that brings a box (image px) fully into sight; the same view when it already is. */
export function reveal(
  view: View,
  canvas: Size,
  box: readonly [number, number, number, number],
  margin = 24,
): View {
  const [left, top] = toScreen(view, canvas, box[0], box[1]);
  const [right, bottom] = toScreen(view, canvas, box[2], box[3]);
  const inSight = left >= 0 && top >= 0 && right <= canvas.width && bottom <= canvas.height;
  if (inSight) return view;
  const acrossBy = shift(left, right, canvas.width, margin);
  const downBy = shift(top, bottom, canvas.height, margin);
  return panBy(view, -acrossBy, -downBy);
}
