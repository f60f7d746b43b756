import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Failure } from '../../../../core/failure.ts';
import { parseProject } from '../../../../core/project/parse.ts';
import { setPath } from '../../../../core/project/set-path.ts';
import { recipeText } from './recipe-files.ts';

function failuresOf(source: unknown): readonly Failure[] {
  const result = parseProject(source);
  return result.ok ? [] : result.failures;
}

/** What is wrong with a recipe in which one place is set. */
function failuresWith(recipe: string, path: string, value: unknown): readonly Failure[] {
  const result = setPath(JSON.parse(recipeText(recipe)), path, JSON.stringify(value));
  if (!result.ok) throw new Error(result.failures[0]?.message);
  return failuresOf(result.document);
}

const conv = 'mnist-conv';
const resnet = 'cifar10-resnet18';
const child = (index: number) => `networks.main.children[${index}]`;
/** The first use of a Block in that recipe, and the layers of its definition. */
const instance = `${child(3)}.body`;
const inBlock = 'blocks.BasicBlock.body.body.children';

describe('one wrong place is refused there, in a sentence', () => {
  test.each<[recipe: string, path: string, value: unknown, at: string, message: RegExp]>([
    // Numbers
    [conv, 'recipe.batchSize', -5, 'recipe.batchSize', /at least 1, not -5/],
    [conv, 'recipe.batchSize', 1.5, 'recipe.batchSize', /whole number, not 1.5/],
    [conv, 'recipe.batchSize', 'many', 'recipe.batchSize', /a number, not "many"/],
    [conv, 'recipe.evaluateViews', 'mirror', 'recipe.evaluateViews', /must be "mirrored" or/],
    [conv, 'recipe.dropLast', 1, 'recipe.dropLast', /true or false/],
    [conv, 'recipe.epochs', null, 'recipe.epochs', /a number, not null/],
    [conv, 'recipe.schedule.rate', -0.1, 'recipe.schedule.rate', /at least 0, not -0.1/],
    [conv, 'recipe.loss.labelSmoothing', 2, 'recipe.loss.labelSmoothing', /at most 1, not 2/],
    [conv, 'recipe.optimizer.betas', [0.9], 'recipe.optimizer.betas', /2 entries/],
    [conv, 'recipe.optimizer.betas', [0.9, 1], 'recipe.optimizer.betas[1]', /less than 1, not 1/],
    // Unknown words and fields
    [conv, 'recipe.shedule', {}, 'recipe.shedule', /Did you mean "schedule"/],
    [conv, 'recipe.schedule.type', 'Cosin', 'recipe.schedule.type', /Did you mean "Cosine"/],
    [conv, 'recipe.schedule', 'Cosine', 'recipe.schedule', /an object, not "Cosine"/],
    [conv, 'recipe.optimizer.nesterov', true, 'recipe.optimizer.nesterov', /known field/],
    [conv, 'recipe.optimizer', {}, 'recipe.optimizer.type', /missing.*SGD/],
    [conv, `${child(0)}.type`, 'Conv2D', `${child(0)}.type`, /Did you mean "Conv2d"/],
    [conv, `${child(0)}.kernel`, 3, `${child(0)}.kernel`, /known field/],
    [conv, `${child(0)}.options.kernel`, 3, `${child(0)}.options.kernel`, /Did you mean "kernel_size"/],
    [conv, child(1), 'ReLU', child(1), /must be a module/],
    [conv, `${child(1)}.name`, '1st', `${child(1)}.name`, /begins with no digit/],
    // Options
    [conv, `${child(0)}.options.kernel_size`, 0, `${child(0)}.options.kernel_size`, /at least 1/],
    [conv, `${child(0)}.options.kernel_size`, [5, 5, 5], `${child(0)}.options.kernel_size`, /one number or two/],
    [conv, `${child(0)}.options.kernel_size`, '5', `${child(0)}.options.kernel_size`, /only inside a Block/],
    [conv, `${child(0)}.options.padding_mode`, 'mirror', `${child(0)}.options.padding_mode`, /reflect/],
    [conv, `${child(0)}.options.bias`, 1, `${child(0)}.options.bias`, /true or false/],
    [conv, `${child(2)}.options`, { p: 1.5 }, `${child(2)}.options.p`, /at most 1/],
    [conv, `${child(0)}.options`, { kernel_size: 5 }, `${child(0)}.options.out_channels`, /needs out_channels/],
    // What does not go together
    [
      conv,
      `${child(4)}.options.in_channels`,
      7,
      `${child(4)}.options.in_channels`,
      /expects 7 channels but receives 20/,
    ],
    [conv, `${child(4)}.options.kernel_size`, 50, `${child(4)}.options.kernel_size`, /spans 50 pixels/],
    [conv, `${child(12)}.options.out_features`, 9, 'networks.main', /gives \[9\].*needs \[10\]/],
    [conv, 'recipe.loss', { type: 'CrossEntropy', classWeights: [1, 2] }, 'recipe.loss.classWeights', /10 classes/],
    [conv, 'recipe.loss', { type: 'BCEWithLogits', positiveWeights: [1] }, 'recipe.loss.positiveWeights', /10 classes/],
    [conv, 'recipe.loss', { type: 'TripletMargin' }, 'recipe.loss.type', /triplets of an anchor.*one class each/],
    [conv, 'recipe.loss', { type: 'CTC' }, 'recipe.loss.type', /sequences with shorter/],
    [conv, 'recipe.loss', { type: 'MSE', reduction: 'none' }, 'recipe.loss.reduction', /mean or sum.*one number/],
    [conv, 'recipe.loss', { type: 'MultiMargin', p: 3 }, 'recipe.loss.p', /1.*2/],
    [conv, 'recipe.optimizer', { type: 'LBFGS', weightDecay: 0.1 }, 'recipe.optimizer.weightDecay', /known field/],
    [conv, 'recipe.optimizer', { type: 'LBFGS', lineSearch: 'wolfe' }, 'recipe.optimizer.lineSearch', /strong_wolfe/],
    [conv, 'recipe.optimizer', { type: 'Muon', nsSteps: 100 }, 'recipe.optimizer.nsSteps', /at most 99/],
    [
      conv,
      'recipe.schedule',
      { type: 'MultiStep', rate: 1, gamma: 0.1, milestones: [3, 3] },
      'recipe.schedule.milestones',
      /each later/,
    ],
    [
      conv,
      'recipe.schedule',
      { type: 'ReduceOnPlateau', rate: 1, factor: 1 },
      'recipe.schedule.factor',
      /less than 1, not 1/,
    ],
    [
      conv,
      `${child(0)}.initialise`,
      [{ parameters: 'weight', method: 'eye' }],
      child(0),
      /eye fills matrices.*0.weight/,
    ],
    [
      conv,
      'networks.main.initialise',
      [{ parameters: 'weight', method: 'uniform', a: 2 }],
      'networks.main.initialise[0]',
      /lower bound a below its upper bound b/,
    ],
    [conv, 'recipe.optimizer', { type: 'SGD', nesterov: true }, 'recipe.optimizer', /momentum above 0/],
    [conv, 'recipe.optimizer.groups', [{ modules: ['99'] }], 'recipe.optimizer.groups[0]', /no parameter/],
    [
      conv,
      'recipe.optimizer',
      { type: 'Muon', othersNesterov: true, othersMomentum: 0 },
      'recipe.optimizer',
      /othersMomentum above 0/,
    ],
    [
      conv,
      'recipe.optimizer',
      { type: 'SGD', groups: [{ kinds: ['bias'], byMuon: false }] },
      'recipe.optimizer.groups[0].byMuon',
      /Muon only/,
    ],
    [
      conv,
      'recipe.optimizer.groups',
      [{ kinds: ['bias'], wholeSchedule: true }],
      'recipe.optimizer.groups[0]',
      /untilEpoch/,
    ],
    [
      conv,
      'recipe.averaging',
      { kind: 'lookahead', every: 5, decay: 1 },
      'recipe.averaging.decay',
      /less than 1, not 1/,
    ],
    [conv, 'recipe.optimizer.groups', [{ weightDecay: 0 }], 'recipe.optimizer.groups[0]', /its parameters/],
    [conv, 'recipe.schedule.warmup', { steps: 5, epochs: 1 }, 'recipe.schedule.warmup', /exactly one/],
    [conv, 'networks.main.frozen', true, 'networks.main', /no parameters to train/],
    [
      conv,
      'networks.main.initialise',
      [{ parameters: 'bias', method: 'xavier_normal' }],
      'networks.main.initialise[0].parameters',
      /must be "weight"/,
    ],
    [
      conv,
      'networks.main.initialise',
      [{ parameters: 'weight', method: 'xavier_normal', gain: 2, nonlinearity: 'relu' }],
      'networks.main.initialise[0]',
      /a gain or the nonlinearity/,
    ],
    [conv, 'data.normalise', { kind: 'zscore', mean: [0.1] }, 'data.normalise', /both mean and std/],
    [conv, 'data.normalise', { kind: 'zscore', mean: [1, 2, 3], std: [1, 1, 1] }, 'data.normalise.mean', /3 values/],
    [conv, 'data.augment', { cutout: { size: 40 } }, 'data.augment.cutout.size', /28×28/],
    [conv, 'data.augment', { crop: { padding: 28, mode: 'reflect' } }, 'data.augment.crop.padding', /allow at most 27/],
    // Blocks
    [resnet, `${instance}.block`, 'BasikBlock', `${instance}.block`, /Did you mean "BasicBlock"/],
    [resnet, `${instance}.arguments`, {}, `${instance}.arguments`, /needs a value for "out"/],
    [resnet, `${instance}.arguments.width`, 2, `${instance}.arguments.width`, /no parameter "width"/],
    [resnet, `${instance}.arguments.out`, '2*out', `${instance}.arguments.out`, /only inside a Block/],
    [resnet, `${inBlock}[0].options.out_channels`, 'outs', `${inBlock}[0].options.out_channels`, /Did you mean "out"/],
    [resnet, `${inBlock}[0].options.out_channels`, '4*', `${inBlock}[0].options.out_channels`, /missing at its end/],
    [resnet, `${inBlock}[3].options.out_channels`, '2*out', `${instance}/blocks.BasicBlock.body`, /cannot add/],
    // The file itself
    [conv, 'version', 2, 'version', /version 2; this Torchwright reads versions up to 1/],
    [conv, 'version', 'one', 'version', /whole number/],
    [conv, 'format', 'something', 'format', /Torchwright project/],
  ])('%s: %s = %j', (recipe, path, value, at, message) => {
    const [failure] = failuresWith(recipe, path, value);
    expect(failure?.message).toMatch(message);
    expect(failure?.message).toMatch(/[.?]$/);
    expect(failure?.at).toBe(at);
  });
});

test('several wrong places are all named', () => {
  const document = JSON.parse(recipeText(conv)) as { recipe: object };
  const failures = failuresOf({ ...document, recipe: { ...document.recipe, batchSize: 0, epochs: 0, colour: 'red' } });
  expect(failures.map((failure) => failure.at)).toEqual(['recipe.batchSize', 'recipe.epochs', 'recipe.colour']);
});

test('modules beside each other may not share a name', () => {
  const first = setPath(JSON.parse(recipeText(conv)), `${child(0)}.name`, 'conv');
  const second = setPath(first.ok ? first.document : {}, `${child(4)}.name`, 'conv');
  expect(failuresOf(second.ok ? second.document : {}).map((failure) => failure.at)).toEqual([`${child(4)}.name`]);
});

test('where the data set is not known beforehand, shapes are left for later', () => {
  expect(failuresWith(conv, 'data.source', 'my-images')).toEqual([]);
});

test('a truncated file is refused as no JSON', () => {
  expect(failuresOf(recipeText(conv).slice(0, 500))[0]?.message).toMatch(/^The project is not JSON/);
});

test('anything whatever is a project or refused, never a crash', () => {
  const places = [
    'networks.main',
    `${child(0)}.options.kernel_size`,
    'recipe.schedule',
    'recipe.loss',
    'data',
    'blocks',
  ];
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...places), (value, place) => {
      expect(failuresOf(value).length).toBeGreaterThan(0);
      const result = setPath(JSON.parse(recipeText(conv)), place, JSON.stringify(value));
      for (const failure of result.ok ? failuresOf(result.document) : result.failures) {
        expect(failure.message).toMatch(/\S[.?]$/);
      }
    }),
  );
});
