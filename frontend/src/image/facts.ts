import type { Image } from "../api/types";
import { h } from "../ui/dom";
import { integer, moment, quantity } from "../ui/format";

const SAMPLES: Record<string, string> = {
  uint8: "8 bit",
  uint16: "16 bit",
  float32: "32 bit, floating point",
};

function sizeWords({ width, height, size_z, size_t }: Image): string {
  const planes = [
    size_z > 1 ? `${integer(size_z)} planes` : "",
    size_t > 1 ? `${integer(size_t)} time points` : "",
  ].filter(Boolean);
  return [`${integer(width)} × ${integer(height)} px`, ...planes].join(", ");
}

function pixelWords({ pixel_size_um: size, pixel_size_z_um: z }: Image): string {
  if (!size) return "not in the file";
  const [y, x] = size;
  const sides = x === y ? quantity(x) : `${quantity(x)} × ${quantity(y)}`;
  return `${sides} µm${z ? `, planes ${quantity(z)} µm apart` : ""}`;
}

/** What the file and people say of an image: [name, value]; nothing that is not known, but for the size of a pixel. */
export function imageFacts(image: Image): [string, string][] {
  const { acquired_at: taken } = image;
  const rows: [string, string][] = [
    ["Size", sizeWords(image)],
    ["Pixel", pixelWords(image)],
    ["Values", image.is_rgb ? "8 bit, colours" : (SAMPLES[image.dtype] ?? image.dtype)],
    ["File", image.format],
    ["Taken", taken ? moment(new Date(taken), "UTC") : ""],
    ["Condition", image.condition],
    ["Well", image.well],
    ["Replicate", image.replicate],
  ];
  return rows.filter(([, value]) => value !== "");
}

export function factsSection(image: Image): HTMLElement {
  const rows = imageFacts(image).flatMap(([name, value]) => [
    h("dt", { text: name }),
    h("dd", { text: value }),
  ]);
  return h(
    "section",
    { class: "work-section" },
    h("h2", { text: "Image" }),
    h("dl", { class: "work-facts" }, ...rows),
  );
}
