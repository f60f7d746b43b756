import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Ground, Victim } from './victim.ts';

type Draw = () => number;

export interface SaveOutcome {
  readonly pairs: number;
  readonly refused: number;
  readonly corrupt: number;
}

function project(mark: string, bytes: number): string {
  return JSON.stringify({ mark, fill: mark[0]!.repeat(bytes), end: mark });
}

/** Two clients save one project at nearly the same time, a large text beside a small one: the file is one of the two. */
export async function attackSaves(victim: Victim, ground: Ground, pairs: number, draw: Draw): Promise<SaveOutcome> {
  const [one, other] = [victim.connect(), victim.connect()];
  let [refused, corrupt] = [0, 0];
  for (let pair = 0; pair < pairs && victim.deaths === 0; pair++) {
    const texts = [project(`a${pair}`, 3e6 + draw() * 2e6), project(`b${pair}`, 100 + draw() * 1.5e6)];
    const save = async (transport: typeof one, text: string): Promise<void> => {
      const answer = await transport.call('projects.saveAs', { name: 'shared', text, replace: true });
      if (!answer.ok) refused += 1;
    };
    const first = save(one, texts[0]!);
    await new Promise((resolve) => setTimeout(resolve, draw() * 24));
    await Promise.all([first, save(other, texts[1]!)]);
    const written = await readFile(path.join(ground.home, 'projects', 'shared.torchwright.json'), 'utf8');
    if (!texts.includes(written)) corrupt += 1;
  }
  one.close();
  other.close();
  return { pairs, refused, corrupt };
}
