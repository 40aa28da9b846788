import type { Layer } from "@deck.gl/core";
import { ClipExtension } from "@deck.gl/extensions";
import { BitmapLayer } from "@deck.gl/layers";
import type { Grid } from "./grid";

export type Rgba = readonly [number, number, number, number];

const CLIP = [new ClipExtension()];
const NEAREST = { minFilter: "nearest", magFilter: "nearest" } as const;

/** One texel per patch: however many patches there are, colouring them is one small texture. */
export function cellPixels(grid: Grid, colour: (index: number) => Rgba | null): ImageData {
  const image = new ImageData(grid.columns, grid.rows);
  for (let index = 0; index < grid.count; index += 1) {
    const rgba = colour(index);
    if (rgba) image.data.set(rgba, index * 4);
  }
  return image;
}

/** Lays one texel per patch over the image and cuts off what the partial last row and column leave over. */
export function cellLayer(id: string, grid: Grid, image: ImageData): Layer {
  const right = grid.columns * grid.patchSize;
  const bottom = grid.rows * grid.patchSize;
  return new BitmapLayer({
    id,
    image,
    bounds: [0, bottom, right, 0],
    textureParameters: NEAREST,
    extensions: CLIP,
    clipBounds: [0, 0, grid.width, grid.height],
    clipByInstance: false,
  } as never);
}
