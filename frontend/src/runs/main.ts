import "./runs.css";
import { messageOf } from "../api/client";
import { cancelRun, getRuns, retryRun } from "../api/endpoints";
import { pause } from "../api/poll";
import type { Run } from "../api/types";
import { h, icon, iconButton, setText } from "../ui/dom";
import { since } from "../ui/format";
import { type Island, start } from "../ui/island";
import { pages } from "../ui/pages";
import { runLine, STATE_ICONS } from "../ui/runText";

interface RunsProps {
  dataset: number;
}

const SHOWN = 8;
const QUIET = "btn btn-sm btn-link";

function row(run: Run, act: (action: Promise<Run>) => void): HTMLElement {
  const live = run.state === "running" || run.state === "queued";
  const buttons = [
    run.can_cancel ? iconButton("x-lg", "Cancel", () => act(cancelRun(run.id)), QUIET) : null,
    run.can_retry
      ? iconButton("arrow-clockwise", "Start again", () => act(retryRun(run.id)), QUIET)
      : null,
    run.download
      ? h(
          "a",
          {
            class: QUIET,
            attrs: { href: run.download, title: "Download", "aria-label": "Download" },
          },
          icon("download"),
        )
      : null,
  ];
  return h(
    "li",
    { class: "run-row", attrs: { "data-run": run.id, "data-state": run.state } },
    icon(STATE_ICONS[run.state]),
    h(
      "div",
      { class: "run-body" },
      h("a", { text: run.name, attrs: { href: pages.run(run.id) } }),
      h("span", { class: "run-when", text: since(run.created_at, new Date()) }),
      h("p", { class: "run-line", text: runLine(run) }),
      live ? h("progress", { class: "run-share", attrs: { max: 1, value: run.progress } }) : null,
    ),
    h("div", { class: "run-buttons" }, ...buttons),
  );
}

async function run({ root, props }: Island<RunsProps>): Promise<void> {
  const list = h("ul", { class: "run-list" });
  const status = h("p", { class: "run-line", attrs: { role: "status" } });
  root.replaceChildren(list, status);
  const act = (action: Promise<Run>): void => {
    action.then(refresh, (error: unknown) => setText(status, messageOf(error)));
  };
  const refresh = async (): Promise<boolean> => {
    const runs = await getRuns(props.dataset);
    runs.sort((a, b) => b.id - a.id);
    // Rows are not rebuilt under a keyboard user's focus.
    if (list.contains(document.activeElement)) return true;
    list.replaceChildren(...runs.slice(0, SHOWN).map((each) => row(each, act)));
    setText(status, runs.length === 0 ? "Nothing has run yet." : "");
    return runs.some(({ state }) => state === "queued" || state === "running");
  };
  for (;;) {
    const live = await refresh().catch(() => true);
    await pause(live ? 1000 : 10_000);
  }
}

start<RunsProps>("runs", run);
