import { percent } from "../ui/format";
import type { ServerUpload } from "./api";
import type { Source } from "./files";
import type { Incoming } from "./incoming";
import type { Item, ItemState, UploadQueue } from "./queue";
import type { RowAction, RowData } from "./rowList";

type Queue = UploadQueue<Source>;

const ICONS: Record<ItemState, string> = {
  waiting: "hourglass",
  sending: "cloud-arrow-up",
  paused: "pause-circle",
  offline: "wifi-off",
  done: "check-circle",
  here: "check-circle",
  failed: "exclamation-triangle",
  cancelled: "slash-circle",
};

/** Which files are listed. */
export type Choice = "open" | "failed" | "here" | "done";

const OPEN: ItemState[] = ["failed", "offline", "sending", "paused", "waiting", "cancelled"];
const WORDS: Partial<Record<ItemState, string>> = {
  offline: "No connection; goes on by itself.",
  cancelled: "Cancelled",
  done: "Sent",
};

function actionsOf({ id, state, file }: Item<Source>, queue: Queue): RowAction[] {
  const { name } = file;
  const cancel = action("x-lg", `Cancel ${name}`, () => queue.cancel(id));
  const pause = action("pause-fill", `Pause ${name}`, () => queue.pause(id));
  const resume = action("play-fill", `Go on with ${name}`, () => queue.retry(id));
  const again = action("arrow-clockwise", `Try ${name} again`, () => queue.retry(id));
  const anyway = action("cloud-arrow-up", `Send ${name} all the same`, () => queue.retry(id));
  const dismiss = action("x-lg", `Dismiss ${name}`, () => queue.remove(id));
  if (state === "done") return [dismiss];
  if (state === "here") return [anyway, dismiss];
  if (state === "paused" || state === "offline") return [resume, cancel];
  if (state === "waiting" || state === "sending") return [pause, cancel];
  return [again, dismiss];
}

function action(icon: string, label: string, click: () => void): RowAction {
  return { icon, label, click };
}

function textOf({ state, progress, reason }: Item<Source>): string {
  if (state === "paused") return `Paused at ${percent(progress)}`;
  return WORDS[state] ?? reason;
}

function queueRow(item: Item<Source>, queue: Queue): RowData {
  const moves = item.state === "sending" || item.state === "paused" || item.state === "offline";
  return {
    key: `queue-${item.id}`,
    state: item.state,
    icon: ICONS[item.state],
    name: item.file.name,
    size: item.file.size,
    share: moves ? item.progress : null,
    text: textOf(item),
    actions: actionsOf(item, queue),
  };
}

function serverRow(upload: ServerUpload, incoming: Incoming): RowData {
  const { name } = upload;
  const part = upload.byte_count === 0 ? 1 : upload.received / upload.byte_count;
  const discard = (verb: string): RowAction =>
    action("x-lg", `${verb} ${name}`, () => void incoming.discard(upload));
  const again = action("arrow-clockwise", `Try ${name} again`, () => void incoming.retry(upload));
  const common = { key: upload.key, name, size: upload.byte_count, share: null };
  if (upload.state === "refused") {
    const actions = upload.can_be_tried_again ? [again] : [];
    const shown = { state: "failed", icon: ICONS.failed, text: upload.error };
    return { ...common, ...shown, actions: [...actions, discard("Dismiss")] };
  }
  if (upload.state === "received") {
    const shown = { state: "reading", icon: ICONS.waiting, text: "Being read…" };
    return { ...common, ...shown, actions: [discard("Cancel")] };
  }
  const text = `Stopped at ${percent(part)}. Choose or drop the same file again to go on.`;
  const shown = { state: "halfway", icon: ICONS.paused, share: part, text };
  return { ...common, ...shown, actions: [discard("Cancel")] };
}

/** The rows of a choice, made only when they are asked for; the ones that went wrong come first. */
export function uploadRows(queue: Queue, incoming: Incoming, choice: Choice): (() => RowData)[] {
  const refused = incoming.refused.map((upload) => () => serverRow(upload, incoming));
  const items = itemsOf(queue, choice);
  const own = items.map((item) => () => queueRow(item, queue));
  if (choice === "failed") return [...refused, ...own];
  if (choice !== "open") return own;
  const halfway = halfwayOnly(incoming, items).map((upload) => () => serverRow(upload, incoming));
  const reading = incoming.reading.map((upload) => () => serverRow(upload, incoming));
  return [...refused, ...halfway, ...own, ...reading];
}

function itemsOf(queue: Queue, choice: Choice): Item<Source>[] {
  if (choice !== "open") return queue.items.filter(({ state }) => state === choice);
  const byState = new Map<ItemState, Item<Source>[]>(OPEN.map((state) => [state, []]));
  for (const item of queue.items) byState.get(item.state)?.push(item);
  return [...byState.values()].flat();
}

/** While a file waits to be sent on, its row in the queue says so already. */
function halfwayOnly(incoming: Incoming, open: Item<Source>[]): ServerUpload[] {
  const { halfway } = incoming;
  if (halfway.length === 0) return halfway;
  const queued = new Set(open.map(({ file }) => file.name));
  return halfway.filter(({ name }) => !queued.has(name));
}
