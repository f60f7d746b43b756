import { fail } from '../failures.ts';
import { readRunRecord, writeRunRecord } from './run-folder.ts';
import type { RunIndex, RunRow } from './run-index.ts';

/** Characters of a name; more fill no column and no list. */
const longestName = 60;

/** `mnist-conv-20261121-101500-k3f` is the run that is first called `mnist-conv-1`. */
export function firstNameOf(id: string, taken: ReadonlySet<string>): string {
  const project = id.replace(/-\d{8}-\d{6}-[a-z0-9]{3}$/, '');
  let number = 1;
  for (const name of taken) {
    const [, ending] = name.startsWith(`${project}-`) ? (/^(\d{1,9})$/.exec(name.slice(project.length + 1)) ?? []) : [];
    if (ending !== undefined) number = Math.max(number, Number(ending) + 1);
  }
  return `${project}-${number}`;
}

/** The name as it will be stored; fails where it cannot be told from another run or its id. */
export function checkName(name: string, run: string, others: readonly Pick<RunRow, 'id' | 'name'>[]): string {
  const trimmed = name.trim().replace(/\s+/g, ' ');
  if (trimmed === '') fail('badUsage', 'The name of a run needs at least one character.', { at: 'name' });
  if (trimmed.length > longestName) {
    fail('badUsage', `The name has ${trimmed.length} characters. The limit is ${longestName} characters.`, {
      at: 'name',
    });
  }
  if (/[\u0000-\u001f\u007f/\\]/.test(trimmed)) {
    fail('badUsage', 'The name of a run cannot contain slashes, backslashes or control characters.', { at: 'name' });
  }
  if (trimmed === 'last' || trimmed.startsWith('-')) {
    fail('badUsage', `'${trimmed}' has a special meaning on the command line. Choose another name.`, { at: 'name' });
  }
  const other = others.find((row) => row.id !== run && (row.name === trimmed || row.id === trimmed));
  if (other !== undefined) {
    fail('badUsage', `The run ${other.id} is already named '${trimmed}'. Choose another name.`, { at: 'name' });
  }
  return trimmed;
}

/** Stores the name in the index and in the run's own folder, which outlives the index. */
export async function renameRun(index: RunIndex, run: RunRow, name: string): Promise<string> {
  const checked = checkName(name, run.id, await index.list());
  index.update({ run: run.id, name: checked });
  const record = await readRunRecord(run.id);
  if (record !== null) await writeRunRecord({ ...record, name: checked });
  return checked;
}
