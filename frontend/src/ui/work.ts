import "./work.css";
import type { Image } from "../api/types";
import { h, icon, setText } from "./dom";

/** The parts of a screen that works on one image. */
export interface Work {
  element: HTMLElement;
  bar: HTMLElement;
  stage: HTMLElement;
  side: HTMLElement;
  /** Says something for a few seconds, aloud too. */
  say: (text: string) => void;
}

const TOAST_SECONDS = 5;

export function work(): Work {
  const toast = h("div", { class: "work-toast", attrs: { role: "status", "aria-live": "polite" } });
  const bar = h("header", { class: "work-bar" });
  const stage = h("div", { class: "work-stage" }, toast);
  const side = h("aside", { class: "work-side" });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (text: string): void => {
    clearTimeout(timer);
    setText(toast, text);
    timer = setTimeout(() => setText(toast, ""), TOAST_SECONDS * 1000);
  };
  return { element: h("div", { class: "work" }, bar, stage, side), bar, stage, side, say };
}

function step(target: number | null, name: string, label: string, href: (id: number) => string) {
  const attrs = { title: label, "aria-label": label };
  const kind = "btn btn-sm btn-outline-secondary";
  if (target === null) {
    return h("span", { class: `${kind} disabled`, attrs: { "aria-hidden": "true" } }, icon(name));
  }
  return h("a", { class: kind, attrs: { ...attrs, href: href(target) } }, icon(name));
}

/** Previous, name, next. */
export function pager(image: Image, href: (id: number) => string): HTMLElement {
  return h(
    "div",
    { class: "work-pager" },
    step(image.previous, "chevron-left", "Previous image", href),
    h("h2", { class: "work-title", text: image.name, attrs: { title: image.name } }),
    step(image.next, "chevron-right", "Next image", href),
  );
}
