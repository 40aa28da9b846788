export type Rgb = [number, number, number];

/** "#rrggbb" or "rrggbb" → 0..255; white where it is neither, so that a channel is never invisible. */
export function rgb(hex: string): Rgb {
  const digits = /^#?([0-9a-f]{6})$/i.exec(hex)?.[1];
  if (!digits) return [255, 255, 255];
  const value = Number.parseInt(digits, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Nine anchors of matplotlib's inferno (CC0), 0..255: lightness grows steadily, also in print and for colour-blind eyes. */
export const HEAT: Rgb[] = [
  [0, 0, 4],
  [31, 12, 72],
  [85, 15, 109],
  [136, 34, 106],
  [186, 54, 85],
  [227, 89, 51],
  [249, 140, 10],
  [249, 201, 50],
  [252, 255, 164],
];

export function heatGradient(): string {
  return `linear-gradient(to right, ${HEAT.map(hex).join(", ")})`;
}
