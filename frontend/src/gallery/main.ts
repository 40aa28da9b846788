import "./stage.css";
import "./cells.css";
import "./gallery.css";
import { getStructures } from "../api/endpoints";
import { AnswerDatabase } from "../saving/database";
import { type Island, link, notice, start } from "../ui/island";
import { noStructures } from "../ui/noStructures";
import { pages } from "../ui/pages";
import { GalleryScreen } from "./screen";
import type { GalleryProps } from "./types";

async function run({ root, props }: Island<GalleryProps>): Promise<void> {
  const [structures, database] = await Promise.all([
    getStructures(props.project),
    AnswerDatabase.open(),
  ]);
  if (structures.length === 0) return root.replaceChildren(noStructures(props.project));
  if (props.images.length === 0) return root.replaceChildren(noImages(props.dataset));
  const screen = new GalleryScreen(root, props, structures, database);
  await screen.open();
  Object.assign(window, { micraweb: screen });
}

function noImages(dataset: number): HTMLElement {
  return notice({
    icon: "images",
    title: "There is no image yet",
    text: "Add images to the data set; their patches appear here.",
    actions: [link(pages.dataset(dataset), "Back to the data set")],
  });
}

start<GalleryProps>("gallery", run);
