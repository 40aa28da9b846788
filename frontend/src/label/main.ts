import "./label.css";
import { getDataset, getImage, getMe, getStructures } from "../api/endpoints";
import type { Image, Role } from "../api/types";
import { type Island, link, notice, start } from "../ui/island";
import { noWebgl } from "../ui/noWebgl";
import { pages } from "../ui/pages";
import { pause } from "../ui/poll";
import { expose } from "../viewer/probe";
import { webglAvailable } from "../viewer/viewer";
import { LabelScreen } from "./screen";

interface LabelProps {
  image: number;
  project_role: Role;
}

/** Waits while the worker still imports the image; null once it was refused. */
async function readyImage(root: HTMLElement, id: number): Promise<Image | null> {
  for (;;) {
    const image = await getImage(id);
    if (image.state === "ready") return image;
    if (image.state === "refused") {
      root.replaceChildren(refused(image));
      return null;
    }
    root.replaceChildren(
      notice({
        icon: "hourglass-split",
        title: `${image.name} is being imported`,
        text: "This takes a few seconds. The image appears here by itself.",
      }),
    );
    await pause(1000);
  }
}

function refused(image: Image): HTMLElement {
  return notice({
    icon: "exclamation-triangle",
    title: `${image.name} could not be imported`,
    text: image.error,
    actions: [link(pages.dataset(image.dataset), "Back to the data set")],
    alert: true,
  });
}

async function run({ root, props }: Island<LabelProps>): Promise<void> {
  if (!webglAvailable()) return root.replaceChildren(noWebgl());
  const image = await readyImage(root, props.image);
  if (!image) return;
  const [dataset, me] = await Promise.all([getDataset(image.dataset), getMe()]);
  const structures = await getStructures(dataset.project);
  if (structures.length === 0) return root.replaceChildren(noStructures(dataset.project));
  const role = props.project_role ?? dataset.role;
  const screen = new LabelScreen(root, {
    image,
    structures,
    user: me.id,
    readOnly: role === "viewer",
  });
  expose(await screen.open());
}

function noStructures(project: number): HTMLElement {
  return notice({
    icon: "question-diamond",
    title: "What are you looking for?",
    text: "This project has no structure yet. Describe one, with the question to answer for each patch.",
    actions: [link(pages.structures(project), "Add a structure")],
  });
}

start<LabelProps>("label", run);
