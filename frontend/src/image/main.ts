import { getDataset } from "../api/endpoints";
import type { Role } from "../api/types";
import { type Island, start } from "../ui/island";
import { noWebgl } from "../ui/noWebgl";
import { readyImage } from "../ui/readyImage";
import { expose } from "../viewer/probe";
import { webglAvailable } from "../viewer/viewer";
import { openImageScreen } from "./screen";

interface ImageProps {
  image: number;
  role: Role;
}

async function run({ root, props }: Island<ImageProps>): Promise<void> {
  if (!webglAvailable()) return root.replaceChildren(noWebgl());
  const image = await readyImage(root, props.image);
  if (!image) return;
  const dataset = await getDataset(image.dataset);
  expose(await openImageScreen(root, image, dataset, props.role));
}

start<ImageProps>("image", run);
