import { describe, expect, test } from 'vitest';
import { fixesFor } from '../../../../core/editing/fixes.ts';
import { readQuickInsert } from '../../../../core/editing/quick-insert.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import type { BlockDefinition, NetworkNode } from '../../../../core/network/tree.ts';
import type { Project } from '../../../../core/project/project.ts';
import { projectOf } from './arbitrary-project.ts';

const image = { inputShape: [3, 32, 32], classes: 10 };

function typed(text: string): Project {
  const result = readQuickInsert(text, {});
  if (!result.ok) throw new Error(result.failures[0]!.message);
  return projectOf({ type: 'Sequential', children: result.nodes });
}

function factsFor(project: Project, input = image.inputShape) {
  return factsOf(project.networks.main, project.blocks ?? {}, [input]);
}

/** Titles of the fixes; each is applied and must mend: nothing fails any more in these networks of one fault. */
function titlesOf(project: Project, data = image): readonly string[] {
  const fixes = fixesFor(project, factsFor(project, data.inputShape), data);
  for (const { title, edited } of fixes) {
    expect(factsFor(edited.project, data.inputShape).failure, title).toBeNull();
  }
  return fixes.map(({ title }) => title);
}

describe('a fix is offered for', () => {
  test.each<readonly [what: string, text: string, titles: readonly string[]]>([
    [
      'pinned channels',
      'conv 64 3 conv 8 3 in_channels=5 gap',
      ['Set in_channels to 64', 'Leave in_channels empty to infer it from the input'],
    ],
    [
      'pinned features',
      'flatten linear 10 in_features=7',
      ['Set in_features to 3072', 'Leave in_features empty to infer it from the input'],
    ],
    [
      'pinned features of a norm',
      'conv 64 3 bn num_features=3',
      ['Set num_features to 64', 'Leave num_features empty to infer it from the input'],
    ],
    [
      'a block of an NBeats that ends in one tensor',
      'flatten nbeats (linear 8 relu) linear 10',
      ['End block 1 in a backcast and a forecast'],
    ],
    [
      'a backcast that is not as long as the input',
      'flatten nbeats (linear 8 fork tuple (linear 5 | linear 4)) linear 10',
      ['Set out_features of the last Linear of the backcast of block 1 to 3072'],
    ],
    ['a Linear after an image', 'gap linear 10 in_features=3', ['Insert a Flatten before this Linear']],
    ['a BatchNorm2d after a vector', 'flatten BatchNorm2d', ['Make it a BatchNorm1d', 'Remove the Flatten before it']],
    ['a convolution of a vector', 'flatten conv 8 3', ['Remove the Flatten before it']],
    [
      'a kernel larger than the image',
      'gap conv 8 3',
      ['Set padding to "same"', 'Set padding to 1', 'Set kernel_size to 1'],
    ],
    ['a layer for images after a sequence', 'flatten 2 conv 8 3', ['Make it a Conv1d', 'Remove the Flatten before it']],
    [
      'a kernel larger than the sequence',
      'flatten 2 MaxPool1d 600 Conv1d 8 3',
      ['Set padding to "same"', 'Set padding to 1', 'Set kernel_size to 1'],
    ],
    [
      'a way of filling in for other dimensions',
      'flatten 2 Upsample 2 mode=bilinear',
      ['Set mode to "nearest"', 'Set mode to "nearest-exact"', 'Set mode to "linear"'],
    ],
    ['corners where there are none', 'Upsample 2 align_corners=true', ['Set align_corners to false']],
    ['a crop larger than the image', 'crop 40', ['Set size to 32']],
    ['a window larger than the image', 'gap maxpool 2', ['Set kernel_size to 1', 'Remove this MaxPool2d']],
    ['groups that do not divide', 'conv 8 3 conv 8 3 groups=3', ['Set groups to 2']],
    ['groups of a norm', 'conv 8 3 gn 3', ['Set num_groups to 2']],
    ['a LayerNorm of another size', 'ln 8', ['Set normalized_shape to 32']],
    [
      'a recurrent layer after an image',
      'lstm 8 flatten',
      [
        'Make a sequence of the rows of each channel before this LSTM',
        'Make a sequence of the channels before this LSTM',
      ],
    ],
    ['a recurrent layer after a vector', 'flatten gru 8', ['Make a sequence of one step before this GRU']],
    ['a Recurrent without a layer', 'Flatten 2 recurrent ()', ['Insert an LSTM']],
    [
      'a Recurrent of another layer',
      'Flatten 2 recurrent (linear 8)',
      ['Add an LSTM after its body', 'Replace its body with an LSTM'],
    ],
    ['padding that keeps the size with a stride', 'conv 8 3 s2 same', ['Set padding to 1', 'Set stride to 1']],
    ['a dimension that is none', 'flatten Softmax dim=3', ['Set dim to -1']],
    [
      'a body of other channels',
      'residual (conv 8 3 p1 bn)',
      ['Add a 1×1 convolution to the shortcut', 'Set out_channels of the last Conv2d of the body to 3'],
    ],
    [
      'a body of another size',
      'residual (conv 3 3 bn)',
      ['Pad the convolutions of the body so that the image keeps its size'],
    ],
    ['a body that halves the image', 'residual (conv 8 3 s2 p1)', ['Add a 1×1 convolution to the shortcut']],
    [
      'a body of other channels and size',
      'residual (conv 8 3)',
      ['Add a 1×1 convolution to the shortcut and pad the convolutions of the body'],
    ],
    [
      'a body of other features',
      'flatten residual (linear 5)',
      ['Add a Linear to the shortcut', 'Set out_features of the last Linear of the body to 3072'],
    ],
    [
      'a shortcut of other channels',
      'residual (conv 8 3 p1 | conv 4 1)',
      [
        'Set out_channels of the last Conv2d of the shortcut to 8',
        'Set out_channels of the last Conv2d of the body to 4',
      ],
    ],
    ['a shortcut of another stride', 'residual (conv 8 3 s2 p1 | conv 8 1)', ['Set stride of the shortcut to 2']],
    [
      'branches of other sizes',
      'fork (conv 8 3 | conv 8 1)',
      ['Pad the convolutions of all branches so that the image keeps its size'],
    ],
    [
      'branches that cannot be added',
      'fork add (conv 8 1 | conv 4 1)',
      [
        'Set out_channels of the last Conv2d of branch 1 to 4',
        'Set out_channels of the last Conv2d of branch 2 to 8',
        'Join by cat',
      ],
    ],
  ])('%s: %s', (_what, text, titles) => {
    const found = titlesOf(typed(text));
    for (const title of titles) expect(found).toContain(title);
  });

  test('one weight for copies that change the shape', () => {
    const project = projectOf({
      type: 'Repeat',
      count: 2,
      shared: true,
      body: { type: 'Conv2d', options: { out_channels: 8, kernel_size: 1 } },
    });
    expect(titlesOf(project)).toEqual(['Give each copy its own weights']);
  });

  test('a name that is no layer', () => {
    const project = projectOf({ type: 'Sequential', children: [{ type: 'Relu' }] });
    expect(titlesOf(project)).toEqual(['Make it a ReLU']);
  });

  test.each<readonly [text: string, title: string]>([
    ['conv 8 3 gap flatten linear 9', 'Set out_features of the last Linear to 10, one for each class'],
    ['conv 8 3 gap flatten', 'End with Linear: 10 classes'],
    ['conv 8 3', 'End with Flatten, Linear: 10 classes'],
    ['conv 8 3 linear 10', 'Insert a Flatten before the last Linear'],
    ['conv 8 3 linear 9', 'Insert a Flatten before the last Linear and set its out_features to 10'],
  ])('an output that is not one number per class: %s', (text, title) => {
    const project = typed(text);
    const fix = fixesFor(project, factsFor(project), image).find((one) => one.title === title);
    expect(factsFor(fix!.edited.project).resolved?.output).toEqual([10]);
  });
});

test('no fix is offered a second time under another title: padding what is padded changes nothing', () => {
  const edits = fixesFor(typed('residual (conv 8 3 s2 p1)'), factsFor(typed('residual (conv 8 3 s2 p1)')), image);
  expect(edits.length).toBeGreaterThan(0);
  expect(new Set(edits.map(({ edited }) => JSON.stringify(edited.project))).size).toBe(edits.length);
});

test('nothing is offered where nothing is wrong', () => {
  expect(titlesOf(typed('conv 8 3 gap flatten linear 10'))).toEqual([]);
});

test('a fix in a Block holds for every instance: the shortcut is written in its parameters, and left out where nothing is to mend', () => {
  const unit: BlockDefinition = {
    parameters: [{ name: 'out' }, { name: 'stride', default: 1 }],
    body: {
      type: 'Residual',
      body: { type: 'Conv2d', options: { out_channels: 'out', kernel_size: 3, stride: 'stride', padding: 1 } },
    },
  };
  const instance = (out: number, stride: number): NetworkNode => ({
    type: 'Block',
    block: 'Unit',
    arguments: { out, stride },
  });
  const project = projectOf(
    { type: 'Sequential', children: [instance(8, 1), instance(8, 1), instance(16, 2)] },
    { Unit: unit },
  );
  const [fix] = fixesFor(project, factsFor(project), image);
  expect(fix?.title).toBe('Add a 1×1 convolution to the shortcut');
  expect(factsFor(fix!.edited.project).failure).toBeNull();
  expect(fix!.edited.project.blocks!['Unit']!.body).toMatchObject({
    shortcut: { type: 'Conv2d', options: { out_channels: 'out', kernel_size: 1, stride: 'stride' } },
    shortcutWhere: 'changed',
  });
});
