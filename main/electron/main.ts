/** The Electron shell. It shows one plain page until the window itself exists. */

import { app, BrowserWindow, session } from 'electron';
import { confineContents, denyPermissions } from './confine.ts';
import { declareAppScheme, pageAddress, servePages } from './pages.ts';
import { windowOptions } from './window-options.ts';

declareAppScheme();
app.on('web-contents-created', (_event, contents) => confineContents(contents));
app.on('window-all-closed', () => app.quit());
app.whenReady().then(openWindow, (error: unknown) => {
  console.error(error);
  app.exit(1);
});

async function openWindow(): Promise<void> {
  denyPermissions(session.defaultSession);
  servePages();
  const window = new BrowserWindow(windowOptions());
  window.once('ready-to-show', () => window.show());
  await window.loadURL(pageAddress);
}
