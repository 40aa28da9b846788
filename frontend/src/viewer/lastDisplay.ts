import { cookie } from "../api/client";
import { getDisplay, putDisplay } from "../api/endpoints";
import type { ChannelDisplay, Display } from "../api/types";

/** What a page says as it goes has arrived by then, or never does. */
const LIVES_MS = 60_000;

interface Choice extends Display {
  at: number;
  /** Another one for the next person who signs in at this browser. */
  session: string;
}

/** Where the browser keeps nothing, a choice lives as long as the page. */
const inPage = new Map<string, string>();

/** The latest turn that the server has spoken of, by data set. */
const heard = new Map<number, number>();

const key = (dataset: number): string => `micraweb-display-${dataset}`;
const session = (): string => cookie("csrftoken", document.cookie);

/** Keeps what somebody chose until the server has it: the next page may ask too early. No channel: the defaults. */
export function choose(dataset: number, channels: ChannelDisplay[]): void {
  const before = Math.max(heard.get(dataset) ?? 0, choiceOf(dataset)?.turn ?? 0);
  const choice: Choice = { channels, turn: before + 1, at: Date.now(), session: session() };
  const text = JSON.stringify(choice);
  try {
    localStorage.setItem(key(dataset), text);
  } catch {
    inPage.set(key(dataset), text);
  }
}

/** What was chosen a moment ago, where the server has not said that it has it. */
export function lastChosen(dataset: number): ChannelDisplay[] | null {
  return holding(dataset)?.channels ?? null;
}

/** What the server has. */
export async function lastKept(dataset: number): Promise<ChannelDisplay[]> {
  const kept = await getDisplay(dataset);
  heard.set(dataset, kept.turn);
  return kept.channels;
}

/** Tells the server what was chosen last; `leaving`: from a page that goes. */
export async function tellLast(dataset: number, leaving = false): Promise<void> {
  const text = written(dataset);
  const choice = holding(dataset);
  if (!choice) return;
  const { channels, turn } = choice;
  const kept = await putDisplay(dataset, { channels, turn }, leaving);
  heard.set(dataset, kept.turn);
  // Meanwhile something else may have been chosen.
  if (written(dataset) !== text) return;
  if (kept.turn <= turn) return drop(dataset);
  // On another computer, of whose choices this page had not heard: this one is the later.
  choose(dataset, channels);
  await tellLast(dataset, leaving);
}

function holding(dataset: number): Choice | null {
  const choice = choiceOf(dataset);
  const holds = choice?.session === session() && Date.now() - choice.at < LIVES_MS;
  return holds ? choice : null;
}

function choiceOf(dataset: number): Choice | null {
  const text = written(dataset);
  return text === null ? null : (JSON.parse(text) as Choice);
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
