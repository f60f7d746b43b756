/**
 * Takes the keyboard to the network, where an edit has selected what it made: it stays on the canvas or in the outline,
 * and comes to the canvas from anywhere else.
 */
export function bringKeyboard(from: Element | null): void {
  const isThere = from !== null && from.isConnected && from.closest('[data-network]') !== null;
  const canvas = document.querySelector<HTMLElement>('[data-network]');
  (isThere ? (from as HTMLElement) : canvas)?.focus();
}
