import type { TourStep } from "../answers/tour";
import type { Work } from "../ui/work";

/** The label screen in five sentences or so: less than a minute. */
export function tourSteps(work: Work): TourStep[] {
  const find = (selector: string) => () => work.element.querySelector<HTMLElement>(selector);
  return [
    {
      at: find(".structure-question"),
      title: "One question",
      text: "Each square of the grid is a patch and gets one answer to this question. What the structure is, and examples where a manager chose some, stand below it.",
    },
    {
      at: find(".brushes"),
      title: "Three answers",
      text: "Press 1 for yes, 2 for no, 3 for unsure: the frame goes on to the next patch. Unsure is better than a guess.",
    },
    {
      at: find(".viewer"),
      title: "Or paint",
      text: "Choose an answer and click patches, or drag over them. Shift + drag selects a rectangle. The wheel or two fingers zoom; Space + drag moves the image.",
    },
    {
      at: find(".label-actions"),
      title: "Many at once",
      text: "Answer what is a yes, then press R: the rest of what is in sight is no. Ctrl + Z takes anything back, also after a reload.",
    },
    {
      at: find(".saved"),
      title: "Nothing is lost",
      text: "Answers are saved as you give them. Without a connection they wait here and go out later. Press ? for all keys.",
    },
  ];
}
