/** What the workbench remembers of its user. */
export interface Settings {
  readonly theme: 'light' | 'dark' | 'system';
  readonly density: 'comfortable' | 'compact';
  /** The device chosen last: `auto`, `cpu`, `cuda:0`. */
  readonly device: string;
  /** What was open last: a file, or a recipe's name. */
  readonly lastProject: { readonly file: string } | { readonly recipe: string } | null;
  /** Newest first. */
  readonly recentProjects: readonly RecentProject[];
  /** Palette entries with a star, such as `layer:Conv2d`. */
  readonly favouriteModules: readonly string[];
  /** Palette entries used last, newest first. */
  readonly recentModules: readonly string[];
  /** Projects whose network is drawn in columns, by their file or name, newest first. */
  readonly drawnInColumns: readonly string[];
  /** The two-minute path of the first start was walked or put away. */
  readonly isIntroduced: boolean;
  /** Of the Electron window; null before it was first moved. */
  readonly window: WindowState | null;
}

export interface RecentProject {
  readonly file: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly opened: number;
}

export interface WindowState {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isMaximized: boolean;
}

export const defaultSettings: Settings = {
  theme: 'system',
  density: 'comfortable',
  device: 'auto',
  lastProject: null,
  recentProjects: [],
  favouriteModules: [],
  recentModules: [],
  drawnInColumns: [],
  isIntroduced: false,
  window: null,
};
