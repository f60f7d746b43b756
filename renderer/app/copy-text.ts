/** Puts a text on the clipboard, also where a page may not ask for the clipboard; true if that was done. */
export function copyText(text: string): boolean {
  const take = (event: ClipboardEvent): void => {
    event.preventDefault();
    // What is selected in the place has its own copying.
    event.stopImmediatePropagation();
    event.clipboardData?.setData('text/plain', text);
  };
  window.addEventListener('copy', take, { capture: true });
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- navigator.clipboard needs a permission in Electron and HTTPS in a browser
    return document.execCommand('copy');
  } finally {
    window.removeEventListener('copy', take, { capture: true });
  }
}
