/** The window's only way out: Electron's bridge, or in a browser the WebSocket of `torchwright serve`. */

import { readonly, ref } from 'vue';
import type { Transport, Workbench } from '../../core/contract/contract.ts';
import { connectSocket } from '../../core/contract/socket.ts';
import { workbenchOver } from '../../core/contract/workbench.ts';
import type { WindowApi } from '../../core/window-api.ts';

declare global {
  interface Window {
    readonly torchwright?: WindowApi;
  }
}

const connected = ref(true);

/** False while the server cannot be reached; Electron's bridge always can. */
export const isConnected = readonly(connected);

export const workbench: Workbench = workbenchOver(window.torchwright ?? browserTransport());

/** Where a file dragged into the window lies; undefined in a browser, which does not tell. */
export function pathOfFile(file: File): string | undefined {
  const path = window.torchwright?.pathOf(file);
  return path === '' ? undefined : path;
}

function browserTransport(): Transport {
  const token = new URL(location.href).searchParams.get('token') ?? '';
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const transport = connectSocket(`${scheme}://${location.host}/socket`, token);
  transport.onConnection((now) => (connected.value = now));
  return transport;
}
