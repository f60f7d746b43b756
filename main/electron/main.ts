/** The Electron shell: one window over the workbench. */

import path from 'node:path';
import { app, session } from 'electron';
import type { EventName } from '../../core/contract/contract.ts';
import { homeFolder } from '../paths.ts';
import { openWorkbench } from '../workbench/workbench.ts';
import { Application } from './application.ts';
import { openChannels } from './channels.ts';
import { confineContents, limitPermissions } from './confine.ts';
import { dialogs } from './dialogs.ts';
import { openUtilityEngine } from './engine-port.ts';
import { showMenu } from './menu.ts';
import { OpenedFiles } from './opened-files.ts';
import { declareAppScheme, servePages } from './pages.ts';

declareAppScheme();
// Chromium's own files and the lock of the single instance belong to the user's folder of Torchwright.
app.setPath('userData', path.join(homeFolder(), 'electron'));
if (app.requestSingleInstanceLock()) start();
else app.exit(0);

function start(): void {
  const workbench = openWorkbench({
    kind: 'electron',
    versions: { electron: process.versions.electron, chromium: process.versions.chrome },
    openEngine: openUtilityEngine,
    dialogs,
    dataFolders: null,
    disableCommands: (ids) => showMenu(new Set(ids), give),
  });
  const application = new Application(workbench);
  const files = new OpenedFiles((file) => void workbench.then(({ events }) => events.emit('openRequested', { file })));

  function give(command: string): void {
    void workbench.then(({ events }) => events.emit('command', command));
  }

  app.on('web-contents-created', (_event, contents) => {
    confineContents(contents);
    contents.on('destroyed', () => files.unheard());
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    files.ask(file);
  });
  app.on('second-instance', (_event, words, folder) => {
    files.askFromCommandLine(words, folder);
    void application.show();
  });
  app.on('activate', () => void application.show());
  app.on('window-all-closed', () => {
    if (!application.isInBackground && application.mayQuit) app.quit();
  });
  app.on('before-quit', (event) => {
    if (application.mayQuit) return;
    event.preventDefault();
    void application.quit();
  });
  openChannels(workbench, (event: EventName) => {
    if (event === 'openRequested') files.heard();
  });
  files.askFromCommandLine(process.argv, process.cwd());
  workbench.then(
    () => application.follow(),
    (error: unknown) => console.error(error),
  );
  app.whenReady().then(
    () => {
      limitPermissions(session.defaultSession);
      servePages();
      showMenu(new Set(), give);
      return application.show();
    },
    (error: unknown) => {
      console.error(error);
      app.exit(1);
    },
  );
}
