import type { EventName, Events } from '../../core/contract/contract.ts';

type Listener<Name extends EventName> = (payload: Events[Name]) => void;

/** The workbench's events on their way to windows and browsers. */
export class EventHub {
  readonly #listeners = new Map<EventName, Set<Listener<never>>>();
  readonly #attended = new Map<EventName, () => () => void>();
  readonly #unattended = new Map<EventName, () => void>();

  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    if (listeners.size === 1) {
      const end = this.#attended.get(name)?.();
      if (end) this.#unattended.set(name, end);
    }
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      this.#unattended.get(name)?.();
      this.#unattended.delete(name);
    };
  }

  emit<Name extends EventName>(name: Name, payload: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) (listener as Listener<Name>)(payload);
  }

  /** `begin` is called when the first listener comes; what it returns when the last one has gone. */
  whileHeard(name: EventName, begin: () => () => void): void {
    this.#attended.set(name, begin);
  }
}
