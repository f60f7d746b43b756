import { describe, expect, it } from 'vitest';
import { wayToNote } from '../../../renderer/app/way-to-note.ts';

const runs = {
  place: 'runs',
  document: 'a',
  dataset: null as string | null,
  modules: [] as readonly string[],
  run: null as string | null,
  runs: ['first'],
  pickedRun: null as string | null,
};

describe('an entry of the history', () => {
  it('is added for another place and for another data set that is opened', () => {
    expect(wayToNote({ ...runs, place: 'evaluate' }, runs)).toBe('push');
    const data = { ...runs, place: 'data' };
    expect(wayToNote({ ...data, dataset: 'mnist' }, data)).toBe('push');
  });

  it('stays the same for the same spot', () => expect(wayToNote({ ...runs }, runs)).toBeNull());

  it('is replaced where only a selection differs, so that Forward still leads on after Back', () => {
    expect(wayToNote({ ...runs, pickedRun: 'first' }, runs)).toBe('replace');
    expect(wayToNote({ ...runs, run: 'second', modules: ['networks.main'] }, runs)).toBe('replace');
  });
});
