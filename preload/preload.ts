/** The bridge between the window and the main process: verbs only, never Electron's own objects. */

import { contextBridge } from 'electron';
import type { WindowApi } from '../core/window-api.ts';

const api: WindowApi = {
  versions: { electron: process.versions.electron, chromium: process.versions.chrome },
};

contextBridge.exposeInMainWorld('torchwright', api);
