import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { EpochRecord } from "../api/types";
import { lossColumns, stageOf } from "./columns";

function token(name: string, fallback: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

function series(label: string, stroke: string, dash?: number[]): uPlot.Series {
  const value = (_: uPlot, v: number | null): string => (v === null ? "–" : v.toFixed(4));
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
          { label: "Epoch", value: (_, epoch) => this.#named(epoch) },
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
    const columns = lossColumns(history);
    this.#plot.setData(columns as uPlot.AlignedData);
    // Without a pointer on it, the legend tells of the last epoch.
    if ((this.#plot.cursor.left ?? -1) < 0) this.#plot.setLegend({ idx: columns[0].length - 1 });
  }

  #named(epoch: number | null): string {
    if (epoch === null) return "–";
    const stage = stageOf(this.#history, epoch);
    return stage ? `${epoch}, ${stage}` : `${epoch}`;
  }
}
