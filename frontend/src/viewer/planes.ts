import type { WorkingView } from "../api/types";

/** How many time points, channels, planes, rows and columns an image has; 1 along an axis it lacks. */
export interface Sizes {
  t: number;
  c: number;
  z: number;
  y: number;
  x: number;
}

/** The 2-D picture of a stack that is looked at; z and t are counted from 0. */
export interface Plane {
  projection: "plane" | "max";
  z: number;
  t: number;
}

const inside = (index: number, size: number): number =>
  Math.max(0, Math.min(size - 1, Math.round(index)));

export function clampPlane(plane: Plane, sizes: Sizes): Plane {
  const projection = sizes.z > 1 ? plane.projection : "plane";
  return { projection, z: inside(plane.z, sizes.z), t: inside(plane.t, sizes.t) };
}

/** The plane that a data set's answers and masks are about, in an image of these sizes. */
export function workingPlane(view: Omit<WorkingView, "used_channels">, sizes: Sizes): Plane {
  const z = view.plane_z ?? Math.floor(sizes.z / 2);
  return clampPlane({ projection: view.projection, z, t: view.plane_t }, sizes);
}

/** Whether two planes show the same pixels; a maximum has no plane of its own. */
export function samePlane(a: Plane, b: Plane): boolean {
  if (a.projection !== b.projection || a.t !== b.t) return false;
  return a.projection === "max" || a.z === b.z;
}

/** "plane 5, time 2": only along axes the image has; "" for one picture. */
export function planeWords(plane: Plane, sizes: Sizes): string {
  const z = plane.projection === "max" ? "the maximum over z" : `plane ${plane.z + 1}`;
  const parts = [sizes.z > 1 ? z : "", sizes.t > 1 ? `time ${plane.t + 1}` : ""];
  return parts.filter(Boolean).join(", ");
}

/** The next time point; the first after the last, so that playing goes round. */
export function nextTime(plane: Plane, sizes: Sizes): Plane {
  return { ...plane, t: (plane.t + 1) % sizes.t };
}
