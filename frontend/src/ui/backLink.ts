import { h, icon } from "./dom";
import { pages } from "./pages";

/** The arrow at the left end of a screen's bar. */
export function backLink(dataset: number): HTMLElement {
  const text = "Back to the data set";
  return h(
    "a",
    {
      class: "btn btn-sm btn-outline-secondary",
      attrs: { href: pages.dataset(dataset), title: text },
    },
    icon("arrow-left"),
    h("span", { class: "visually-hidden", text }),
  );
}
