import "./review.css";
import { getStructures } from "../api/endpoints";
import { type Island, link, notice, start } from "../ui/island";
import { pages } from "../ui/pages";
import { ReviewScreen } from "./screen";
import type { ReviewProps } from "./types";

async function run({ root, props }: Island<ReviewProps>): Promise<void> {
  const structures = await getStructures(props.project);
  const first = structures.find(({ id }) => id === props.structure) ?? structures[0];
  if (!first) {
    const missing = notice({
      icon: "question-diamond",
      title: "What are you looking for?",
      text: "This project has no structure yet. Describe one; where people differ about it, you decide here.",
      actions: [link(pages.structures(props.project), "Add a structure")],
    });
    return root.replaceChildren(missing);
  }
  await new ReviewScreen(root, props, structures, first).open();
}

start<ReviewProps>("review", run);
