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

/** Kept for reloads of this tab. */
const tokenKey = 'torchwright-token';

const connected = ref(true);
const refused = ref(false);
/** Milliseconds after which a server that does not answer counts as one that is not there. */
const patience = 10_000;

/** False while the server cannot be reached; Electron's bridge always can. */
export const isConnected = readonly(connected);

/** True where a server is there that does not take this page's token: it was started again. */
export const isRefused = readonly(refused);

export const workbench: Workbench = workbenchOver(window.torchwright ?? browserTransport());

/** Where a file dragged into the window lies; undefined in a browser, which does not tell. */
export function pathOfFile(file: File): string | undefined {
  const path = window.torchwright?.pathOf(file);
  return path === '' ? undefined : path;
}

function browserTransport(): Transport {
  const token = takeToken();
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  const transport = connectSocket(`${scheme}://${location.host}/socket`, token, () => isThere(token));
  transport.onConnection((now) => {
    connected.value = now;
    if (now) refused.value = false;
  });
  return transport;
}

/** Whether a server is there that takes the token. */
async function isThere(token: string): Promise<boolean> {
  const answer = await fetch(`/?token=${encodeURIComponent(token)}`, {
    method: 'HEAD',
    cache: 'no-store',
    signal: AbortSignal.timeout(patience),
  }).catch(() => null);
  refused.value = answer?.status === 403;
  return answer?.ok === true;
}

/**
 * The token moves from the address bar, where others may read it, into this tab's session. Without one the server
 * explains what is missing.
 */
function takeToken(): string {
  const address = new URL(location.href);
  const given = address.searchParams.get('token');
  const kept = sessionStorage.getItem(tokenKey);
  if (given === null) {
    if (kept === null) location.replace('/?token=');
    return kept ?? '';
  }
  sessionStorage.setItem(tokenKey, given);
  address.searchParams.delete('token');
  history.replaceState(history.state, '', address);
  return given;
}
