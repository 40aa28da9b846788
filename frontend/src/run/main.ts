import "./run.css";
import { getRun } from "../api/endpoints";
import { follow } from "../api/follow";
import type { Run } from "../api/types";
import { type Island, start } from "../ui/island";
import { pages } from "../ui/pages";
import { RunView } from "./view";

interface RunProps {
  run: number;
}

async function run({ root, props }: Island<RunProps>): Promise<void> {
  let watching = new AbortController();
  const view = new RunView((next) => {
    if (next.id !== props.run) return location.assign(pages.run(next.id));
    watching.abort();
    watching = new AbortController();
    void watch(next, watching.signal);
  });
  const watch = async (from: Run, signal: AbortSignal): Promise<void> => {
    await follow(from, (now) => view.show(now), signal);
  };
  const first = await getRun(props.run);
  root.replaceChildren(view.element);
  await watch(first, watching.signal);
}

start<RunProps>("run", run);
