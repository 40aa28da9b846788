/** The little that is needed to build elements by hand: no framework, no innerHTML, so nothing to escape. */

type Child = Node | string | null | undefined | false;
type Handler = (event: never) => void;

export interface Props {
  class?: string;
  text?: string;
  /** Attributes as written in HTML; `true` sets an empty one, `false` and `null` leave it out. */
  attrs?: Record<string, string | number | boolean | null | undefined>;
  style?: Record<string, string>;
  on?: Record<string, Handler>;
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class) element.className = props.class;
  if (props.text !== undefined) element.textContent = props.text;
  for (const [name, value] of Object.entries(props.attrs ?? {})) setAttribute(element, name, value);
  for (const [name, value] of Object.entries(props.style ?? {})) {
    element.style.setProperty(name, value);
  }
  for (const [name, handler] of Object.entries(props.on ?? {})) {
    element.addEventListener(name, handler as EventListener);
  }
  element.append(...children.filter(isNode));
  return element;
}

function isNode(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}

export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

/** A Bootstrap icon; decorative, so hidden from screen readers: the text or label beside it speaks. */
export function icon(name: string): HTMLElement {
  return h("i", { class: `bi bi-${name}`, attrs: { "aria-hidden": "true" } });
}

const BUTTON = "btn btn-sm btn-outline-secondary";

/** A button in words, with an icon before them where one is named. */
export function textButton(
  text: string,
  onClick: () => void,
  { attrs = {}, icon: name }: { attrs?: Props["attrs"]; icon?: string } = {},
): HTMLButtonElement {
  return h(
    "button",
    { class: BUTTON, attrs: { type: "button", ...attrs }, on: { click: onClick } },
    name ? icon(name) : null,
    name ? ` ${text}` : text,
  );
}

export function iconButton(
  name: string,
  label: string,
  onClick: () => void,
  kind = BUTTON,
): HTMLButtonElement {
  return h(
    "button",
    {
      class: kind,
      attrs: { type: "button", title: label, "aria-label": label },
      on: { click: onClick },
    },
    icon(name),
  );
}

/** Sets text only when it changed, so that a live region does not speak twice. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
