import path from 'node:path';
import type { AppCalls } from '../../core/contract/app.ts';
import type { Handlers } from '../../core/contract/contract.ts';
import { cacheFolder, homeFolder, projectsFolder } from '../paths.ts';
import { ownVersion } from '../runs/runs.ts';
import type { DeviceList } from './devices.ts';
import type { SettingsStore } from './settings-store.ts';
import type { Shell } from './shell.ts';

export function appCalls(shell: Shell, settings: SettingsStore, devices: DeviceList): Pick<Handlers, keyof AppCalls> {
  return {
    'app.info': async () => ({
      version: await ownVersion(),
      shell: shell.kind,
      platform: process.platform,
      versions: { node: process.versions.node, ...shell.versions, ...devices.versions },
      folders: {
        home: homeFolder(),
        cache: cacheFolder(),
        runs: path.join(homeFolder(), 'runs'),
        projects: projectsFolder(),
      },
    }),
    'settings.read': () => settings.settings,
    'settings.write': (changes) => settings.write(changes),
    'devices.list': () => devices.list(),
    'app.disableCommands': (ids) => shell.disableCommands(ids),
  };
}
