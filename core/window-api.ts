import type { Transport } from './contract/contract.ts';

/** What the preload bridge gives to the window as `window.torchwright`; absent in a browser. */
export interface WindowApi extends Transport {
  /** Where a file that was dragged in lies; empty for one that lies nowhere. `File` of the page. */
  pathOf(file: unknown): string;
}
