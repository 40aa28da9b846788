import { ZarrPixelSource } from "@vivjs/loaders";
import * as zarr from "zarrita";

/** One image pyramid, level 0 first, as Viv's layers want it. */
export type Pyramid = ZarrPixelSource<string[]>[];

const TILE = 512;

interface OmeAttributes {
  ome?: { multiscales?: { datasets: { path: string }[]; axes: { name: string }[] }[] };
}

/**
 * Opens an OME-Zarr 0.5 image. Viv's own opener would first look for Zarr 2 (a failed request per level) and guess
 * tiles of two pixels for a narrow image; this one asks for Zarr 3 only and always tiles by 512 px.
 */
export async function openPyramid(url: string): Promise<Pyramid> {
  const store = new zarr.FetchStore(new URL(url, location.href).href);
  const root = zarr.root(store);
  const group = await zarr.open.v3(root, { kind: "group" });
  const multiscale = (group.attrs as OmeAttributes).ome?.multiscales?.[0];
  if (!multiscale) throw new Error("The image store holds no OME-Zarr 0.5 image.");
  const labels = multiscale.axes.map((axis) => axis.name);
  const arrays = await Promise.all(
    multiscale.datasets.map(({ path }) => zarr.open.v3(root.resolve(path), { kind: "array" })),
  );
  return arrays.map((array) => new ZarrPixelSource(array as never, labels as never, TILE));
}
