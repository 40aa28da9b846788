import { messageOf } from "../api/client";
import { startExport, startSegmenting } from "../api/endpoints";
import { success } from "../api/follow";
import type { Run } from "../api/types";
import { h, icon, setText } from "../ui/dom";
import { link } from "../ui/island";
import { pages } from "../ui/pages";
import { runLine } from "../ui/runText";

/** A button that starts a run, shows how far it is, and says what went wrong. */
export function runButton(options: {
  text: string;
  icon: string;
  kind: string;
  start: () => Promise<Run>;
  done: (run: Run) => void;
}): HTMLElement {
  const status = h("p", { class: "work-hint", attrs: { role: "status", "aria-live": "polite" } });
  const button = h(
    "button",
    { class: `btn ${options.kind}`, attrs: { type: "button" }, on: { click: () => void go() } },
    icon(options.icon),
    ` ${options.text}`,
  );
  const go = async (): Promise<void> => {
    button.disabled = true;
    try {
      const last = await success(await options.start(), (run) => setText(status, runLine(run)));
      setText(status, "");
      options.done(last);
    } catch (error) {
      setText(status, messageOf(error));
    }
    button.disabled = false;
  };
  return h("div", {}, button, status);
}

export function downloadButton(dataset: number, model: number): HTMLElement {
  return runButton({
    text: "Download all results",
    icon: "download",
    kind: "btn-primary w-100",
    start: () => startExport(dataset, model),
    done: (run) => {
      if (run.download) location.assign(run.download);
    },
  });
}

/** The place of the results on an image that this model has not seen yet. */
export function notSegmented(options: {
  dataset: number;
  image: number;
  model: number;
  mayStart: boolean;
  done: () => void;
}): HTMLElement {
  const { dataset, image, model } = options;
  const one = runButton({
    text: "Segment this image",
    icon: "magic",
    kind: "btn-primary w-100",
    start: () => startSegmenting(dataset, model, [image]),
    done: options.done,
  });
  const all = runButton({
    text: "Segment all images",
    icon: "images",
    kind: "btn-outline-secondary w-100",
    start: () => startSegmenting(dataset, model),
    done: options.done,
  });
  return h(
    "section",
    { class: "work-section", attrs: { "data-empty": "true" } },
    h("h2", { text: "Not segmented yet" }),
    h("p", { class: "work-hint mb-3", text: "This model has not been run on this image." }),
    ...(options.mayStart ? [one, all] : []),
  );
}

export function noModel(dataset: number, mayTrain: boolean): HTMLElement {
  const next = mayTrain
    ? "Train one first."
    : "An annotator or manager of this project can train one.";
  return h(
    "section",
    { class: "work-section", attrs: { "data-empty": "true" } },
    h("h2", { text: "No model yet" }),
    h("p", {
      class: "work-hint mb-3",
      text: `Masks come from a model that learned from people's answers. ${next}`,
    }),
    mayTrain ? link(pages.train(dataset), "Train a model") : null,
  );
}
