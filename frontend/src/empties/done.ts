import { type Errand, isActive } from "../errands/api";
import { h, textButton } from "../ui/dom";
import { patches } from "../ui/format";

const SHOWN = 5;

/** What was answered or left out before, each with its way back. */
export function doneList(
  errands: readonly Errand[],
  structures: readonly { id: number; name: string }[],
  undo: (errand: Errand) => void,
): HTMLElement | null {
  const back = new Set(errands.filter(isUndo).map(({ params }) => params.at));
  const done = errands.filter((errand) => !isUndo(errand) && !isActive(errand)).slice(0, SHOWN);
  if (done.length === 0) return null;
  const rows = done.map((errand) => row(errand, back.has(errand.params.at)));
  return h("ul", { class: "empties-done", attrs: { "aria-label": "Done before" } }, ...rows);

  function row(errand: Errand, isBack: boolean): HTMLElement {
    const text = words(errand, structures);
    if (isBack) return h("li", {}, h("s", { text }), h("span", { text: "Taken back" }));
    return h(
      "li",
      {},
      h("span", { text }),
      textButton("Undo", () => undo(errand)),
    );
  }
}

const isUndo = ({ params, state }: Errand): boolean =>
  params.undo === true && state !== "cancelled" && state !== "failed";

function words(
  { params, report, state, error }: Errand,
  structures: readonly { id: number; name: string }[],
): string {
  const name = structures.find(({ id }) => id === params.structure)?.name ?? "a structure";
  const how = params.structure === null ? "left out" : `answered with no about ${name}`;
  if (state === "failed") return `Some may be ${how}: ${error}`;
  if (state === "cancelled") return `Cancelled; some may be ${how}.`;
  return `${patches(report.patches as number)} ${how}.`;
}
