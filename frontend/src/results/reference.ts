import type { ReferenceScore } from "../api/types";
import { dotted } from "../ui/format";

/** How well a result agrees with a mask or shapes from elsewhere, in a line; empty without one. */
export function referenceFacts(score: ReferenceScore | null): string {
  if (!score) return "";
  const parts = [
    share("pixel F1", score.pixel_f1),
    share("object F1", score.object_f1),
    counted(score.count_error),
  ];
  return `Against the reference: ${dotted(parts)}`;
}

function share(name: string, value: number | null): string {
  return value === null ? "" : `${name} ${value.toFixed(3)}`;
}

function counted(error: number): string {
  if (error === 0) return "as many objects";
  const objects = Math.abs(error) === 1 ? "object" : "objects";
  return `${Math.abs(error)} ${objects} ${error > 0 ? "more" : "fewer"}`;
}
