import { expect, it } from 'vitest';
import { emptyProject } from '../../../../core/project/empty-project.ts';
import type { Project } from '../../../../core/project/project.ts';
import type { ChoiceFacts } from '../../../../core/training/explain-choices.ts';
import { explainProfile } from '../../../../core/training/explain-choices.ts';
import type { ModuleTimes, StepProfile } from '../../../../core/training/step-profile.ts';

const module = (name: string, kernels: ModuleTimes['kernels'], own: ModuleTimes['own'] = null): ModuleTimes => ({
  ...{ address: name, name, depth: 1, forward: 1, backward: 1, own, kernels, activations: 0, parameters: 0 },
});

const profile: StepProfile = {
  modules: [
    module('Network', ['winograd', 'dropout'], { forward: 0, backward: 0 }),
    module('Conv2d 0', ['winograd']),
    module('Dropout 1', ['dropout']),
    module('Conv2d 2', ['winograd']),
  ],
  parts: [],
  seconds: 1,
  plainSeconds: 1,
  steps: 4,
  batchSize: 10,
  deviceName: 'a processor',
  threads: 2,
  precision: 'float32',
  channelsLast: true,
  instructions: ['amx_tile', 'avx2', 'sse4_2', 'avx512_f'],
  cpuCapability: 'AVX512',
};
const facts: ChoiceFacts = { threadsAsked: null, threadsByDefault: 2, multiplyAdds: 5e6, precision: null };

const explained = (
  changes: Partial<StepProfile> = {},
  more: Partial<ChoiceFacts> = {},
  project: Project = emptyProject,
) =>
  Object.fromEntries(
    explainProfile(project, { ...profile, ...changes }, { ...facts, ...more }).map((choice) => [choice.about, choice]),
  );

it('names the instructions that a training can gain from, in order, and the kernels by layers', () => {
  const { processor, kernels } = explained();
  expect(processor!.reason).toMatch(/AVX2, AVX-512, AMX;.*AVX512/);
  expect(kernels!.chosen).toBe('Winograd convolution in 2 of 3 layers, parallel dropout in 1 of 3 layers');
  expect(explained({ modules: [module('Linear 0', [])] })['kernels']!.chosen).toBe("libtorch's own");
});

it('tells threads that were asked for from those that a small network keeps busy', () => {
  const reason = (...given: Parameters<typeof explained>) => explained(...given)['threads']!.reason;
  const reasons = [reason(), reason({}, { threadsByDefault: 8 }), reason({}, { threadsAsked: 2 })];
  expect(new Set(reasons).size).toBe(3);
  expect(reasons[1]).toMatch(/8 threads.*5 M /);
});

it('a precision that was decided by the machine is told with what was measured, and adversarial training gets no advice', () => {
  const stepSeconds = { float32: 2, bfloat16: 1 };
  const precision = { precision: 'bfloat16', reason: 'It was measured.', stepSeconds } as const;
  expect(explained({ precision: 'bfloat16' }, { precision })['precision']).toEqual({
    ...{ about: 'precision', chosen: 'bfloat16', reason: 'It was measured.', isAutomatic: true },
    stepSeconds,
  });
  const adversarial = { ...emptyProject, recipe: { ...emptyProject.recipe, kind: 'adversarial' } } as Project;
  const told = explained({ instructions: ['amx_bf16'] }, {}, adversarial)['precision']!;
  expect(told.reason).toMatch(/Adversarial/);
  expect(told.reason).not.toMatch(/auto/);
});

it('bfloat16 is suggested only where the processor has instructions for it', () => {
  const set: Project = {
    ...emptyProject,
    recipe: { ...emptyProject.recipe, precision: 'bfloat16' } as Project['recipe'],
  };
  expect(explained()['precision']!.reason).not.toMatch(/to auto/);
  expect(explained({ instructions: ['amx_bf16'] })['precision']!.reason).toMatch(/to auto/);
  expect(explained({ precision: 'bfloat16' }, {}, set)['precision']).toMatchObject({
    chosen: 'bfloat16',
    reason: 'The recipe sets it.',
  });
});
