import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Victim } from './victim.ts';
import type { Ground } from './victim.ts';

type Draw = () => number;

export interface KillOutcome {
  readonly kills: number;
  readonly saves: number;
  /** Files that are not whole, or cannot be read, after a kill: kill, name, how many characters it has. */
  readonly corrupt: readonly string[];
  /** Temporary files that are there after the server has started once more. */
  readonly left: readonly string[];
}

/** kill -9 in the middle of saving project, settings and unsaved work; each file is whole afterwards. */
export async function attackByKills(ground: Ground, kills: number, draw: Draw): Promise<KillOutcome> {
  let saves = 0;
  const corrupt: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const victim = await Victim.start(ground);
    const transport = victim.connect();
    let isOver = false;
    const save = async (): Promise<void> => {
      for (let round = 0; !isOver; round++) {
        const text = JSON.stringify({ kill, round, fill: 'x'.repeat(draw() * 3e6) });
        const answers = await Promise.all([
          transport.call('projects.saveAs', { name: 'saved', text, replace: true }),
          transport.call('projects.autosave', { key: 'k', file: null, name: 'n', text }),
          transport.call('settings.write', { theme: round % 2 === 0 ? 'dark' : 'light' }),
        ]);
        saves += answers.filter(({ ok }) => ok).length;
      }
    };
    const saving = save();
    // From the first answer on: how long it takes to start says nothing.
    await transport.call('projects.files', undefined);
    await new Promise((resolve) => setTimeout(resolve, draw() * 300));
    isOver = true;
    await victim.kill();
    transport.close();
    await saving;
    for (const file of await filesIn(ground.home)) {
      const wrong = await wrongIn(path.join(ground.home, file));
      if (wrong !== null) corrupt.push(`kill ${kill}, ${file}: ${wrong}`);
    }
  }
  const last = await Victim.start(ground);
  await last.kill();
  const left = (await filesIn(ground.home)).filter((file) => file.endsWith('.part'));
  return { kills, saves, corrupt, left };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)));
}

/** Null: nothing. */
async function wrongIn(file: string): Promise<string | null> {
  if (!file.endsWith('.json')) return null;
  try {
    const text = await readFile(file, 'utf8');
    return isJson(text) ? null : `${text.length} characters that are no JSON`;
  } catch (error) {
    return String(error);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
