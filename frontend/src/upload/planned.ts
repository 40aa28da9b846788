import { type Plan, planUploads } from "./api";
import type { Source } from "./files";

/** Asked about at once: some hundred kilobytes of names. */
const PART = 5000;

export interface Sorted {
  send: Source[];
  here: Source[];
  /** No room for these, and why. */
  refused: Source[];
  refusal: string;
}

type Ask = (files: [string, number, number][]) => Promise<Plan>;

/** Finds out what need not be sent and whether there is room for the rest, before a byte is sent. */
export async function sorted(sources: readonly Source[], ask: Ask): Promise<Sorted> {
  const found: Sorted = { send: [], here: [], refused: [], refusal: "" };
  for (let start = 0; start < sources.length; start += PART) {
    const part = sources.slice(start, start + PART);
    const plan = await ask(part.map((each) => [each.name, each.size, each.lastModified]));
    const here = new Set(plan.here);
    const rest = part.filter((_, place) => !here.has(place));
    found.here.push(...part.filter((_, place) => here.has(place)));
    (plan.refusal ? found.refused : found.send).push(...rest);
    found.refusal ||= plan.refusal;
  }
  return found;
}

export const asking =
  (dataset: number): Ask =>
  (files) =>
    planUploads(dataset, files);
