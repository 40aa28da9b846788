import { h } from "../ui/dom";
import { integer, patches, percent } from "../ui/format";
import { pages } from "../ui/pages";
import { Grid } from "../viewer/grid";
import { type EmptiesOf, emptyCells } from "./api";

/** Over what is empty: seen on black and on white alike. */
const SHADE = "rgb(116 211 191 / 45%)";

export interface CardOptions {
  /** Whether the image is passed over. */
  passedOver: (image: number) => boolean;
  pass: (image: number, over: boolean) => void;
}

function facts({ empty, open }: EmptiesOf, count: number): string {
  if (empty === null) return "Not looked at yet";
  if (empty === 0) return "No patch shows background alone";
  const share = `${integer(empty)} of ${patches(count)} (${percent(empty / count)})`;
  return open === 0 ? `${share}, none left to answer` : `${share}, ${integer(open ?? 0)} to answer`;
}

/** An image with its empty patches shaded, and whether they are taken. */
export function emptiesCard(found: EmptiesOf, options: CardOptions): HTMLElement {
  const { image, empty, open } = found;
  const grid = new Grid(image.height, image.width, image.patch_size, image.overlap);
  const canvas = h("canvas", {
    attrs: { role: "img", "aria-label": `Empty patches of ${image.name}` },
  });
  if (image.thumbnail) void draw(canvas, image.thumbnail, grid, empty ? image.id : null);
  const box = h("input", {
    class: "form-check-input",
    attrs: { type: "checkbox", checked: !options.passedOver(image.id), disabled: !open },
    on: { change: () => options.pass(image.id, !box.checked) },
  });
  const title = h("a", { text: image.name, attrs: { href: pages.label(image.id) } });
  return h(
    "li",
    { class: "tile empties-card", attrs: { "data-image": image.id, "data-empty": empty ?? "" } },
    h("div", { class: "empties-picture" }, canvas),
    h(
      "div",
      { class: "empties-body" },
      h("h3", { attrs: { title: image.name } }, title),
      h("p", { class: "muted", text: facts(found, grid.count) }),
      h("label", { class: "empties-take" }, box, "Take these"),
    ),
  );
}

/** The small picture of the image, and over it the patches. */
async function draw(
  canvas: HTMLCanvasElement,
  thumbnail: string,
  grid: Grid,
  image: number | null,
): Promise<void> {
  const picture = new Image();
  picture.src = thumbnail;
  const cells = image === null ? [] : emptyCells(image);
  const [, found] = await Promise.all([picture.decode(), cells]);
  canvas.width = picture.naturalWidth;
  canvas.height = picture.naturalHeight;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.drawImage(picture, 0, 0);
  const scale = picture.naturalWidth / grid.width;
  context.fillStyle = SHADE;
  for (const [row, column] of found) {
    const [left, top, right, bottom] = grid.cellBox({ row, column });
    context.fillRect(left * scale, top * scale, (right - left) * scale, (bottom - top) * scale);
  }
  canvas.dataset.shaded = String(found.length);
}
