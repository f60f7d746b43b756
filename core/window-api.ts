/** What the preload bridge gives to the window as `window.torchwright`. */
export interface WindowApi {
  readonly versions: { readonly electron: string; readonly chromium: string };
}
