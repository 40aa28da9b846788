/** Which patch has the focus, and which are selected; patches are numbers in the order of the list. */
export class GallerySelection {
  focus = 0;
  #anchor = 0;
  #chosen = new Set<number>();

  get many(): boolean {
    return this.#chosen.size > 0;
  }

  get size(): number {
    return this.#chosen.size;
  }

  has(index: number): boolean {
    return this.#chosen.has(index);
  }

  /** What an answer goes to: the selection, or the patch with the focus. */
  indices(): number[] {
    return this.many ? [...this.#chosen].sort((one, other) => one - other) : [this.focus];
  }

  set(index: number): void {
    this.focus = index;
    this.#anchor = index;
    this.#chosen.clear();
  }

  collapse(): void {
    this.set(this.focus);
  }

  /** Everything in reading order between where the selection began and here. */
  extendTo(index: number): void {
    this.focus = index;
    this.#chosen.clear();
    const [first, last] = [Math.min(this.#anchor, index), Math.max(this.#anchor, index)];
    for (let one = first; one <= last; one += 1) this.#chosen.add(one);
  }

  toggle(index: number): void {
    if (!this.#chosen.delete(index)) this.#chosen.add(index);
    this.focus = index;
    this.#anchor = index;
  }

  choose(indices: Iterable<number>): void {
    this.#chosen = new Set(indices);
  }

  /** Of the patches given, those that were not selected. */
  invert(indices: Iterable<number>): void {
    this.#chosen = new Set([...indices].filter((index) => !this.#chosen.has(index)));
  }
}
