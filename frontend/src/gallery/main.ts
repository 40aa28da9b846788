import "../label/label.css";
import "./gallery.css";
import { AnswerDatabase } from "../answers/database";
import { getStructures } from "../api/endpoints";
import { type Island, link, notice, start } from "../ui/island";
import { pages } from "../ui/pages";
import { GalleryScreen } from "./screen";
import type { GalleryProps } from "./types";

async function run({ root, props }: Island<GalleryProps>): Promise<void> {
  const [structures, database] = await Promise.all([
    getStructures(props.project),
    AnswerDatabase.open(),
  ]);
  const first = structures[0];
  if (!first) return root.replaceChildren(missing("structure", props));
  if (props.images.length === 0) return root.replaceChildren(missing("image", props));
  const screen = new GalleryScreen(root, props, structures, database);
  await screen.open();
  Object.assign(window, { micraweb: screen });
}

function missing(what: "structure" | "image", props: GalleryProps): HTMLElement {
  if (what === "image") {
    return notice({
      icon: "images",
      title: "There is no image yet",
      text: "Add images to the data set; their patches appear here.",
      actions: [link(pages.dataset(props.dataset), "Back to the data set")],
    });
  }
  return notice({
    icon: "question-diamond",
    title: "What are you looking for?",
    text: "This project has no structure yet. Describe one, with the question to answer for each patch.",
    actions: [link(pages.structures(props.project), "Add a structure")],
  });
}

start<GalleryProps>("gallery", run);
