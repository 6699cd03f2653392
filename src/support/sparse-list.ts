const pageBits = 10;
const pageMask = (1 << pageBits) - 1;

/** Values by index, where most indexes have none: those cost nothing. */
export class SparseList<T> {
  /** `undefined` before the first value: most lists of a connection stay empty. */
  #pages: (T | undefined)[][] | undefined;

  get(index: number): T | undefined {
    return this.#pages?.[index >>> pageBits]?.[index & pageMask];
  }

  set(index: number, value: T): void {
    const page = index >>> pageBits;
    this.#pages ??= [];
    // Pages that nobody asked for are empty: an array with holes would be a slow one.
    while (this.#pages.length <= page) this.#pages.push([]);
    if (this.#pages[page].length === 0) this.#pages[page] = emptyPage();
    this.#pages[page][index & pageMask] = value;
  }

  delete(index: number): void {
    const page = this.#pages?.[index >>> pageBits];
    if (page !== undefined && page.length > 0) page[index & pageMask] = undefined;
  }

  deleteBelow(index: number): void {
    if (this.#pages === undefined) return;
    const first = index >>> pageBits;
    for (let page = 0; page < first && page < this.#pages.length; page++) this.#pages[page] = [];
    this.#pages[first]?.fill(undefined, 0, index & pageMask);
  }
}

/** Copying one is ten times as fast as filling it. */
const blankPage: readonly undefined[] = Array.from({ length: pageMask + 1 }, () => undefined);

function emptyPage(): undefined[] {
  return blankPage.slice();
}
