/** Where the answers are, as people see it. */
export type SaveState =
  | { kind: "saved" }
  | { kind: "saving"; count: number }
  | { kind: "offline"; count: number; reason: string; retryIn: number }
  /** Nothing is wrong with them: the server is busy with what they are about. */
  | { kind: "held"; count: number; reason: string }
  | { kind: "refused"; count: number; reason: string };

const RETRY_SECONDS = [1, 2, 5, 10, 30];

/** How long to wait after so many failures in a row. */
export function patience(failures: number): number {
  return RETRY_SECONDS[Math.min(failures, RETRY_SECONDS.length) - 1] ?? 30;
}
