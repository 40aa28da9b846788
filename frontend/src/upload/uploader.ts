import "./bars.css";
import { h, setText, textButton } from "../ui/dom";
import { integer } from "../ui/format";
import { dropzone } from "./dropzone";
import { type Part, type Source, sources } from "./files";
import { Incoming } from "./incoming";
import { asking, sorted } from "./planned";
import { UploadQueue } from "./queue";
import { RowList } from "./rowList";
import { type Choice, uploadRows } from "./rows";
import { sendSource } from "./send";
import { Estimate, summary, type Tally, tally } from "./summary";

export interface UploaderOptions {
  dataset: number;
  say: (text: string) => void;
  /** There may be new images. */
  read: () => void;
}

/** How soon a line that was down is tried again where the browser does not notice it. */
const OFFLINE_SECONDS = 15;
/** ms between two drawings of the list: progress comes many times a second for each file. */
const EVERY = 200;
/** So few rows are seen at a glance. */
const WORTH_CHOOSING = 8;

const CHOICES: Record<Choice, string> = {
  open: "Not done yet",
  failed: "Refused",
  here: "Here already",
  done: "Sent",
};

/** Where images are dropped, and the list of those on their way. */
export class Uploader {
  readonly elements: HTMLElement[];
  readonly queue: UploadQueue<Source>;
  readonly incoming: Incoming;
  readonly #options: UploaderOptions;
  readonly #rows = new RowList();
  readonly #status = h("p", {
    class: "upload-status",
    attrs: { role: "status", "aria-live": "polite" },
  });
  readonly #share = h("progress", {
    class: "upload-progress upload-all",
    attrs: { max: 1, "aria-label": "All files", hidden: true },
  });
  readonly #choice = h("select", {
    class: "form-select form-select-sm upload-choice",
    attrs: { "aria-label": "Files to list", hidden: true },
    on: { change: () => this.#render() },
  });
  readonly #pause = button("Pause all", () =>
    this.queue.busy ? this.queue.pauseAll() : this.queue.resumeAll(),
  );
  readonly #again = button("Try refused again", () => this.queue.retryAll());
  readonly #dismiss = button("Dismiss refused", () => void this.#dismissAll());
  readonly #estimate = new Estimate();
  #looking = 0;
  #drawn = 0;
  #timer = 0;
  #arrived = 0;

  constructor(options: UploaderOptions, ...tools: HTMLElement[]) {
    this.#options = options;
    const { dataset, say, read } = options;
    const changed = (): void => this.#changed();
    this.queue = new UploadQueue<Source>({
      send: (source, progress, signal) => sendSource(dataset, source, progress, signal),
      changed,
    });
    this.incoming = new Incoming({ dataset, changed, failed: say, read });
    const zone = dropzone((parts) => void this.#take(parts), say);
    const buttons = [this.#choice, this.#again, this.#dismiss, this.#pause, ...tools];
    const line = h("div", { class: "upload-line" }, this.#status, ...buttons);
    this.elements = [zone, line, this.#share, this.#rows.element];
    this.#keepGoing();
    void this.incoming.refresh();
  }

  async #take(parts: Part[]): Promise<void> {
    const chosen = sources(parts);
    this.#looking += chosen.length;
    this.#render();
    try {
      const found = await sorted(chosen, asking(this.#options.dataset));
      this.queue.add(found.here, "here", "Sent before; it is here.");
      this.queue.add(found.refused, "failed", found.refusal);
      this.queue.add(found.send);
    } catch {
      // Each file says for itself what is wrong then, or waits for the line.
      this.queue.add(chosen);
    } finally {
      this.#looking -= chosen.length;
      this.#changed();
    }
  }

  async #dismissAll(): Promise<void> {
    this.queue.dismissAll();
    await this.incoming.dismissAll();
  }

  #changed(): void {
    if (this.#timer !== 0) return;
    const wait = Math.max(0, this.#drawn + EVERY - performance.now());
    this.#timer = window.setTimeout(() => this.#render(), wait);
  }

  #render(): void {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#drawn = performance.now();
    const count = tally(this.queue);
    this.#renderStatus(count);
    this.#renderButtons(count);
    this.#renderRows(count);
    if (count.states.done === this.#arrived) return;
    this.#arrived = count.states.done;
    void this.incoming.refresh();
  }

  #renderStatus(count: Tally): void {
    const left = this.#estimate.left(count, this.#drawn);
    const looking = `Looking at ${integer(this.#looking)} files …`;
    setText(this.#status, this.#looking > 0 ? looking : summary(count, this.incoming, left));
    this.#share.hidden = !this.queue.busy || count.files < 2;
    this.#share.value = count.share;
  }

  #renderButtons({ states }: Tally): void {
    const { busy } = this.queue;
    this.#pause.hidden = !busy && states.paused === 0;
    setText(this.#pause, busy ? "Pause all" : "Go on with all");
    this.#again.hidden = states.failed < 2;
    this.#dismiss.hidden = states.failed + this.incoming.counts.refused < 2;
  }

  #renderRows({ states }: Tally): void {
    const refused = states.failed + this.incoming.counts.refused;
    const open = this.queue.items.length - states.done - states.here;
    const numbers: Record<Choice, number> = {
      open: open + this.incoming.counts.refused + this.incoming.counts.received,
      failed: refused,
      here: states.here,
      done: states.done,
    };
    const total = this.queue.items.length + this.incoming.counts.refused;
    this.#choice.hidden = total < WORTH_CHOOSING && states.here === 0;
    this.#offer(numbers);
    const rows = uploadRows(this.queue, this.incoming, (this.#choice.value || "open") as Choice);
    this.#rows.show(rows.length, (index) => (rows[index] as () => never)());
  }

  /** Changes the words of the choices in place: a list that is open stays open. */
  #offer(numbers: Record<Choice, number>): void {
    const entries = Object.entries(CHOICES) as [Choice, string][];
    if (this.#choice.options.length === 0) {
      const options = entries.map(([value]) => h("option", { attrs: { value } }));
      this.#choice.append(...options);
    }
    entries.forEach(([value, words], place) => {
      const option = this.#choice.options[place];
      if (option) setText(option, `${words}: ${integer(numbers[value])}`);
    });
  }

  /** Takes up sending when the line is back, and asks before the page is left. */
  #keepGoing(): void {
    window.addEventListener("online", () => this.queue.online());
    setInterval(() => {
      if (this.queue.count("offline") > 0) this.queue.online();
    }, OFFLINE_SECONDS * 1000);
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.busy) event.preventDefault();
    });
  }
}

function button(text: string, click: () => void): HTMLButtonElement {
  return textButton(text, click, { attrs: { hidden: true } });
}
