import type { WindowApi } from '../../core/window-api.ts';

declare global {
  interface Window {
    readonly torchwright: WindowApi;
  }
}

export const { versions } = window.torchwright;
