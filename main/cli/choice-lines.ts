import { choiceTitles } from '../../core/training/explain-choices.ts';
import type { Choice } from '../../core/training/explain-choices.ts';
import { table } from './format.ts';

const columns = [
  { title: 'what', align: 'left' },
  { title: 'chosen', align: 'left' },
  { title: 'why', align: 'left' },
] as const;

/** What was chosen on this machine, and why, as a table. */
export function choiceLines(choices: readonly Choice[]): readonly string[] {
  return table(
    columns,
    choices.map(({ about, chosen, reason }) => [choiceTitles[about], chosen, reason]),
  );
}
