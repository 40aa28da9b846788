import { expect, it } from "vitest";
import { type Part, sources } from "./files";
import { blobOf } from "./pack";

function part(path: string, content: string, lastModified: number): Part {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { file: new File([content], name, { lastModified }), path };
}

async function packed(parts: Part[]): Promise<string> {
  const [source] = sources(parts);
  if (!source) throw new Error("nothing to pack");
  return Buffer.from(await (await blobOf(source)).arrayBuffer()).toString("latin1");
}

it("sends a single file as it is", async () => {
  expect(await packed([part("plate/a.tif", "pixels", 1)])).toBe("pixels");
});

it("stores the files of an OME-Zarr folder in one zip, the same bytes each time", async () => {
  const first = await packed([
    part("p/a.zarr/zarr.json", "{}", 1),
    part("p/a.zarr/0/c/0", "12", 2),
  ]);
  const again = await packed([part("a.zarr/0/c/0", "12", 8), part("a.zarr/zarr.json", "{}", 9)]);
  expect(first.startsWith("PK\u0003\u0004")).toBe(true);
  expect(first).toContain("a.zarr/zarr.json");
  expect(first).not.toContain("p/a.zarr");
  expect(again).toBe(first);
});
