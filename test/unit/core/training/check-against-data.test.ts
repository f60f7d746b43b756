import { describe, expect, it } from 'vitest';
import { fixesFor } from '../../../../core/editing/fixes.ts';
import { insertModules } from '../../../../core/editing/modules.ts';
import type { EvaluateViews } from '../../../../core/catalogue/evaluate-views.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';
import { emptyProject, projectWithoutData } from '../../../../core/project/empty-project.ts';
import type { DataFacts } from '../../../../core/project/known-data.ts';
import { parseForm, parseProject } from '../../../../core/project/parse.ts';
import { projectFacts } from '../../../../core/project/project-facts.ts';
import type { DataSettings, Project } from '../../../../core/project/project.ts';
import { makePlan } from '../../../../core/training/make-plan.ts';

const files = { format: 'idx', images: 'images', labels: 'labels' } as const;
const rest = { train: files, test: files, device: 'cpu', threads: 1, seed: 7, shuffle: true };

const images: DataFacts = { inputShape: [3, 48, 48], classes: 3, values: { kind: 'bytes' } };
const table: DataFacts = {
  inputShape: [4],
  classes: 3,
  values: { kind: 'floats', statistics: { mean: [0, 0, 0, 0], std: [1, 1, 1, 1] } },
};
const regression: DataFacts = { ...table, classes: 0, targets: 2 };

const linear = (outputs: number): NetworkNode => ({ type: 'Linear', options: { out_features: outputs } });
const conv: NetworkNode = { type: 'Conv2d', options: { out_channels: 4, kernel_size: 3 } };

function project(children: readonly NetworkNode[], change: Partial<Project> = {}): Project {
  const data: DataSettings = { source: '/own/data', normalise: { kind: 'zscore' } };
  return { ...emptyProject, networks: { main: { type: 'Sequential', children } }, data, ...change };
}

const withAugment = (augment: DataSettings['augment']): Partial<Project> => ({
  data: { source: '/own/data', normalise: { kind: 'zscore' }, ...(augment === undefined ? {} : { augment }) },
});
const withViews = (evaluateViews: EvaluateViews): Partial<Project> => ({
  recipe: { ...emptyProject.recipe, evaluateViews } as Project['recipe'],
});
const withLoss = (type: 'MSE' | 'CrossEntropy' | 'NLL' | 'KLDiv' | 'BCE', options: object = {}): Partial<Project> => ({
  recipe: { ...emptyProject.recipe, loss: { type, ...options } } as Project['recipe'],
});
const embedding: NetworkNode = { type: 'Embedding', options: { num_embeddings: 20, embedding_dim: 2 } };
const softmax = (type: 'Softmax' | 'LogSoftmax'): NetworkNode => ({ type, options: { dim: 1 } });

describe('a project on data of one’s own', () => {
  it.each([
    ['an empty network', project([]), images, 'networks.main'],
    ['10 outputs for 3 classes', project([{ type: 'Flatten' }, linear(10)]), images, 'networks.main'],
    ['a convolution of a table', project([conv, { type: 'Flatten' }, linear(3)]), table, 'networks.main.children[0]'],
    ['a loss of classes for numbers', project([linear(2)]), regression, 'recipe.loss.type'],
    ['one output for two targets', project([linear(1)], withLoss('MSE')), regression, 'networks.main'],
    [
      'pixels cut off a table',
      project([linear(3)], withAugment({ cutout: { size: 2 } })),
      table,
      'data.augment.cutout',
    ],
    ['mirror images of a table', project([linear(3)], withViews('mirrored')), table, 'recipe.evaluateViews'],
    [
      'classes of which none counts',
      project([linear(3)], withLoss('CrossEntropy', { classWeights: [0, 0, 0] })),
      table,
      'recipe.loss.classWeights',
    ],
    ['an Embedding of scaled numbers', project([embedding, { type: 'Flatten' }, linear(3)]), table, 'data.normalise'],
    ['numbers of any size as logarithms', project([linear(3)], withLoss('NLL')), table, 'recipe.loss.type'],
    [
      'probabilities as logarithms',
      project([linear(3), softmax('Softmax')], withLoss('NLL')),
      table,
      'recipe.loss.type',
    ],
    [
      'logarithms as probabilities',
      project([linear(3), softmax('LogSoftmax')], withLoss('BCE')),
      table,
      'recipe.loss.type',
    ],
    [
      'an activation in an inner Sequential as logarithms',
      project([{ type: 'Sequential', children: [linear(3), { type: 'ReLU' }] }], withLoss('KLDiv')),
      table,
      'recipe.loss.type',
    ],
    [
      'a crop wider than the image',
      project([{ type: 'Flatten' }, linear(3)], withAugment({ crop: { padding: 48, mode: 'reflect' } })),
      images,
      'data.augment.crop.padding',
    ],
  ] as const)('is refused for %s: in the window as before a training', (_, wrong, data, at) => {
    const seen = parseProject(wrong, data);
    const planned = makePlan(wrong, { ...data, ...rest });
    expect(seen.ok ? undefined : seen.failures[0]!.at).toBe(at);
    expect(planned.ok ? [] : planned.failures).toEqual(seen.ok ? [] : seen.failures);
  });

  it.each([
    ['logarithms for NLL', project([linear(3), softmax('LogSoftmax')], withLoss('NLL'))],
    [
      'logarithms that are then flattened',
      project([linear(3), softmax('LogSoftmax'), { type: 'Flatten' }], withLoss('NLL')),
    ],
    ['probabilities for BCE', project([linear(3), { type: 'Sigmoid' }], withLoss('BCE'))],
    [
      'an Embedding of numbers as they are',
      project([embedding, { type: 'Flatten' }, linear(3)], {
        data: { source: '/own/data', normalise: { kind: 'none' } },
      }),
    ],
    ['weights of which one is 0', project([linear(3)], withLoss('CrossEntropy', { classWeights: [0, 1, 2] }))],
  ] as const)('is trained with %s', (_, right) => {
    const seen = parseProject(right, table);
    expect(seen.ok ? [] : seen.failures).toEqual([]);
  });

  const whitened = (outputs: number): NetworkNode => ({
    type: 'Conv2d',
    initialise: [{ parameters: 'weight', method: 'whiten' }],
    options: { out_channels: outputs, kernel_size: 2 },
  });
  const end = [{ type: 'Flatten' }, linear(3)];

  it.each([
    ['with another number of outputs than its filters', [whitened(12), ...end], 'networks.main.children[0]'],
    ['on what other layers made', [{ type: 'ReLU' }, whitened(24), ...end], 'networks.main.children[1]'],
  ] as const)('is refused where a convolution is whitened %s', (_, children, at) => {
    const seen = parseProject(project(children), images);
    expect(seen.ok ? [] : seen.failures).toMatchObject([{ code: 'badNetwork', at }]);
  });

  it('may whiten every convolution that gets the images', () => {
    expect(parseProject(project([whitened(24), ...end]), images)).toMatchObject({ ok: true });
    const fork: NetworkNode = {
      type: 'Fork',
      branches: [whitened(24), { type: 'Sequential', children: [whitened(24)] }],
      join: { kind: 'cat', dim: 1 },
    };
    expect(parseProject(project([fork, ...end]), images)).toMatchObject({ ok: true });
  });

  it('is taken where everything fits', () => {
    expect(parseProject(project([{ type: 'Flatten' }, linear(3)]), images)).toMatchObject({ ok: true });
    expect(parseProject(project([linear(3)]), table)).toMatchObject({ ok: true });
    const seenOften = project([{ type: 'Flatten' }, linear(3)], withViews('mirroredAndShifted'));
    expect(parseProject(seenOften, images)).toMatchObject({ ok: true });
    // Nothing lies beside a single row that could be mirrored.
    const rows = parseProject(seenOften, { ...images, inputShape: [3, 1, 32] });
    expect(rows.ok ? null : rows.failures[0]!.at).toBe('recipe.evaluateViews');
    expect(parseProject(project([linear(2)], withLoss('MSE')), regression)).toMatchObject({ ok: true });
  });

  it('has no views where a state goes on from batch to batch', () => {
    const reader = (carry: boolean): NetworkNode => ({
      type: 'Recurrent',
      before: { type: 'Flatten', options: { start_dim: 2 } },
      body: { type: 'LSTM', options: { hidden_size: 4 } },
      handsOn: ['last'],
      carry,
    });
    const of = (carry: boolean) => parseProject(project([reader(carry), linear(3)], withViews('mirrored')), images);
    expect(of(false)).toMatchObject({ ok: true });
    const carried = of(true);
    expect(carried.ok ? null : carried.failures[0]!.at).toBe('recipe.evaluateViews');
  });

  it.each([
    [images, 3],
    [regression, 2],
  ] as const)('is offered an end with as many outputs as the data need', (data, outputs) => {
    const empty = project([], data === regression ? withLoss('MSE') : {});
    const fixes = fixesFor(empty, projectFacts(empty, data.inputShape), data);
    const fixed = fixes.map(({ edited }) => parseProject(edited.project, data));
    expect(fixed.map(({ ok }) => ok)).toContain(true);
    const main = fixes.at(-1)!.edited.project.networks.main as { readonly children: readonly NetworkNode[] };
    expect(main.children.at(-1)).toMatchObject(linear(outputs));
  });

  it('can be designed and kept before the data are chosen, but not trained', () => {
    expect(parseForm(projectWithoutData)).toMatchObject({ ok: true });
    const edited = insertModules(projectWithoutData, { address: 'networks.main', side: 'at' }, [linear(3)]);
    const read = parseProject(edited.project);
    expect(read.ok ? null : read.failures.map(({ at }) => at)).toEqual(['data.source']);
  });
});
