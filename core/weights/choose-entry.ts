import { FailureError } from '../failure.ts';
import type { WeightEntry } from './stored-tensor.ts';

/** The state dict with a name, or the only one. Throws a FailureError that names all where that leaves several. */
export function chooseEntry(entries: readonly WeightEntry[], name: string | undefined): WeightEntry {
  const names = entries.map((entry) => (entry.name === '' ? '(the file itself)' : entry.name)).join(', ');
  if (name === undefined) {
    if (entries.length === 1) return entries[0]!;
    throw new FailureError({
      code: 'badUsage',
      message: `This file contains ${entries.length} state dicts: ${names}.`,
      advice: 'Choose one: --from-entry NAME on the command line, or "State dict" in the window.',
    });
  }
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  throw new FailureError({
    code: 'badUsage',
    message: `This file contains no state dict "${name}". It holds: ${names}.`,
    advice: 'Use one of these names, or omit --from-entry if there is only one.',
  });
}
