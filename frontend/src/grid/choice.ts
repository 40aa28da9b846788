import type { ImageSummary, WorkingView } from "../api/types";
import { area, integer, percent, quantity } from "../ui/format";
import { Grid } from "../viewer/grid";

/** What the form beside the preview says at the moment. */
export interface Choice {
  patchSize: number;
  overlap: number;
  view: WorkingView;
}

const LEAST = 16;
const MOST = 1024;

function whole(value: FormDataEntryValue | null): number | null {
  const number = Number(value);
  return value !== null && value !== "" && Number.isInteger(number) ? number : null;
}

/** Reads the form's fields; null where they hold no grid, such as half a number. */
export function readChoice(form: FormData): Choice | null {
  const given = form.get("patch_size");
  const patchSize = whole(given === "other" ? form.get("patch_size_other") : given);
  const overlap = whole(form.get("overlap") || "0");
  if (patchSize === null || patchSize < LEAST || patchSize > MOST) return null;
  if (overlap === null || overlap < 0 || overlap > patchSize / 2) return null;
  return { patchSize, overlap, view: readView(form) };
}

/** Planes and time points are counted from 1 on the page, from 0 everywhere else. */
function readView(form: FormData): WorkingView {
  const z = whole(form.get("plane_z"));
  return {
    projection: form.get("projection") === "max" ? "max" : "plane",
    plane_z: z === null ? null : Math.max(0, z - 1),
    plane_t: Math.max(0, (whole(form.get("plane_t")) ?? 1) - 1),
    used_channels: form.getAll("used_channels").map(Number),
  };
}

type Sized = Pick<ImageSummary, "width" | "height" | "pixel_size_um">;

export function gridOf(image: Sized, choice: Choice): Grid {
  return new Grid(image.height, image.width, choice.patchSize, choice.overlap);
}

/** "12 × 16 patches", "192", …: what the choice means, each with what it is called. */
export function facts(image: Sized, images: readonly Sized[], choice: Choice): [string, string][] {
  const grid = gridOf(image, choice);
  const all = images.reduce((sum, each) => sum + gridOf(each, choice).count, 0);
  const share = Math.min(1, choice.patchSize ** 2 / (image.width * image.height));
  const rows: [string, string][] = [
    ["On this image", `${integer(grid.rows)} × ${integer(grid.columns)} = ${integer(grid.count)}`],
    [images.length === 1 ? "In all" : `On all ${integer(images.length)} images`, integer(all)],
    ["One patch is", `${percent(share)} of the image`],
  ];
  return [...rows, ...size(image, choice.patchSize)];
}

function size({ pixel_size_um }: Sized, patch: number): [string, string][] {
  if (!pixel_size_um) return [["Size", "unknown, the file has no pixel size"]];
  const [y, x] = pixel_size_um.map((pixel) => pixel * patch) as [number, number];
  const side = y === x ? quantity(x) : `${quantity(x)} × ${quantity(y)}`;
  return [["Size", `${side}\u00a0µm, ${area(x * y)}`]];
}
