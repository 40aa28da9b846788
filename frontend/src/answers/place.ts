export interface Place {
  image: number;
  row: number;
  column: number;
}

/** The place alone of something that lies there. */
export function placeOf({ image, row, column }: Place): Place {
  return { image, row, column };
}

export function placeKey({ image, row, column }: Place): string {
  return `${image}:${row}:${column}`;
}
