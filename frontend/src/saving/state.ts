/** Where the answers are, as people see it. */
export type SaveState =
  | { kind: "saved" }
  | { kind: "saving"; count: number }
  | { kind: "offline"; count: number; reason: string; retryIn: number }
  /** Nothing is wrong with them: the server is busy with what they are about. */
  | { kind: "held"; count: number; reason: string }
  | { kind: "refused"; count: number; reason: string };
