import "./island.css";
import { messageOf } from "../api/client";
import { h, icon } from "./dom";

export interface Island<P> {
  root: HTMLElement;
  props: P;
}

/** Finds the element and the props that the page's template wrote for an island. */
export function island<P>(name: string): Island<P> {
  const root = document.getElementById(`island-${name}`);
  const props = document.getElementById(`props-${name}`)?.textContent;
  if (!root || !props) throw new Error(`The page has no place for the island ${name}.`);
  root.classList.add("island", `island-${name}`);
  return { root, props: JSON.parse(props) as P };
}

/** A block that says what happened and what to do next, in place of an empty or broken screen. */
export function notice(options: {
  icon: string;
  title: string;
  text?: string;
  actions?: HTMLElement[];
  alert?: boolean;
}): HTMLElement {
  return h(
    "div",
    { class: "island-notice", attrs: { role: options.alert ? "alert" : "status" } },
    icon(options.icon),
    h("h2", { text: options.title }),
    options.text ? h("p", { text: options.text }) : null,
    options.actions ? h("div", { class: "island-notice-actions" }, ...options.actions) : null,
  );
}

export function link(href: string, text: string, kind = "btn btn-primary"): HTMLAnchorElement {
  return h("a", { class: kind, text, attrs: { href } });
}

export function reloadButton(): HTMLButtonElement {
  return h("button", {
    class: "btn btn-primary",
    text: "Try again",
    attrs: { type: "button" },
    on: { click: () => location.reload() },
  });
}

/** Runs an island; whatever stops it becomes a sentence on the page, not a blank one. */
export function start<P>(name: string, run: (island: Island<P>) => Promise<void> | void): void {
  const place = island<P>(name);
  Promise.resolve()
    .then(() => run(place))
    .catch((error: unknown) => {
      console.error(error);
      place.root.replaceChildren(
        notice({
          icon: "exclamation-triangle",
          title: "This screen could not be shown",
          text: messageOf(error),
          actions: [reloadButton()],
          alert: true,
        }),
      );
    });
}
