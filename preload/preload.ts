/** The bridge between the window and the main process: the contract's calls and events, never Electron's own objects. */

import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Answer } from '../core/contract/call.ts';
import type { EventName } from '../core/contract/contract.ts';
import type { WindowApi } from '../core/window-api.ts';

const listeners = new Map<EventName, Set<(payload: never) => void>>();

ipcRenderer.on('event', (_event, name: EventName, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
});

const api: WindowApi = {
  // The main process knows the names of the contract, and answers no other.
  call: (name, argument) => ipcRenderer.invoke('call', name, argument) as Promise<Answer>,
  on(name, listener) {
    const ofName = listeners.get(name) ?? new Set();
    listeners.set(name, ofName);
    ofName.add(listener);
    if (ofName.size === 1) ipcRenderer.send('listen', name, true);
    return () => {
      if (ofName.delete(listener) && ofName.size === 0) ipcRenderer.send('listen', name, false);
    };
  },
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
};

contextBridge.exposeInMainWorld('torchwright', api);
