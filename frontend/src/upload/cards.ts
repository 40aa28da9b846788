import type { ImageSummary } from "../api/types";
import { h, icon } from "../ui/dom";
import { integer, percent } from "../ui/format";
import { pages } from "../ui/pages";

export interface CardOptions {
  /** image id → share of its patches that have an answer, 0..1 */
  share: Map<number, number>;
  mayLabel: boolean;
  hasResults: boolean;
  dismiss: (image: ImageSummary) => void;
}

function picture(image: ImageSummary): HTMLElement {
  if (!image.thumbnail) return h("div", { class: "image-picture" }, icon("hourglass-split"));
  const img = h("img", {
    attrs: { src: image.thumbnail, alt: "", loading: "lazy", decoding: "async" },
  });
  return h("div", { class: "image-picture" }, img);
}

function size(image: ImageSummary): string {
  const channels = image.is_rgb ? "colour" : `${image.channels.length} ch`;
  return `${integer(image.width)} × ${integer(image.height)} px · ${channels}`;
}

function refusedCard(image: ImageSummary, options: CardOptions): HTMLElement {
  const dismiss = h("button", {
    class: "btn btn-sm btn-outline-secondary",
    text: "Dismiss",
    attrs: { type: "button" },
    on: { click: () => options.dismiss(image) },
  });
  return h(
    "li",
    {
      class: "tile image-card refused",
      attrs: { "data-image": image.id, "data-state": image.state },
    },
    h("div", { class: "image-picture" }, icon("exclamation-triangle")),
    h(
      "div",
      { class: "image-body" },
      h("h3", { text: image.name, attrs: { title: image.name } }),
      h("p", { class: "image-error", text: image.error }),
      options.mayLabel ? dismiss : null,
    ),
  );
}

function importingCard(image: ImageSummary): HTMLElement {
  return h(
    "li",
    { class: "tile image-card", attrs: { "data-image": image.id, "data-state": image.state } },
    picture(image),
    h(
      "div",
      { class: "image-body" },
      h("h3", { text: image.name, attrs: { title: image.name } }),
      h("p", { class: "image-fact", text: "Being imported…" }),
    ),
  );
}

function bar(share: number): HTMLElement {
  const attrs = { max: 1, value: share, "aria-label": `${percent(share)} of the patches answered` };
  return h("progress", { class: "image-share", attrs });
}

function readyCard(image: ImageSummary, options: CardOptions): HTMLElement {
  const share = options.share.get(image.id) ?? 0;
  const look = h("a", {
    class: "image-link",
    text: "View",
    attrs: { href: pages.image(image.id) },
  });
  const main = options.mayLabel ? pages.label(image.id) : pages.image(image.id);
  const results = h("a", {
    class: "image-link",
    text: "Results",
    attrs: { href: pages.results(image.id) },
  });
  return h(
    "li",
    { class: "tile image-card", attrs: { "data-image": image.id, "data-state": image.state } },
    picture(image),
    h(
      "div",
      { class: "image-body" },
      h(
        "h3",
        { attrs: { title: image.name } },
        h("a", { text: image.name, attrs: { href: main } }),
      ),
      h("p", { class: "image-fact", text: size(image) }),
      bar(share),
      h(
        "div",
        { class: "image-foot" },
        h("span", { text: `${percent(share)} answered` }),
        look,
        options.hasResults ? results : null,
      ),
    ),
  );
}

export function imageCard(image: ImageSummary, options: CardOptions): HTMLElement {
  if (image.state === "refused") return refusedCard(image, options);
  return image.state === "importing" ? importingCard(image) : readyCard(image, options);
}
