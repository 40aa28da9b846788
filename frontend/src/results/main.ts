import "./results.css";
import { getImage, getModels } from "../api/endpoints";
import type { Role } from "../api/types";
import { type Island, link, notice, start } from "../ui/island";
import { noWebgl } from "../ui/noWebgl";
import { pages } from "../ui/pages";
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
  const image = await getImage(props.image);
  if (image.state !== "ready") {
    const text = image.error || "It is still being imported. Come back in a moment.";
    const back = link(pages.dataset(image.dataset), "Back to the data set");
    const title = `${image.name} has no results`;
    return root.replaceChildren(notice({ icon: "hourglass-split", title, text, actions: [back] }));
  }
  const models = await getModels(image.dataset);
  models.sort((a, b) => b.number - a.number);
  const model = models.find(({ id }) => id === props.model) ?? models[0] ?? null;
  const screen = new ResultScreen(root, {
    image,
    models,
    model,
    mayChange: props.role !== "viewer",
  });
  await screen.open();
  if (screen.viewer) expose(screen.viewer);
}

start<ResultsProps>("results", run);
