import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../core/contract/runs.ts';
import { chosenRun } from '../../../renderer/features/runs/run-choice.ts';
import { runTitle } from '../../../renderer/features/runs/run-title.ts';

const foreign = { id: 'foreign', project: 'mnist-logit', epochsDone: 5 };
const own = { id: 'own', project: 'spirals', epochsDone: 3 };
const unlearned = { id: 'unlearned', project: 'spirals', epochsDone: 0 };
const choice = {
  project: 'spirals',
  selected: null,
  isSelectedBesideProject: false,
  watched: null,
  rows: [foreign, unlearned, own],
};

describe('the run that is shown where none is named', () => {
  it('is of the open project', () => {
    expect(chosenRun(choice)).toBe('own');
    expect(chosenRun({ ...choice, watched: 'live' })).toBe('live');
  });

  it('is none where the project has none', () => {
    expect(chosenRun({ ...choice, project: 'untitled' })).toBeNull();
    expect(chosenRun({ ...choice, rows: [foreign, unlearned] })).toBeNull();
  });

  it('is another project’s only where it was selected beside this one', () => {
    expect(chosenRun({ ...choice, selected: foreign })).toBe('own');
    expect(chosenRun({ ...choice, selected: foreign, isSelectedBesideProject: true })).toBe('foreign');
    expect(chosenRun({ ...choice, selected: unlearned })).toBe('unlearned');
  });
});

describe('the title of a run', () => {
  const run = { ...foreign, name: 'my best', created: 0, bestTestAccuracy: 0.9, bestTestError: null };

  it('names the project where another one is open', () => {
    const title = runTitle(run as unknown as RunSummary, 'mnist-logit');
    expect(title).toMatch(/^my best/);
    expect(runTitle(run as unknown as RunSummary, 'spirals')).toBe(`mnist-logit: ${title}`);
  });
});
