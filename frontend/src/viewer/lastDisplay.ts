import { cookie } from "../api/client";
import { deleteDisplay, putDisplay } from "../api/endpoints";
import type { ChannelDisplay } from "../api/types";

/** What a page says as it goes has arrived by then, or never does. */
const LIVES_MS = 60_000;

interface Choice {
  channels: ChannelDisplay[];
  at: number;
  /** Another one for the next person who signs in at this browser. */
  session: string;
}

/** Where the browser keeps nothing, a choice lives as long as the page. */
const inPage = new Map<string, string>();

const key = (dataset: number): string => `micraweb-display-${dataset}`;
const session = (): string => cookie("csrftoken", document.cookie);

/** Keeps what somebody chose until the server has it: the next page may ask too early. No channel: the defaults. */
export function choose(dataset: number, channels: ChannelDisplay[]): void {
  const choice: Choice = { channels, at: Date.now(), session: session() };
  const text = JSON.stringify(choice);
  try {
    localStorage.setItem(key(dataset), text);
  } catch {
    inPage.set(key(dataset), text);
  }
}

/** What was chosen a moment ago, where the server has not said that it has it. */
export function lastChosen(dataset: number): ChannelDisplay[] | null {
  const text = written(dataset);
  if (text === null) return null;
  const choice = JSON.parse(text) as Choice;
  const holds = choice.session === session() && Date.now() - choice.at < LIVES_MS;
  return holds ? choice.channels : null;
}

/** Tells the server what was chosen last; `leaving`: from a page that goes. */
export async function tellLast(dataset: number, leaving = false): Promise<void> {
  const text = written(dataset);
  const channels = lastChosen(dataset);
  if (!channels) return;
  await (channels.length > 0
    ? putDisplay(dataset, channels, leaving)
    : deleteDisplay(dataset, leaving));
  // Meanwhile something else may have been chosen.
  if (written(dataset) === text) drop(dataset);
}

function written(dataset: number): string | null {
  try {
    return localStorage.getItem(key(dataset)) ?? inPage.get(key(dataset)) ?? null;
  } catch {
    return inPage.get(key(dataset)) ?? null;
  }
}

function drop(dataset: number): void {
  inPage.delete(key(dataset));
  try {
    localStorage.removeItem(key(dataset));
  } catch {
    // It was kept in the page alone.
  }
}
