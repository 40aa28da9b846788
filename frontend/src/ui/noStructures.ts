import { link, notice } from "./island";
import { pages } from "./pages";

/** In the place of a screen on which there is nothing to answer about. */
export function noStructures(project: number): HTMLElement {
  return notice({
    icon: "question-diamond",
    title: "What are you looking for?",
    text: "This project has no structure yet. A manager describes one, with the question to answer for each patch.",
    actions: [link(pages.structures(project), "Structures of the project")],
  });
}
