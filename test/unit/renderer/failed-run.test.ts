import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Failure } from '../../../core/failure.ts';
import type { Project } from '../../../core/project/project.ts';
import { startingRun } from '../../../core/training/run-state.ts';
import type { RunState } from '../../../core/training/run-state.ts';
import { divergenceFailure } from '../../../main/training/divergence.ts';
import { smallDigits } from '../../small-digits.ts';
import { imported, openWindow, rendered } from './rendered.ts';

// All parts of a form at once.
vi.mock('../../../renderer/ui/use-stages.ts', () => ({ useStages: (last: number) => last }));

beforeEach(() => {
  openWindow();
});
afterEach(() => vi.unstubAllGlobals());

/** What is used here of the stores. */
interface ProjectStore {
  readonly useProject: () => { begin(document: Project, from: { file: string | null; isSaved: boolean }): void };
}
interface TrainingStore {
  readonly useTraining: () => { watched: RunState | null };
}

/** The banner of a run that failed so, beside the form of the open project. */
async function banner(error: Failure, { trained, open = trained }: { trained: Project; open?: Project }) {
  const { useProject } = await imported<ProjectStore>('features/project/project-store.ts');
  const { useTraining } = await imported<TrainingStore>('features/train/training-store.ts');
  useProject().begin(open, { file: null, isSaved: false });
  useTraining().watched = { ...startingRun('digits-1', trained.name, trained), state: { kind: 'failed', error } };
  await rendered('features/train/RecipeForm.vue');
  return /role="alert"(.*)<\/p>/s.exec(await rendered('features/train/RunOutcome.vue'))![1]!;
}

describe('why a run failed', () => {
  it('comes with advice in the words of the form', async () => {
    const diverged = { where: 'train', epoch: 1, step: 3, learningRate: 0.02, kept: null, cause: null } as const;
    const failure = divergenceFailure(diverged, { type: 'Constant', rate: 0.02 }, { clip: null });
    const shown = await banner(failure, { trained: smallDigits });
    expect(shown).toContain('Rate');
    expect(shown).toContain('0.002');
    expect(shown).toContain('Warm-up');
    expect(shown).toContain('Gradient clipping');
    expect(shown).not.toMatch(/--set|recipe\./);
  });

  it('names modules by the project that was trained, whatever became of the open one', async () => {
    const { networks } = smallDigits;
    const open = { ...smallDigits, networks: { ...networks, main: { type: 'ReLU' } } } as Project;
    const error: Failure = {
      code: 'diverged',
      message: 'The first output that is not finite is that of Linear at networks.main.children[3].',
      advice: 'Replace Tanh at networks.main.children[4].',
    };
    const shown = await banner(error, { trained: smallDigits, open });
    expect(shown).toContain('that of Linear 3.');
    expect(shown).toContain('Replace Tanh 4.');
  });
});
