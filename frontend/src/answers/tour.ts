import "./answers.css";
import { h, setText } from "../ui/dom";

export interface TourStep {
  /** What the step is about; it is shown in place. */
  at: () => HTMLElement | null;
  title: string;
  text: string;
}

const GAP = 12;

/** A few sentences, each beside what it is about; Esc or Skip ends them at any time. */
export function showTour(steps: readonly TourStep[], ended: () => void): HTMLDialogElement {
  let number = 0;
  const title = h("h2");
  const text = h("p");
  const count = h("span", { class: "tour-count" });
  const mark = h("div", { class: "tour-mark", attrs: { "aria-hidden": "true" } });
  const next = h("button", {
    class: "btn btn-sm btn-primary",
    attrs: { type: "button" },
    on: { click: () => go(number + 1) },
  });
  const skip = h("button", {
    class: "btn btn-sm btn-outline-secondary",
    text: "Skip",
    attrs: { type: "button" },
    on: { click: () => dialog.close() },
  });
  const dialog: HTMLDialogElement = h(
    "dialog",
    { class: "tour", attrs: { "aria-label": "How this works" } },
    title,
    text,
    h("div", { class: "tour-actions" }, count, skip, next),
  );
  const go = (to: number): void => {
    const step = steps[to];
    if (!step) return dialog.close();
    number = to;
    setText(title, step.title);
    setText(text, step.text);
    setText(count, `${to + 1} of ${steps.length}`);
    setText(next, to + 1 < steps.length ? "Next" : "Begin");
    next.focus();
  };
  // What a step is about still moves: the window changes, and panels above it come in later.
  const follow = (): void => {
    if (!dialog.isConnected) return;
    place(dialog, mark, steps[number]?.at() ?? null);
    requestAnimationFrame(follow);
  };
  dialog.addEventListener("close", () => {
    dialog.remove();
    mark.remove();
    ended();
  });
  document.body.append(mark, dialog);
  dialog.showModal();
  // Inside the dialog's own layer, which lies over everything else.
  dialog.append(mark);
  go(0);
  follow();
  return dialog;
}

function place(dialog: HTMLDialogElement, mark: HTMLElement, at: HTMLElement | null): void {
  const target = at?.getBoundingClientRect();
  mark.hidden = !target;
  const { width, height } = dialog.getBoundingClientRect();
  let left = (innerWidth - width) / 2;
  let top = (innerHeight - height) / 2;
  if (target) {
    const style = {
      left: target.left,
      top: target.top,
      width: target.width,
      height: target.height,
    };
    for (const [name, value] of Object.entries(style)) mark.style.setProperty(name, `${value}px`);
    const beside = target.left > innerWidth / 2;
    const wide = target.width > innerWidth / 2;
    if (!wide) left = beside ? target.left - width - GAP : target.right + GAP;
    top = wide ? target.bottom + GAP : target.top;
  }
  const inside = (value: number, room: number): number =>
    Math.max(GAP, Math.min(room - GAP, value));
  dialog.style.left = `${inside(left, innerWidth - width)}px`;
  dialog.style.top = `${inside(top, innerHeight - height)}px`;
}
