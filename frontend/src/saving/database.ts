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
  #writing: Promise<unknown> | null = null;

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

  /**
   * One writing after the other. Chromium (156) threw the whole database away, now and then, when it was killed while both
   * stores were being written.
   */
  #inTurn<T>(write: () => Promise<T>): Promise<T> {
    // At once where nothing is under way: a page that goes may have no second moment.
    const done = this.#writing === null ? write() : this.#writing.then(write);
    const settled: Promise<unknown> = done
      .catch(() => undefined)
      .then(() => {
        if (this.#writing === settled) this.#writing = null;
      });
    this.#writing = settled;
    return done;
  }

  /** Resolves once they are on the disk: neither a browser that is killed nor a power cut loses them. */
  keep(events: readonly Waiting[]): Promise<void> {
    return this.#inTurn(() =>
      this.#write("events", (store) => events.map((one) => store.put(one))),
    );
  }

  forget(events: readonly Waiting[]): Promise<void> {
    return this.#inTurn(() =>
      this.#write("events", (store) => events.map(({ event }) => store.delete(event))),
    );
  }

  async #write(name: "events" | "steps", write: (store: IDBObjectStore) => unknown): Promise<void> {
    const transaction = this.#database.transaction(name, "readwrite", { durability: "strict" });
    write(transaction.objectStore(name));
    return finished(transaction);
  }

  async steps<T>(scope: string): Promise<KeptStep<T>[]> {
    const store = this.#database.transaction("steps").objectStore("steps");
    return (await answered(store.index("scope").getAll(scope))) as KeptStep<T>[];
  }

  /** Resolves to the number of the step. */
  keepStep<T>(step: KeptStep<T>): Promise<number> {
    let key: IDBRequest<IDBValidKey> | undefined;
    const put = (store: IDBObjectStore): void => {
      key = store.put(step);
    };
    return this.#inTurn(() => this.#write("steps", put).then(() => key?.result as number));
  }

  forgetSteps(ids: readonly number[]): Promise<void> {
    return this.#inTurn(() => this.#write("steps", (store) => ids.map((id) => store.delete(id))));
  }
}
