import type { Pixels } from "./tiles/tiles";

export interface Histogram {
  /** The least and the greatest value. */
  least: number;
  most: number;
  /** What `auto` proposes: the 0.1st and the 99.9th percentile, apart from each other. */
  low: number;
  high: number;
  /** Values sorted, at most SAMPLE of them: any range can be counted from these. */
  sorted: Pixels;
}

const SAMPLE = 65536;
const PERCENTILES = [0.001, 0.999] as const;

/** Every n-th value, so that at most SAMPLE are left; what is no number is left out. */
function sample(values: Pixels): Pixels {
  const step = Math.max(1, Math.ceil(values.length / SAMPLE));
  const some = step === 1 ? values : values.filter((_, index) => index % step === 0);
  const finite = some instanceof Float32Array ? some.filter(Number.isFinite) : some;
  return finite.slice().sort();
}

/** Robust ends of a sorted sample; its extremes, or one apart, where the percentiles meet. */
function limits(sorted: Pixels): [number, number] {
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const robust: [number, number] = [at(PERCENTILES[0]), at(PERCENTILES[1])];
  if (robust[0] < robust[1]) return robust;
  return at(0) < at(1) ? [at(0), at(1)] : [at(0), at(0) + 1];
}

/** What the values of one channel are like; null where there is no number among them. */
export function histogram(values: Pixels): Histogram | null {
  const sorted = sample(values);
  if (sorted.length === 0) return null;
  const [low, high] = limits(sorted);
  return { least: sorted[0] ?? 0, most: sorted.at(-1) ?? 0, low, high, sorted };
}

/** How many of the sample lie in each of `bins` equal parts of a range; its ends take what lies beyond. */
export function counted(sorted: Pixels, range: [number, number], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  const scale = bins / (range[1] - range[0]);
  for (const value of sorted) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor((value - range[0]) * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
