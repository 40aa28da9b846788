import "./review.css";
import { getStructures } from "../api/endpoints";
import { type Island, start } from "../ui/island";
import { noStructures } from "../ui/noStructures";
import { ReviewScreen } from "./screen";
import type { ReviewProps } from "./types";

async function run({ root, props }: Island<ReviewProps>): Promise<void> {
  const structures = await getStructures(props.project);
  const first = structures.find(({ id }) => id === props.structure) ?? structures[0];
  if (!first) return root.replaceChildren(noStructures(props.project));
  await new ReviewScreen(root, props, structures, first).open();
}

start<ReviewProps>("review", run);
