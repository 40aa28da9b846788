import { ApiError } from "../api/client";
import type { Waiting } from "./database";

const WRONG = 400;
const CONFLICT = 409;

/** What a request that failed says of the answers in it. */
export type Verdict =
  /** Nothing: the connection or the server is away. */
  | { kind: "away" }
  /** The grid is being changed: if that is cancelled, they are taken as they are. */
  | { kind: "hold"; reason: string; seconds: number }
  /** These cannot be taken, the others can. */
  | { kind: "refused"; reason: string; events: Waiting[] }
  /** One of them cannot be taken, and nobody says which. */
  | { kind: "halve" }
  /** None is taken, now or later: the person may not answer. */
  | { kind: "stop"; reason: string };

export function verdictOf(error: unknown, batch: readonly Waiting[]): Verdict {
  if (!(error instanceof ApiError) || error.passing) return { kind: "away" };
  const { status, message: reason, retryAfter } = error;
  if (status === CONFLICT && retryAfter !== null) {
    return { kind: "hold", reason, seconds: retryAfter };
  }
  const named = namedIn(error, batch);
  if (named.length > 0) return { kind: "refused", reason, events: named };
  if (status === CONFLICT) return { kind: "refused", reason, events: [...batch] };
  if (status !== WRONG) return { kind: "stop", reason };
  return batch.length > 1 ? { kind: "halve" } : { kind: "refused", reason, events: [...batch] };
}

/** The answers that the server names as those it does not take. */
function namedIn(error: ApiError, batch: readonly Waiting[]): Waiting[] {
  const named = (error.body as { refused?: unknown } | null)?.refused;
  return Array.isArray(named) ? batch.filter(({ event }) => named.includes(event)) : [];
}
