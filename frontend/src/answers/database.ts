import type { AnswerEvent } from "./event";

export interface GridSize {
  patch_size: number;
  overlap: number;
}

/** An answer as it waits in the browser. */
export interface Waiting extends AnswerEvent {
  /** Whose answer in which data set. */
  scope: string;
  /** Answers go out in the order of their numbers. */
  number: number;
  /** Of the patches that row and column count in, px. */
  grid: GridSize;
  /** Why the server does not take it; empty while nobody has asked it. */
  refused: string;
}

/** A step of the history, as it is kept. */
export interface KeptStep<T> {
  id?: number;
  scope: string;
  undone: boolean;
  step: T;
}

const NAME = "micraweb-answers";

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function upgrade(database: IDBDatabase): void {
  const events = database.createObjectStore("events", { keyPath: "event" });
  events.createIndex("scope", "scope");
  const steps = database.createObjectStore("steps", { keyPath: "id", autoIncrement: true });
  steps.createIndex("scope", "scope");
}

/** What must outlive the page: unsent answers, and what can be undone. */
export class AnswerDatabase {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** Null where the browser keeps nothing (a private window of some): answers then live as long as the page. */
  static async open(factory: IDBFactory | undefined = globalThis.indexedDB) {
    try {
      if (!factory) return null;
      const request = factory.open(NAME, 1);
      request.onupgradeneeded = () => upgrade(request.result);
      return new AnswerDatabase(await answered(request));
    } catch {
      return null;
    }
  }

  async waiting(scope: string): Promise<Waiting[]> {
    const store = this.#database.transaction("events").objectStore("events");
    const found = (await answered(store.index("scope").getAll(scope))) as Waiting[];
    return found.sort((one, other) => one.number - other.number);
  }

  /** Resolves once they are on the disk: neither a browser that is killed nor a power cut loses them. */
  async keep(events: readonly Waiting[]): Promise<void> {
    const transaction = this.#database.transaction("events", "readwrite", { durability: "strict" });
    for (const event of events) transaction.objectStore("events").put(event);
    return finished(transaction);
  }

  async forget(events: readonly Waiting[]): Promise<void> {
    const transaction = this.#database.transaction("events", "readwrite");
    for (const { event } of events) transaction.objectStore("events").delete(event);
    return finished(transaction);
  }

  async steps<T>(scope: string): Promise<KeptStep<T>[]> {
    const store = this.#database.transaction("steps").objectStore("steps");
    return (await answered(store.index("scope").getAll(scope))) as KeptStep<T>[];
  }

  async keepStep<T>(step: KeptStep<T>): Promise<number> {
    const transaction = this.#database.transaction("steps", "readwrite");
    const key = await answered(transaction.objectStore("steps").put(step));
    return key as number;
  }

  async forgetSteps(ids: readonly number[]): Promise<void> {
    const transaction = this.#database.transaction("steps", "readwrite");
    for (const id of ids) transaction.objectStore("steps").delete(id);
    return finished(transaction);
  }
}
