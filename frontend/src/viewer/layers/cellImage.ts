import type { Layer } from "@deck.gl/core";
import { ClipExtension } from "@deck.gl/extensions";
import { BitmapLayer } from "@deck.gl/layers";
import type { Grid } from "../grid";

export type Rgba = readonly [number, number, number, number];

const CLIP = [new ClipExtension()];
const NEAREST = { minFilter: "nearest", magFilter: "nearest" } as const;

// Where patches overlap, cells begin half an overlap into the image: the texels around repeat the outermost cells.
const rim = (grid: Grid): number => (grid.overlap > 0 ? 1 : 0);

/** One texel per patch: however many patches there are, colouring them is one small texture. */
export function cellPixels(grid: Grid, colour: (index: number) => Rgba | null): ImageData {
  const around = rim(grid);
  const image = new ImageData(grid.columns + 2 * around, grid.rows + 2 * around);
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      const rgba = colour(grid.index(grid.clamp({ row: y - around, column: x - around })));
      if (rgba) image.data.set(rgba, (y * image.width + x) * 4);
    }
  }
  return image;
}

/** Lays one texel per patch over the image and cuts off what sticks out of it. */
export function cellLayer(id: string, grid: Grid, image: ImageData): Layer {
  const start = grid.overlap / 2 - rim(grid) * grid.step;
  const right = start + image.width * grid.step;
  const bottom = start + image.height * grid.step;
  return new BitmapLayer({
    id,
    image,
    bounds: [start, bottom, right, start],
    textureParameters: NEAREST,
    extensions: CLIP,
    clipBounds: [0, 0, grid.width, grid.height],
    clipByInstance: false,
  } as never);
}
