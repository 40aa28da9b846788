import type { Entry } from "./outbox";

/** Keeps unsent answers in the browser's own storage, so that a closed tab or a crash while offline loses none. */
export class Journal {
  readonly #key: string;
  readonly #storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;

  constructor(
    user: string,
    image: number,
    storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  ) {
    this.#key = `micraweb-unsent-${user}-${image}`;
    this.#storage = storage;
  }

  write(entries: readonly Entry[]): void {
    try {
      if (entries.length === 0) this.#storage.removeItem(this.#key);
      else this.#storage.setItem(this.#key, JSON.stringify(entries));
    } catch {
      // A full or forbidden storage costs only the second net: the answers still wait in memory.
    }
  }

  read(): Entry[] {
    try {
      const entries: unknown = JSON.parse(this.#storage.getItem(this.#key) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  }
}

function isEntry(value: unknown): value is Entry {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    value.every((part) => Number.isInteger(part) && part >= 0) &&
    value[2] <= 3
  );
}
