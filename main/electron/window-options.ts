import path from 'node:path';
import type { BrowserWindowConstructorOptions } from 'electron';

/** The page gets no Node, its own world and the sandbox: said outright, whatever the defaults become. */
export function windowOptions(): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    show: false,
    backgroundColor: '#1e1e1e',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
    },
  };
}
