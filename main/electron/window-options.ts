import path from 'node:path';
import type { BrowserWindowConstructorOptions } from 'electron';

/** The page gets no Node, its own world and the sandbox: said outright, whatever the defaults become. */
export function windowOptions(isDark = true): BrowserWindowConstructorOptions {
  return {
    width: 1280,
    height: 800,
    minWidth: 800,
    minHeight: 560,
    show: false,
    backgroundColor: isDark ? '#1e1e1e' : '#ffffff',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/preload.cjs'),
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
    },
  };
}
