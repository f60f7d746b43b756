import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connectSocket } from '../../../../core/contract/socket.ts';

class FakeSocket {
  readonly sent: unknown[] = [];
  binaryType = '';
  onopen?: () => void;
  onclose?: () => void;
  readonly protocol: string;
  constructor(_address: string, protocol: string) {
    this.protocol = protocol;
    opened.push(this);
  }
  send(message: unknown): void {
    this.sent.push(message);
  }
  close(): void {
    this.onclose?.();
  }
}

let opened: FakeSocket[];

beforeEach(() => {
  opened = [];
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('opens no socket for a server that is not there, and fails what is asked meanwhile', async () => {
  let isThere = false;
  const transport = connectSocket('ws://here/socket', 'token', () => Promise.resolve(isThere));
  opened[0]!.onopen!();
  opened[0]!.onclose!();
  const answer = transport.call('app.info', undefined);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(opened.length).toBe(1);
  expect(await answer).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  isThere = true;
  await vi.advanceTimersByTimeAsync(2000);
  expect(opened.length).toBe(2);
  transport.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(opened.length).toBe(2);
});

it('reports nothing before it is known whether the server can be reached', () => {
  const told: boolean[] = [];
  const transport = connectSocket('ws://here/socket', 'token');
  transport.onConnection((isConnected) => told.push(isConnected));
  expect(told).toEqual([]);
  opened[0]!.onclose!();
  expect(told).toEqual([false]);
  opened[0]!.onopen!();
  transport.onConnection((isConnected) => told.push(isConnected));
  expect(told).toEqual([false, true, true]);
});
