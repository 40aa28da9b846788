import "./axes.css";
import { h, icon } from "../ui/dom";
import { integer } from "../ui/format";
import type { PageAxis } from "./api";
import { AXES } from "./details";

/** Images that wait: how many, how many pages each may have, and the name of the only one. */
export interface Waiting {
  images: number;
  pages: readonly number[];
  name?: string;
}

/** "This file holds 7 pages …": what has to be asked about the images that wait. */
export function question({ images, pages: counts, name }: Waiting): string {
  if (images === 0) return "";
  const pages = `${counts.slice(0, 5).map(integer).join(", ")}${counts.length > 5 ? " …" : ""}`;
  if (images === 1) {
    return `${name ?? "An image"} holds ${pages} pages and does not say what they are.`;
  }
  return `${integer(images)} images hold ${pages} pages and do not say what they are.`;
}

/** The question with its three answers; one answer counts for all of them. */
export function axesQuestion(
  waiting: Waiting,
  answer: (meaning: PageAxis) => void,
): HTMLElement | null {
  if (waiting.images === 0) return null;
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
