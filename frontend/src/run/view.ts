import { messageOf } from "../api/client";
import { cancelRun, getImages, retryRun, startSegmenting } from "../api/endpoints";
import type { Run } from "../api/types";
import { h, icon, setText } from "../ui/dom";
import { duration, percent } from "../ui/format";
import { link } from "../ui/island";
import { pages } from "../ui/pages";
import { STATE_ICONS, STATE_WORDS } from "../ui/runText";
import { LossCurve } from "./curve";

function seconds(from: string | null, to: string | null): number | null {
  if (!from) return null;
  return ((to ? new Date(to) : new Date()).getTime() - new Date(from).getTime()) / 1000;
}

/** One run: how far it is, what it learned, what to do next. */
export class RunView {
  readonly element = h("div", { class: "run" });
  readonly #state = h("p", {
    class: "run-state",
    attrs: { role: "status", "aria-live": "polite" },
  });
  readonly #bar = h("progress", { class: "run-bar", attrs: { max: 1, "aria-label": "Progress" } });
  readonly #facts = h("p", { class: "run-facts" });
  readonly #error = h("p", { class: "run-error", attrs: { role: "alert" } });
  readonly #actions = h("div", { class: "run-actions" });
  readonly #curve = h("div", { class: "run-curve" });
  readonly #restart: (run: Run) => void;
  #plot: LossCurve | null = null;
  #shownActions = "";

  constructor(restart: (run: Run) => void) {
    this.#restart = restart;
    this.element.append(
      this.#state,
      this.#bar,
      this.#facts,
      this.#error,
      this.#actions,
      this.#curve,
    );
  }

  show(run: Run): void {
    this.element.dataset.state = run.state;
    const words = [STATE_WORDS[run.state], run.state === "running" ? run.message : ""];
    this.#state.dataset.state = run.state;
    if (this.#state.dataset.words !== words.join()) {
      this.#state.dataset.words = words.join();
      this.#state.replaceChildren(
        icon(STATE_ICONS[run.state]),
        ` ${words.filter(Boolean).join(" · ")}`,
      );
    }
    this.#bar.hidden = run.state !== "queued" && run.state !== "running";
    this.#bar.value = run.progress;
    setText(this.#facts, this.#factLine(run));
    setText(this.#error, run.state === "failed" ? run.error : "");
    this.#showCurve(run);
    this.#showActions(run);
  }

  #factLine(run: Run): string {
    const time = seconds(run.started_at, run.finished_at);
    const parts = [
      run.state === "running" ? percent(run.progress) : "",
      time === null ? "" : duration(time),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  #showCurve(run: Run): void {
    if (run.history.length === 0) return;
    this.#plot ??= new LossCurve(this.#curve);
    this.#plot.set(run.history);
  }

  /** Rebuilt only when they differ, so that the focus stays on a button while the run is watched. */
  #showActions(run: Run): void {
    const key = [run.state, run.can_cancel, run.can_retry, run.model, run.download].join();
    if (key === this.#shownActions) return;
    this.#shownActions = key;
    this.#actions.replaceChildren(...this.#buttons(run));
  }

  #buttons(run: Run): HTMLElement[] {
    const buttons: HTMLElement[] = run.state === "done" ? this.#outcome(run) : [];
    if (run.can_cancel) {
      buttons.push(this.#button("Cancel", "btn-outline-secondary", () => cancelRun(run.id)));
    }
    if (run.can_retry) {
      buttons.push(this.#button("Start again", "btn-primary", () => retryRun(run.id)));
    }
    return [
      ...buttons,
      link(pages.dataset(run.dataset), "Back to the data set", "btn btn-outline-secondary"),
    ];
  }

  #outcome(run: Run): HTMLElement[] {
    const { model } = run;
    if (run.kind === "train" && model !== null) {
      const segment = () => startSegmenting(run.dataset, model);
      return [this.#button("Segment all images", "btn-primary", segment)];
    }
    if (run.kind === "export" && run.download) return [link(run.download, "Download the zip")];
    if (run.kind === "segment" || run.kind === "threshold" || run.kind === "separate")
      return [this.#resultsButton(run)];
    return [];
  }

  #resultsButton(run: Run): HTMLElement {
    const results = link(pages.datasetResults(run.dataset), "See the results");
    const images = run.params.images;
    const first = Array.isArray(images) ? images.find((id) => typeof id === "number") : undefined;
    if (typeof first === "number") results.href = pages.results(first, run.model);
    else void this.#toFirstImage(results, run);
    return results;
  }

  async #toFirstImage(results: HTMLAnchorElement, run: Run): Promise<void> {
    const ready = (await getImages(run.dataset)).find(({ state }) => state === "ready");
    if (ready) results.href = pages.results(ready.id, run.model);
  }

  #button(text: string, kind: string, act: () => Promise<Run>): HTMLButtonElement {
    const button = h("button", { class: `btn ${kind}`, text, attrs: { type: "button" } });
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        this.#restart(await act());
      } catch (error) {
        setText(this.#error, messageOf(error));
      }
      button.disabled = false;
    });
    return button;
  }
}
