import type { CallName, EventName, Transport } from './contract.ts';
import type { Answer } from './call.ts';
import { pack, unpack } from './pack.ts';

/** Client to server. Every message is packed. */
export type ToServer =
  | { readonly type: 'call'; readonly id: number; readonly name: CallName; readonly argument: unknown }
  | { readonly type: 'listen' | 'ignore'; readonly event: EventName };

export type ToClient =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly type: 'event'; readonly event: EventName; readonly payload: unknown };

/** Offered by the client as the socket's protocol; the server agrees with it if the token is right. */
export function socketProtocol(token: string): string {
  return `torchwright.${token}`;
}

export interface SocketTransport extends Transport {
  /**
   * Tells at once, where it is known, and whenever it changes, whether the workbench can be reached. Returns how to stop
   * listening.
   */
  onConnection(listener: (isConnected: boolean) => void): () => void;
  close(): void;
}

/** Milliseconds before a lost connection is tried again. */
const retryAfter = 1000;

/**
 * The workbench behind a WebSocket (`ws://host:port/socket`). A lost connection is made again once `isThere` finds the
 * server; listeners stay. Browsers hold back the WebSockets of a page, and of those that follow it in its tab, for
 * seconds after several could not be opened, so a page looks for the server by other means.
 */
export function connectSocket(
  address: string,
  token: string,
  isThere: () => Promise<boolean> = () => Promise.resolve(true),
): SocketTransport {
  return new SocketClient(address, token, isThere);
}

type Listener = (payload: never) => void;

class SocketClient implements SocketTransport {
  readonly #address: string;
  readonly #protocol: string;
  readonly #isThere: () => Promise<boolean>;
  readonly #pending = new Map<number, (answer: Answer) => void>();
  readonly #listeners = new Map<EventName, Set<Listener>>();
  readonly #connectionListeners = new Set<(isConnected: boolean) => void>();
  #socket: WebSocket;
  #unsent: ToServer[] = [];
  #lastId = 0;
  /** Null: the first connection is being made. */
  #isConnected: boolean | null = null;
  #isClosed = false;

  constructor(address: string, token: string, isThere: () => Promise<boolean>) {
    this.#address = address;
    this.#protocol = socketProtocol(token);
    this.#isThere = isThere;
    this.#socket = this.#open();
  }

  call(name: CallName, argument: unknown): Promise<Answer> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      const message: ToServer = { type: 'call', id, name, argument };
      if (this.#isConnected === true) this.#send(message);
      else this.#unsent.push(message);
    });
  }

  on(name: EventName, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    if (listeners.size === 1 && this.#isConnected === true) this.#send({ type: 'listen', event: name });
    return () => {
      if (!listeners.delete(listener) || listeners.size > 0) return;
      if (this.#isConnected === true) this.#send({ type: 'ignore', event: name });
    };
  }

  onConnection(listener: (isConnected: boolean) => void): () => void {
    this.#connectionListeners.add(listener);
    if (this.#isConnected !== null) listener(this.#isConnected);
    return () => void this.#connectionListeners.delete(listener);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  #open(): WebSocket {
    const socket = new WebSocket(this.#address, this.#protocol);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#tellConnection(true);
      for (const [event, listeners] of this.#listeners) if (listeners.size > 0) this.#send({ type: 'listen', event });
      for (const message of this.#unsent.splice(0)) this.#send(message);
    };
    socket.onmessage = ({ data }) => this.#take(unpack(new Uint8Array(data as ArrayBuffer)) as ToClient);
    socket.onclose = () => {
      this.#tellConnection(false);
      this.#failPending();
      this.#retry();
    };
    return socket;
  }

  #retry(): void {
    setTimeout(() => {
      if (this.#isClosed) return;
      void this.#isThere().then((isThere) => {
        if (this.#isClosed) return;
        if (isThere) {
          this.#socket = this.#open();
          return;
        }
        this.#failPending();
        this.#retry();
      });
    }, retryAfter);
  }

  #send(message: ToServer): void {
    this.#socket.send(pack(message));
  }

  #take(message: ToClient): void {
    if (message.type === 'event') {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.payload as never);
      return;
    }
    this.#pending.get(message.id)?.(message.answer);
    this.#pending.delete(message.id);
  }

  #tellConnection(isConnected: boolean): void {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    for (const listener of this.#connectionListeners) listener(isConnected);
  }

  /** What was asked may have been done or not: whoever asked must look. */
  #failPending(): void {
    this.#unsent = [];
    const failure = {
      code: 'unavailable',
      message: 'The connection to the workbench was lost before it answered.',
      advice: 'Check that `torchwright serve` is running; the page reconnects automatically.',
    } as const;
    for (const resolve of this.#pending.values()) resolve({ ok: false, failure });
    this.#pending.clear();
  }
}
