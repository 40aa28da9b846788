/** A key press, as far as its meaning goes. */
export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** One thing that keys can ask for. */
export interface Binding {
  /** What it does, for people. */
  does: string;
  /** Chords: "1", "Ctrl+Z", "Shift+ArrowUp". The first is the one that people may change. */
  keys: readonly string[];
}

export type Bindings<C extends string> = Record<C, Binding>;

const MODIFIERS = ["Control", "Shift", "Alt", "Meta", "AltGraph"];
const NAMES: Record<string, string> = {
  " ": "Space",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

/** A key press by its name: letters without regard to Shift, unless Ctrl is held or the key has no letter. */
export function chord(event: Key): string | null {
  if (MODIFIERS.includes(event.key)) return null;
  const letter = event.key.length === 1;
  const name = event.key === " " ? "Space" : letter ? event.key.toUpperCase() : event.key;
  const control = event.ctrlKey || event.metaKey;
  // "?" and "[" need Shift on some keyboards: what arrives is the sign itself.
  const shift = event.shiftKey && (!letter || control);
  return `${control ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${name}`;
}

/** The screen that a command is of, as in "review:next"; empty where several share it. */
function screenOf(command: string): string {
  return command.slice(0, command.lastIndexOf(":") + 1);
}

/** A chord as people read it. */
export function spoken(keys: string): string {
  return keys
    .split("+")
    .map((part) => NAMES[part] ?? part)
    .join(" + ");
}

/** Which key asks for what: the usual keys, with a person's own in place of the first of each. */
export class Keymap<C extends string> {
  readonly bindings: Bindings<C>;
  readonly #own = new Map<C, string>();
  /** What a person chose for other screens: kept, and of no meaning here. */
  readonly #foreign: Record<string, string> = {};
  #commands = new Map<string, C>();

  constructor(bindings: Bindings<C>, own: Record<string, string> = {}) {
    this.bindings = bindings;
    for (const [command, key] of Object.entries(own)) {
      if (command in bindings) this.#own.set(command as C, key);
      else this.#foreign[command] = key;
    }
    this.#renew();
  }

  get commands(): C[] {
    return Object.keys(this.bindings) as C[];
  }

  command(event: Key): C | null {
    const pressed = chord(event);
    return pressed === null ? null : (this.#commands.get(pressed) ?? null);
  }

  keys(command: C): string[] {
    const [first, ...others] = this.bindings[command].keys;
    const all = [this.#own.get(command) ?? first ?? "", ...others];
    return all.filter((key) => key !== "" && this.#commands.get(key) === command);
  }

  /** The command that has a key already, if it is another one. */
  conflict(command: C, key: string): C | null {
    const holder = this.#commands.get(key);
    return holder === undefined || holder === command ? null : holder;
  }

  /** Gives a key to a command; another one that had it keeps its remaining keys. */
  assign(command: C, key: string): void {
    for (const [other, own] of this.#own) if (own === key) this.#own.delete(other);
    // What screens share has one key for one thing, wherever it was chosen.
    for (const [other, own] of Object.entries(this.#foreign)) {
      if (own === key && screenOf(other) === screenOf(command)) delete this.#foreign[other];
    }
    this.#own.set(command, key);
    this.#renew();
  }

  reset(): void {
    this.#own.clear();
    this.#renew();
  }

  /** What differs from the usual keys: what is kept of a person. */
  get own(): Record<string, string> {
    return { ...this.#foreign, ...Object.fromEntries(this.#own) };
  }

  #renew(): void {
    this.#commands = new Map();
    for (const command of this.commands) {
      const [first, ...others] = this.bindings[command].keys;
      for (const key of this.#own.has(command) ? others : [first ?? "", ...others]) {
        this.#commands.set(key, command);
      }
    }
    // Last, so that a person's own choice wins over whatever had the key.
    for (const [command, key] of this.#own) this.#commands.set(key, command);
  }
}
