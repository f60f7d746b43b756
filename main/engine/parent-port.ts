import type { FromEngine, ToEngine } from './messages.ts';

/** The engine process's way to the process that started it. */
export interface ParentPort {
  /** Resolves when the parent has it, or is gone. */
  post(message: FromEngine): Promise<void>;
  onMessage(listener: (message: ToEngine) => void): void;
  /** The parent is gone. */
  onLost(listener: () => void): void;
  /** Nothing more is to be said or heard. */
  close(): void;
}

/** Electron gives its utility processes `process.parentPort`; its types need not be known here for that. */
interface UtilityPort {
  postMessage(message: FromEngine): void;
  on(event: 'message', listener: (event: { readonly data: ToEngine }) => void): void;
}

export function openParentPort(): ParentPort {
  const { parentPort } = process as { readonly parentPort?: UtilityPort | null };
  return parentPort ? utilityPort(parentPort) : forkedPort();
}

function utilityPort(port: UtilityPort): ParentPort {
  return {
    post: (message) => {
      port.postMessage(message);
      return Promise.resolve();
    },
    onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    // Such a process does not outlive its parent.
    onLost: () => undefined,
    close: () => process.exit(0),
  };
}

function forkedPort(): ParentPort {
  return {
    post: (message) =>
      new Promise((resolve) => {
        if (process.send === undefined || !process.connected) resolve();
        else process.send(message, undefined, {}, () => resolve());
      }),
    onMessage: (listener) => void process.on('message', listener),
    onLost: (listener) => void process.on('disconnect', listener),
    close: () => {
      if (process.connected) process.disconnect();
    },
  };
}
