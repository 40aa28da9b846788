export interface Stroke {
  from: [number, number];
  to: [number, number];
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Diagonals across a box, a third of its width apart. */
export function hatch([left, top, right, bottom]: Box): Stroke[] {
  const width = right - left;
  const height = bottom - top;
  return [1 / 3, 2 / 3, 1].flatMap((part): Stroke[] => {
    const rising: Stroke = { from: [left, top + height * part], to: [left + width * part, top] };
    const last = part === 1;
    const lower: Stroke = {
      from: [left + width * part, bottom],
      to: [right, top + height * part],
    };
    return last ? [rising] : [rising, lower];
  });
}

/** Two lines from corner to corner. */
export function cross([left, top, right, bottom]: Box): Stroke[] {
  return [
    { from: [left, top], to: [right, bottom] },
    { from: [left, bottom], to: [right, top] },
  ];
}
