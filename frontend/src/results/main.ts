import "./results.css";
import { getDataset, getModels } from "../api/endpoints";
import type { Role } from "../api/types";
import { type Island, start } from "../ui/island";
import { noWebgl } from "../ui/noWebgl";
import { readyImage } from "../ui/readyImage";
import { expose } from "../viewer/probe";
import { webglAvailable } from "../viewer/viewer";
import { ResultScreen } from "./screen";

interface ResultsProps {
  image: number;
  model: number | null;
  role: Role;
}

async function run({ root, props }: Island<ResultsProps>): Promise<void> {
  if (!webglAvailable()) return root.replaceChildren(noWebgl());
  const image = await readyImage(root, props.image);
  if (!image) return;
  const [dataset, models] = await Promise.all([
    getDataset(image.dataset),
    getModels(image.dataset),
  ]);
  models.sort((a, b) => b.number - a.number);
  const model = models.find(({ id }) => id === props.model) ?? models[0] ?? null;
  const screen = new ResultScreen(root, {
    image,
    dataset,
    models,
    model,
    mayChange: props.role !== "viewer",
  });
  expose(await screen.open());
}

start<ResultsProps>("results", run);
