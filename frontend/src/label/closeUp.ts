import type { Camera } from "../viewer/camera";
import type { Grid } from "../viewer/grid";
import type { Size, View } from "../viewer/view";

/** Patches to each side. */
const AROUND = 3;

/** The view in which a patch lies in the midst of its neighbours. */
export function closeTo(
  box: readonly [number, number, number, number],
  step: number,
  size: Size,
): View {
  const [left, top, right, bottom] = box;
  const side = step * (2 * AROUND + 1);
  const zoom = Math.log2(Math.min(size.width, size.height) / side);
  return { x: (left + right) / 2, y: (top + bottom) / 2, zoom };
}

/** Looks at the focus patch close up, and goes back to where one was. */
export class CloseUp {
  #before: View | null = null;

  toggle(camera: Camera, grid: Grid, focus: { row: number; column: number }, size: Size): void {
    const before = this.#before;
    this.#before = before ? null : camera.view;
    camera.view = before ?? closeTo(grid.cellBox(focus), grid.step, size);
  }
}
