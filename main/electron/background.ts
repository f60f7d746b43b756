import path from 'node:path';
import { Menu, powerSaveBlocker, Tray } from 'electron';
import { repositoryFolder } from '../paths.ts';

export const iconFile = path.join(repositoryFolder, 'resources', 'icon.png');

/** The icon that stands for the workbench while it has no window. */
export function showTray(actions: { readonly open: () => void; readonly stop: () => void }): Tray {
  const tray = new Tray(iconFile);
  tray.setToolTip('Torchwright is training');
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open Torchwright', click: actions.open },
      { label: 'Save, stop and quit', click: actions.stop },
    ]),
  );
  tray.on('click', actions.open);
  return tray;
}

/** Keeps the machine awake while `isNeeded`; call it whenever that may have changed. */
export function sleepBlocker(isNeeded: () => boolean): () => void {
  let blocker: number | null = null;
  return () => {
    if (isNeeded() && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!isNeeded() && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };
}
