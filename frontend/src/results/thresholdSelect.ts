import type { Thresholds } from "../api/types";
import { h } from "../ui/dom";
import type { Result } from "./state";

const CHOICES: [keyof Thresholds | "model" | "", string][] = [
  ["", "Threshold by hand"],
  ["model", "Model’s own"],
  ["fixed", "Fixed 0.5"],
  ["otsu", "Otsu"],
  ["triangle", "Triangle"],
  ["percentile", "Top 10 %"],
];

/** Moves the threshold to what a rule says for this image and structure; nothing is stored yet. */
export function thresholdSelect(
  result: Result,
  suggest: () => Promise<Thresholds | null>,
  set: (threshold: number) => void,
): HTMLSelectElement {
  const { structure, default_threshold } = result.segmentation;
  const select = h(
    "select",
    {
      class: "form-select form-select-sm threshold-select",
      attrs: { "aria-label": `Set the threshold of ${structure.name} by a rule` },
      on: { change: () => void choose() },
    },
    ...CHOICES.map(([value, text]) => h("option", { text, attrs: { value } })),
  );
  const choose = async (): Promise<void> => {
    const rule = select.value as keyof Thresholds | "model" | "";
    // Back to its name: the slider may be moved on, and the rule would no longer be what is shown.
    select.value = "";
    if (rule === "model") return set(default_threshold);
    const suggested = rule === "" ? null : await suggest();
    if (suggested && rule !== "") set(suggested[rule]);
  };
  return select;
}
