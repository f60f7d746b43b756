import path from 'node:path';
import { setImmediate as afterAnswers } from 'node:timers/promises';
import type { HeldDocument, HoldAnswer, HoldDocument, OwnedDocument } from '../../core/contract/projects.ts';
import type { EventHub } from './event-hub.ts';

/** Milliseconds that the owner may be away, as while its page is loaded again. */
const mayBeAway = 10_000;
/** Projects remembered at once. */
const mostOpen = 200;
/** Milliseconds that an owner has to hand over what it did not keep yet. */
const mayHandOver = 1000;

interface Document extends HeldDocument {
  readonly holder: string;
  /** When the owner's connection ended, milliseconds since 1970; null: it is there. */
  leftAt: number | null;
}

/**
 * The projects that are open in windows and browsers. Each has one owner, who changes it; whoever else opens it sees it
 * as its owner left it, and may take it over.
 */
export class OpenDocuments {
  readonly #events: EventHub;
  readonly #documents = new Map<string, Document>();
  /** Of each holder. */
  readonly #connections = new Map<string, number>();
  readonly #handedOver = new Map<string, () => void>();

  constructor(events: EventHub) {
    this.#events = events;
  }

  async hold({ holder, take, ...given }: HoldDocument): Promise<HoldAnswer> {
    const found = this.#find(given);
    if (found === undefined || found.holder === holder || this.#isLeft(found)) {
      this.#put({ ...given, key: given.key, holder, leftAt: null }, found);
      return { isOwner: true, document: null };
    }
    if (!take) return { isOwner: false, document: publicOf(found) };
    if (found.leftAt === null) {
      await this.#handOver(found.key);
      // The owner has its answer before it hears that it is owner no more.
      await afterAnswers();
    }
    const newest = this.#documents.get(found.key) ?? found;
    this.#put({ ...newest, holder, leftAt: null }, newest);
    return { isOwner: true, document: publicOf(newest) };
  }

  /** Newest work first. */
  list(): readonly OwnedDocument[] {
    const open = [...this.#documents.values()].filter((document) => !this.#isLeft(document));
    return open.map(ownedOf).toReversed();
  }

  /** The holder has another project now: this one is free. */
  release(key: string, holder: string): void {
    if (this.#documents.get(key)?.holder === holder) this.#documents.delete(key);
  }

  /** A connection of a holder began. */
  join(holder: string): void {
    this.#connections.set(holder, (this.#connections.get(holder) ?? 0) + 1);
  }

  /** One ended: after the last, the holder may come back, as after a reload. */
  leave(holder: string): void {
    const left = (this.#connections.get(holder) ?? 1) - 1;
    if (left > 0) this.#connections.set(holder, left);
    else this.#connections.delete(holder);
    if (left > 0) return;
    for (const document of this.#documents.values()) {
      if (document.holder === holder) document.leftAt = Date.now();
    }
    setTimeout(() => this.#tellLeft(holder), mayBeAway + 1).unref();
  }

  #tellLeft(holder: string): void {
    for (const document of this.#documents.values()) {
      if (document.holder === holder && this.#isLeft(document))
        this.#events.emit('documentLeft', { key: document.key });
    }
  }

  #find({ key, file }: Pick<HeldDocument, 'key' | 'file'>): Document | undefined {
    const same = this.#documents.get(key);
    if (same !== undefined || file === null) return same;
    return [...this.#documents.values()].find((document) => document.file !== null && isSameFile(document.file, file));
  }

  #isLeft({ leftAt }: Document): boolean {
    return leftAt !== null && Date.now() - leftAt > mayBeAway;
  }

  #put(document: Document, before: Document | undefined): void {
    if (before !== undefined) this.#documents.delete(before.key);
    for (const old of [...this.#documents.values()].slice(0, -mostOpen)) this.#documents.delete(old.key);
    // The last one is the newest.
    this.#documents.delete(document.key);
    this.#documents.set(document.key, document);
    this.#handedOver.get(document.key)?.();
    this.#events.emit('documentChanged', ownedOf(document));
  }

  /** Asks the owner for what it has not kept yet, and does not wait long for one that cannot answer. */
  #handOver(key: string): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#handedOver.delete(key);
        resolve();
      };
      const timer = setTimeout(done, mayHandOver);
      this.#handedOver.set(key, done);
      this.#events.emit('documentWanted', { key });
    });
  }
}

function publicOf({ key, file, name, text, isSaved }: HeldDocument): HeldDocument {
  return { key, file, name, text, isSaved };
}

function ownedOf(document: Document): OwnedDocument {
  return { ...publicOf(document), holder: document.holder, isAway: document.leftAt !== null };
}

function isSameFile(one: string, other: string): boolean {
  return path.resolve(one) === path.resolve(other);
}
