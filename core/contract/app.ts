import type { Failure } from '../failure.ts';
import type { Call } from './call.ts';
import type { Settings } from './settings.ts';

export interface AppCalls {
  'app.info': Call<undefined, AppInfo>;
  'settings.read': Call<undefined, Settings>;
  /** Only the fields that change. Everyone hears `settingsChanged`. */
  'settings.write': Call<Partial<Settings>, Settings>;
  'devices.list': Call<undefined, readonly Device[]>;
  /** What the native menu shows as not possible now: ids of the command table. Nothing to do in a browser. */
  'app.disableCommands': Call<readonly string[], void>;
}

export interface AppEvents {
  settingsChanged: Settings;
  /** About once a second, only while somebody listens. */
  deviceUse: DeviceUse;
  /** A command of the native menu: its id in the command table. */
  command: string;
  /** A project file was double-clicked, or named on the command line of a second start. Open it with `projects.open`. */
  openRequested: { readonly file: string };
  /** Something is not as it should be, though what was asked for could be done: a damaged checkpoint gave way. */
  warning: Failure;
}

export interface AppInfo {
  readonly version: string;
  readonly shell: 'electron' | 'browser';
  /** As Node names it: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Program or library → version: node, electron, chromium, libtorch. */
  readonly versions: Readonly<Record<string, string>>;
  readonly folders: {
    readonly home: string;
    readonly cache: string;
    readonly runs: string;
    /** Where the browser form keeps projects. */
    readonly projects: string;
  };
}

export interface Device {
  /** `cpu`, `cuda:0`. */
  readonly id: string;
  readonly name: string;
  /** Threads that training uses by default; null for a GPU. */
  readonly cores: number | null;
  /** Bytes; null where not known. */
  readonly totalMemory: number | null;
  readonly freeMemory: number | null;
}

export interface DeviceUse {
  readonly devices: readonly {
    readonly id: string;
    /** 0…100, of all cores together; null where not known. */
    readonly percent: number | null;
    /** Bytes. */
    readonly usedMemory: number;
    readonly totalMemory: number;
  }[];
}
