import "./bars.css";
import "./cards.css";
import { h, icon, iconButton } from "../ui/dom";
import { integer, percent } from "../ui/format";
import { pages } from "../ui/pages";
import type { GalleryImage, PageAxis } from "./api";
import { answers } from "./axes";

export interface CardOptions {
  mayLabel: boolean;
  hasResults: boolean;
  remove: (image: GalleryImage) => void;
  retry: (image: GalleryImage) => void;
  answer: (image: GalleryImage, meaning: PageAxis) => void;
  edit: (image: GalleryImage) => void;
}

type Child = HTMLElement | null;

function card(image: GalleryImage, kind: string, picture: HTMLElement, ...body: Child[]) {
  return h(
    "li",
    {
      class: `tile image-card ${kind}`,
      attrs: { "data-image": image.id, "data-state": image.state },
    },
    picture,
    h("div", { class: "image-body" }, ...body),
  );
}

function placeholder(name: string): HTMLElement {
  return h("div", { class: "image-picture" }, icon(name));
}

function picture(image: GalleryImage): HTMLElement {
  if (!image.thumbnail) return placeholder("hourglass-split");
  const img = h("img", {
    attrs: { src: image.thumbnail, alt: "", loading: "lazy", decoding: "async" },
  });
  return h("div", { class: "image-picture" }, img);
}

function title(image: GalleryImage, href?: string): HTMLElement {
  const attrs = { title: image.name };
  if (!href) return h("h3", { text: image.name, attrs });
  return h("h3", { attrs }, h("a", { text: image.name, attrs: { href } }));
}

function fact(text: string): HTMLElement {
  return h("p", { class: "image-fact", text });
}

function button(text: string, click: () => void): HTMLElement {
  const kind = "btn btn-sm btn-outline-secondary";
  return h("button", { class: kind, text, attrs: { type: "button" }, on: { click } });
}

export function size(image: GalleryImage): string {
  const parts = [
    `${integer(image.width)} × ${integer(image.height)} px`,
    image.is_rgb ? "colour" : `${image.channels.length} ch`,
    image.size_z > 1 ? `${integer(image.size_z)} z` : "",
    image.size_t > 1 ? `${integer(image.size_t)} t` : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function details(image: GalleryImage): HTMLElement | null {
  const parts = [
    image.condition,
    image.well,
    image.replicate ? `replicate ${image.replicate}` : "",
  ].filter(Boolean);
  return parts.length > 0
    ? h("p", { class: "image-fact image-details", text: parts.join(" · ") })
    : null;
}

function refusedCard(image: GalleryImage, options: CardOptions): HTMLElement {
  const actions = h(
    "div",
    { class: "image-actions" },
    image.can_be_tried_again ? button("Try again", () => options.retry(image)) : null,
    button("Dismiss", () => options.remove(image)),
  );
  return card(
    image,
    "refused",
    placeholder("exclamation-triangle"),
    title(image),
    h("p", { class: "image-error", text: image.error }),
    options.mayLabel ? actions : null,
  );
}

function importingCard(image: GalleryImage, options: CardOptions): HTMLElement {
  const share = image.progress ?? 0;
  const bar = h("progress", {
    class: "image-share",
    attrs: { max: 1, value: share, "aria-label": `${percent(share)} imported` },
  });
  const cancel = h(
    "div",
    { class: "image-actions" },
    button("Cancel", () => options.remove(image)),
  );
  return card(
    image,
    "",
    picture(image),
    title(image),
    fact(share > 0 ? `Being imported: ${percent(share)}` : "Waiting to be imported"),
    bar,
    options.mayLabel ? cancel : null,
  );
}

function waitingCard(image: GalleryImage, options: CardOptions): HTMLElement {
  const buttons = answers((meaning) => options.answer(image, meaning));
  return card(
    image,
    "",
    placeholder("question-circle"),
    title(image),
    fact(`${integer(image.size_z)} pages, which are`),
    options.mayLabel ? h("div", { class: "image-actions" }, ...buttons) : null,
  );
}

function bar(share: number): HTMLElement {
  const attrs = { max: 1, value: share, "aria-label": `${percent(share)} of the patches answered` };
  return h("progress", { class: "image-share", attrs });
}

function link(text: string, href: string): HTMLElement {
  return h("a", { class: "image-link", text, attrs: { href } });
}

function readyCard(image: GalleryImage, options: CardOptions): HTMLElement {
  const share = image.share;
  const main = options.mayLabel ? pages.label(image.id) : pages.image(image.id);
  const edit = iconButton(
    "pencil",
    `Details of ${image.name}`,
    () => options.edit(image),
    "btn btn-sm btn-link image-edit",
  );
  return card(
    image,
    "",
    picture(image),
    title(image, main),
    fact(size(image)),
    details(image),
    bar(share),
    h(
      "div",
      { class: "image-foot" },
      h("span", { text: `${percent(share)} answered` }),
      link("View", pages.image(image.id)),
      options.hasResults ? link("Results", pages.results(image.id)) : null,
    ),
    options.mayLabel ? edit : null,
  );
}

export function imageCard(image: GalleryImage, options: CardOptions): HTMLElement {
  if (image.state === "refused") return refusedCard(image, options);
  if (image.state === "waiting") return waitingCard(image, options);
  return image.state === "importing" ? importingCard(image, options) : readyCard(image, options);
}
