import path from 'node:path';
import { defaultSettings } from '../../core/contract/settings.ts';
import type { Settings } from '../../core/contract/settings.ts';
import { makeFolder, readIfThere, replaceFile } from '../files.ts';
import { homeFolder } from '../paths.ts';
import { settingsSchema } from './settings-schema.ts';

/** settings.json in the home folder. A file that cannot be understood counts for what of it can. */
export class SettingsStore {
  #settings: Settings;
  readonly #onChange: (settings: Settings) => void;
  /** Writes follow one another. */
  #written: Promise<void> = Promise.resolve();

  private constructor(settings: Settings, onChange: (settings: Settings) => void) {
    this.#settings = settings;
    this.#onChange = onChange;
  }

  static async open(onChange: (settings: Settings) => void): Promise<SettingsStore> {
    const text = await readIfThere(settingsFile()).catch(() => null);
    return new SettingsStore({ ...defaultSettings, ...understood(text) }, onChange);
  }

  get settings(): Settings {
    return this.#settings;
  }

  async write(changes: Partial<Settings>): Promise<Settings> {
    this.#settings = { ...this.#settings, ...changes };
    this.#onChange(this.#settings);
    const writing = this.#written.then(async () => {
      await makeFolder(homeFolder());
      await replaceFile(settingsFile(), `${JSON.stringify({ version: 1, ...this.#settings }, null, 2)}\n`);
    });
    this.#written = writing.catch(() => undefined);
    await writing;
    return this.#settings;
  }
}

function settingsFile(): string {
  return path.join(homeFolder(), 'settings.json');
}

function understood(text: string | null): Partial<Settings> {
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(text ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
  const fields = Object.entries(settingsSchema.shape).flatMap(([name, schema]) => {
    const parsed = schema.safeParse(document[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(fields);
}
