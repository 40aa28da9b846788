import { h, icon } from "../ui/dom";
import { integer } from "../ui/format";
import type { GalleryImage, PageAxis } from "./api";
import { AXES } from "./details";

/** "This file holds 7 pages …": what has to be asked about the images that wait. */
export function question(waiting: readonly GalleryImage[]): string {
  const [first] = waiting;
  if (!first) return "";
  const counts = [...new Set(waiting.map(({ size_z }) => size_z))].sort((a, b) => a - b);
  const pages = `${counts.slice(0, 5).map(integer).join(", ")}${counts.length > 5 ? " …" : ""}`;
  if (waiting.length === 1) {
    return `${first.name} holds ${pages} pages and does not say what they are.`;
  }
  return `${integer(waiting.length)} images hold ${pages} pages and do not say what they are.`;
}

/** The question with its three answers; one answer counts for all of them. */
export function axesQuestion(
  waiting: readonly GalleryImage[],
  answer: (meaning: PageAxis) => void,
): HTMLElement | null {
  if (waiting.length === 0) return null;
  return h(
    "div",
    { class: "axes-question", attrs: { role: "group", "aria-label": "What the pages are" } },
    icon("question-circle"),
    h("p", { text: question(waiting) }),
    h("div", { class: "axes-answers" }, ...answers(answer)),
  );
}

export function answers(answer: (meaning: PageAxis) => void): HTMLElement[] {
  return (Object.entries(AXES) as [PageAxis, string][]).map(([axis, text]) =>
    h("button", {
      class: "btn btn-sm btn-outline-primary",
      text,
      attrs: { type: "button" },
      on: { click: () => answer(axis) },
    }),
  );
}
