import type { Readiness, TrainOptions } from "../api/types";

export type StructureReadiness = Readiness["structures"][number];

/** What keeps a structure from being learned; empty when nothing does. */
export function lacks(structure: StructureReadiness): string {
  const wanted: string[] = [];
  if (structure.yes === 0) wanted.push("a yes");
  if (structure.no === 0) wanted.push("a no");
  if (wanted.length > 0) return `needs ${wanted.join(" and ")} answer`;
  return structure.images < 2 ? "needs answers on a second image" : "";
}

export interface Chosen {
  structures: number[];
  name: string;
  epochs: string;
  downscale: string;
  method: string;
  start: string;
  members: string;
  /** "false": patches are learnt from as they lie. */
  turned: string;
}

/** What is sent: whatever was left to "automatic" is left out. */
export function trainOptions(chosen: Chosen): TrainOptions {
  const options: TrainOptions = { structures: chosen.structures, method: chosen.method };
  if (chosen.name.trim()) options.name = chosen.name.trim();
  if (chosen.epochs.trim()) options.epochs = Number(chosen.epochs);
  if (chosen.downscale) options.downscale = Number(chosen.downscale);
  if (chosen.start) options.start = Number(chosen.start);
  if (chosen.members.trim()) options.members = Number(chosen.members);
  if (chosen.turned === "false") options.turned = false;
  return options;
}
