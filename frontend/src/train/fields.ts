import type { ModelVersion } from "../api/types";
import { h } from "../ui/dom";

function field(id: string, label: string, control: HTMLElement, hint: string): HTMLElement {
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-hint`);
  return h(
    "div",
    { class: "train-field" },
    h("label", { class: "form-label", text: label, attrs: { for: id } }),
    control,
    h("p", { class: "train-hint", text: hint, attrs: { id: `${id}-hint` } }),
  );
}

export function nameField(): HTMLElement {
  const input = h("input", {
    class: "form-control",
    attrs: { name: "name", maxlength: 120, autocomplete: "off" },
  });
  return field("train-name", "Name", input, "Optional. Helps to tell model versions apart.");
}

function choice(name: string, options: [value: string, text: string][]): HTMLSelectElement {
  return h(
    "select",
    { class: "form-select", attrs: { name } },
    ...options.map(([value, text]) => h("option", { text, attrs: { value } })),
  );
}

export function methodField(): HTMLElement {
  const method = choice("method", [
    ["refined", "Refined (recommended)"],
    ["paper", "MICRA-Net (paper)"],
  ]);
  return field(
    "train-method",
    "Method",
    method,
    "Refined masks follow outlines more closely; they take longer to train.",
  );
}

/** What few need, folded away. */
export function more(models: readonly ModelVersion[]): HTMLElement {
  return h(
    "details",
    { class: "train-more" },
    h("summary", { text: "More" }),
    models.length > 0 ? startField(models) : null,
    membersField(),
    epochsField(),
    resolutionField(),
    turnedField(),
  );
}

function startField(models: readonly ModelVersion[]): HTMLElement {
  const named = models.map(({ id, name, number }): [string, string] => [
    String(id),
    `${name} (v${number})`,
  ]);
  return field(
    "train-start",
    "Start from",
    choice("start", [["", "Nothing: learn from scratch"], ...named]),
    "An earlier model keeps its first layers and learns the rest again: for few new answers.",
  );
}

function membersField(): HTMLElement {
  return field(
    "train-members",
    "Models to average",
    count("members", 5, "1"),
    "1 to 5. Several even out chance; training and segmenting take as many times longer.",
  );
}

function epochsField(): HTMLElement {
  return field(
    "train-epochs",
    "Epochs",
    count("epochs", 2000, "Automatic"),
    "Passes over the answers. Automatic stops when unseen images no longer gain.",
  );
}

function resolutionField(): HTMLElement {
  const resolution = choice("downscale", [
    ["", "Automatic"],
    ["1", "Full resolution"],
    ["2", "Half: four times faster"],
    ["4", "Quarter: sixteen times faster"],
  ]);
  return field(
    "train-downscale",
    "Working resolution",
    resolution,
    "Large structures do not need every pixel. Masks are full size either way.",
  );
}

function turnedField(): HTMLElement {
  const turned = choice("turned", [
    ["", "Any way: turned and mirrored"],
    ["false", "Always as in the images"],
  ]);
  return field(
    "train-turned",
    "How structures lie",
    turned,
    "Always as in the images: if a turned one would be another structure, as a 6 is a 9.",
  );
}

/** A whole number from 1; left empty, it is what the placeholder says. */
function count(name: string, max: number, placeholder: string): HTMLInputElement {
  return h("input", {
    class: "form-control",
    attrs: { name, type: "number", min: 1, max, placeholder },
  });
}
