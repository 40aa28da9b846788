import type { ObjectTable, ObjectValue } from "../api/types";
import type { Box } from "../viewer/layers/grid";

export interface Sort {
  column: number;
  descending: boolean;
}

function compare(a: ObjectValue, b: ObjectValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en", { numeric: true });
}

/** Row numbers in the order asked for; rows without a value come last, whichever way. */
export function sorted(rows: readonly ObjectValue[][], sort: Sort): number[] {
  const sign = sort.descending ? -1 : 1;
  const value = (row: number): ObjectValue => rows[row]?.[sort.column] ?? null;
  return rows
    .map((_, row) => row)
    .sort((a, b) => {
      const [left, right] = [value(a), value(b)];
      if (left === null || right === null)
        return Number(left === null) - Number(right === null) || a - b;
      return sign * compare(left, right) || a - b;
    });
}

const HALF = 12;

/** Where an object lies, in px: its bounding box, or a box around its centre where the table has none. */
export function objectBox(table: ObjectTable, row: number): Box | null {
  const number = (name: string): number | null => {
    const value = table.rows[row]?.[table.columns.indexOf(name)];
    return typeof value === "number" ? value : null;
  };
  const [top, left, bottom, right] = ["bbox-0", "bbox-1", "bbox-2", "bbox-3"].map(number);
  if (top != null && left != null && bottom != null && right != null)
    return [left, top, right, bottom];
  const [y, x] = [number("centroid-0"), number("centroid-1")];
  return x === null || y === null ? null : [x - HALF, y - HALF, x + HALF, y + HALF];
}

/**
 * How large objects usually are, in px or µm²: half of all area lies in objects of this size or more, so that specks
 * change nothing, however many. Null where there is none, or no pixel size.
 */
export function usualArea(table: ObjectTable, unit: "px" | "um"): number | null {
  const column = table.columns.indexOf(unit === "px" ? "area" : "area_um2");
  const areas = table.rows.map((row) => row[column]).filter((area) => typeof area === "number");
  let rest = areas.reduce((sum, area) => sum + area, 0) / 2;
  for (const area of areas.sort((a, b) => b - a)) {
    rest -= area;
    if (rest <= 0) return area;
  }
  return null;
}

const HIDDEN = /^(bbox-\d|centroid-\d_um)$/;
const NAMES: Record<string, string> = {
  label: "Object",
  area: "Area (px)",
  area_um2: "Area (µm²)",
  "centroid-0": "y (px)",
  "centroid-1": "x (px)",
  equivalent_diameter_area: "Diameter (px)",
  equivalent_diameter_area_um: "Diameter (µm)",
  // The longest word of all may be parted where the window is narrow.
  eccentricity: "Eccen\u00adtricity",
  solidity: "Solidity",
  perimeter: "Perimeter (px)",
  perimeter_um: "Perimeter (µm)",
  score_mean: "Mean score",
};

function heading(name: string): string {
  const channel = /^intensity_mean-(.*)$/.exec(name)?.[1];
  return channel ? `Mean ${channel}` : (NAMES[name] ?? name);
}

/** The columns worth a place on the screen (the export has all): in µm where the pixel size is known, else in px. */
export function shownColumns(table: ObjectTable): { index: number; heading: string }[] {
  const filled = (index: number): boolean => table.rows.some((row) => row[index] != null);
  const known = new Set(table.columns.filter((_, index) => filled(index)));
  const calibrated = (name: string): boolean =>
    !name.startsWith("centroid") && (known.has(`${name}_um`) || known.has(`${name}_um2`));
  return table.columns.flatMap((name, index) =>
    known.has(name) && !HIDDEN.test(name) && !calibrated(name)
      ? [{ index, heading: heading(name) }]
      : [],
  );
}
