import { Menu } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import { commands, menus } from '../../core/commands.ts';

type Items = MenuItemConstructorOptions[];

const roles: Readonly<Record<(typeof menus)[number], Items>> = {
  File: [{ type: 'separator' }, { role: 'quit' }],
  Edit: [{ type: 'separator' }, { role: 'selectAll', label: 'Select all text' }],
  Network: [],
  Train: [],
  View: [
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    { role: 'toggleDevTools' },
  ],
  Help: [],
};

/** The native menu of the command table. The window itself hears the keys: here they are only shown. */
export function showMenu(disabled: ReadonlySet<string>, give: (command: string) => void): void {
  const template = menus.map((menu): MenuItemConstructorOptions => {
    const items = commands
      .filter((command) => command.menu === menu)
      .flatMap((command): Items => {
        const item: MenuItemConstructorOptions = {
          id: command.id,
          label: command.title,
          enabled: !disabled.has(command.id),
          click: () => give(command.id),
          registerAccelerator: false,
        };
        // In the role's way the browser tells the page, which takes modules where no text is meant.
        if (command.isHeardByBrowser === true) item.role = command.id as 'cut' | 'copy' | 'paste';
        if (command.shortcut !== undefined)
          item.accelerator = command.shortcut.replace('Mod', 'CommandOrControl').replace('Arrow', '');
        return command.startsGroup === true ? [{ type: 'separator' }, item] : [item];
      });
    return { label: menu, submenu: [...items, ...roles[menu]] };
  });
  const ofApplication: Items = process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  Menu.setApplicationMenu(Menu.buildFromTemplate([...ofApplication, ...template]));
}
