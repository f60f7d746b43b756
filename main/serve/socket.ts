import type { WebSocket } from 'ws';
import type { EventName } from '../../core/contract/contract.ts';
import { isEventName } from '../../core/contract/names.ts';
import { pack, unpack } from '../../core/contract/pack.ts';
import type { ToClient, ToServer } from '../../core/contract/socket.ts';
import { answerCall } from '../workbench/answer-call.ts';
import type { WorkbenchServices } from '../workbench/workbench.ts';
import { guardRequest } from './request-guard.ts';

/** Bytes waiting for a browser that reads too slowly; beyond them it misses steps rather than fills the memory. */
const patience = 16 * 2 ** 20;

/** Connects one browser with the workbench until its socket closes. */
export function serveSocket(socket: WebSocket, { handlers, events, documents }: WorkbenchServices): void {
  const heard = new Map<EventName, () => void>();
  /** Windows that opened a project over this connection: one, where the page keeps to its name. */
  const holders = new Set<string>();
  const send = (message: ToClient): void => {
    if (socket.readyState === socket.OPEN) socket.send(pack(message));
  };
  const listen = (event: EventName): void => {
    heard.get(event)?.();
    const stop = events.on(event, (payload) => {
      if (socket.bufferedAmount < patience) send({ type: 'event', event, payload });
    });
    heard.set(event, stop);
  };
  const join = (argument: unknown): void => {
    const { holder } = (argument ?? {}) as { readonly holder?: unknown };
    if (typeof holder !== 'string' || holders.size > 0) return;
    holders.add(holder);
    documents.join(holder);
  };
  const take = async (message: ToServer): Promise<void> => {
    if (message.type === 'call') {
      if (message.name === 'projects.hold') join(message.argument);
      send({ type: 'answer', id: message.id, answer: await answerCall(handlers, message.name, message.argument) });
    } else if (isEventName(message.event)) {
      if (message.type === 'listen') listen(message.event);
      else heard.get(message.event)?.();
    }
  };
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? understand(data as Buffer) : null;
    if (message === null) socket.close(1007, 'not understood');
    else
      guardRequest(
        () => take(message),
        () => socket.close(1011, 'failed'),
      );
  });
  // Every error is followed by the close.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const stop of heard.values()) stop();
    heard.clear();
    for (const holder of holders) documents.leave(holder);
  });
}

function understand(data: Buffer): ToServer | null {
  try {
    const message = unpack(new Uint8Array(data)) as { readonly type?: unknown; readonly id?: unknown };
    const isCall = message.type === 'call' && Number.isSafeInteger(message.id);
    return isCall || message.type === 'listen' || message.type === 'ignore' ? (message as ToServer) : null;
  } catch {
    return null;
  }
}
