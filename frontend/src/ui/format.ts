export function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let value = count / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A share (0..1) as a percentage that never rounds something to nothing, nor almost all to all. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.1) return "< 0.1 %";
  if (value > 99.9 && value < 100) return "> 99.9 %";
  return `${value < 10 && value > 0 ? value.toFixed(1) : Math.round(value)} %`;
}

export function integer(value: number): string {
  return Math.round(value).toLocaleString("en").replaceAll(",", "\u202f");
}

/** Four significant digits: enough for a table cell, whatever the magnitude. */
export function quantity(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return integer(value);
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6 || magnitude < 1e-3) return value.toExponential(2);
  return magnitude >= 1000 ? integer(value) : String(Number(value.toPrecision(4)));
}

export function area(um2: number): string {
  // A number and its unit stay on one line.
  return um2 >= 1e6 ? `${quantity(um2 / 1e6)}\u00a0mm²` : `${quantity(um2)}\u00a0µm²`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const DAY = { day: "numeric", month: "short", year: "numeric" } as const;

export function since(iso: string, now: Date): string {
  const seconds = (now.getTime() - new Date(iso).getTime()) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString("en-GB", DAY);
}

/** As the server writes it, in the time of the place where somebody reads it. */
export function moment(at: Date, timeZone?: string): string {
  return at.toLocaleString("en-GB", { ...DAY, hour: "2-digit", minute: "2-digit", timeZone });
}

/** A number of things, as people say it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${integer(count)} ${count === 1 ? one : many}`;
}

/** Facts in a row: a line breaks between two of them alone, and never leaves a dot behind. */
export function dotted(facts: readonly string[]): string {
  const whole = facts.filter(Boolean).map((fact) => fact.replaceAll(" ", "\u00a0"));
  return whole.join(" ·\u00a0");
}

export const patches = (count: number): string => counted(count, "patch", "patches");
