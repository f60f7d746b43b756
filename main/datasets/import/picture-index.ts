/** Finds pictures by the names that lists give them. */
export class PictureIndex {
  /** By the last part of the name, with and without its ending, in lower case. */
  readonly #byLast = new Map<string, string[]>();

  constructor(pictures: Iterable<string>) {
    for (const name of pictures) {
      const last = lastPart(plain(name));
      this.#add(last, name);
      this.#add(withoutEnding(last), name);
    }
  }

  /**
   * A path below any folder, a bare name, or one without its ending. Null: no picture has it, or several have and none is
   * meant by its path.
   */
  find(cell: string): string | null {
    const wanted = plain(cell.trim().replaceAll('\\', '/')).replace(/^(\.?\/)+/, '');
    const found = this.#byLast.get(lastPart(wanted)) ?? [];
    if (found.length < 2) return found[0] ?? null;
    const meant = found.filter((name) => isSamePath(plain(name), wanted));
    return meant.length === 1 ? meant[0]! : null;
  }

  #add(key: string, name: string): void {
    const known = this.#byLast.get(key);
    if (known === undefined) this.#byLast.set(key, [name]);
    else if (!known.includes(name)) known.push(name);
  }
}

/** One of the two is the end of the other. */
function isSamePath(name: string, wanted: string): boolean {
  const ended = wanted.includes('.') && lastPart(name) === lastPart(wanted) ? name : withoutEnding(name);
  return `/${ended}`.endsWith(`/${wanted}`) || `/${wanted}`.endsWith(`/${ended}`);
}

function plain(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function withoutEnding(name: string): string {
  return name.replace(/\.[a-z]{3,4}$/, '');
}
