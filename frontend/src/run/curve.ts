import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { EpochRecord } from "../api/types";
import { lossColumns, stageOf } from "./columns";

function token(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

/** What the legend says of a point; without a pointer on the curve, of the last one. */
function value(plot: uPlot, _: number | null, line: number, at: number | null): string {
  const loss = plot.data[line]?.at(at ?? -1);
  return loss?.toFixed(4) ?? "–";
}

function series(label: string, stroke: string, dash?: number[]): uPlot.Series {
  return {
    label,
    stroke,
    width: 2,
    value,
    points: { size: 5 },
    ...(dash ? { dash } : {}),
  };
}

/** The loss of every epoch, training against unseen images. */
export class LossCurve {
  readonly #plot: uPlot;
  #history: readonly EpochRecord[] = [];

  constructor(parent: HTMLElement) {
    const grid = { stroke: token("--mw-line", "#34373a"), width: 1 };
    const axis = { stroke: token("--mw-muted", "#a9aeb3"), grid, ticks: grid };
    this.#plot = new uPlot(
      {
        width: Math.max(280, parent.clientWidth),
        height: 260,
        scales: { x: { time: false } },
        axes: [
          { ...axis, label: "Epoch", incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
          { ...axis, label: "Loss", size: 60 },
        ],
        series: [
          {
            label: "Epoch",
            value: (plot, _, line, at) => this.#named(plot.data[line]?.at(at ?? -1)),
          },
          // A dash as well as a colour tells the two apart.
          series("Training", token("--mw-unsure", "#b9bec3"), [6, 4]),
          series("Unseen images", token("--mw-accent", "#74d3bf")),
        ],
        cursor: { drag: { x: false, y: false } },
      },
      [[], [], []],
      parent,
    );
    new ResizeObserver(() => {
      const width = Math.max(280, parent.clientWidth);
      if (width !== this.#plot.width) this.#plot.setSize({ width, height: 260 });
    }).observe(parent);
  }

  set(history: readonly EpochRecord[]): void {
    this.#history = history;
    this.#plot.setData(lossColumns(history) as uPlot.AlignedData);
    // An epoch came while nobody pointed anywhere: the legend does not follow by itself.
    if ((this.#plot.cursor.left ?? -1) < 0) this.#plot.setLegend({ idx: history.length - 1 });
  }

  #named(epoch: number | null | undefined): string {
    if (typeof epoch !== "number") return "–";
    const stage = stageOf(this.#history, epoch);
    return stage ? `${epoch}, ${stage}` : `${epoch}`;
  }
}
