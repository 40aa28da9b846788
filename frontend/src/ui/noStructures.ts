import { link, notice } from "./island";
import { pages } from "./pages";

/** Where people answer, but nothing is asked yet. */
export function noStructures(project: number): HTMLElement {
  return notice({
    icon: "question-diamond",
    title: "What are you looking for?",
    text: "This project has no structure yet. Describe one, with the question to answer for each patch.",
    actions: [link(pages.structures(project), "Add a structure")],
  });
}
