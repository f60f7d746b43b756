import { describe, expect, test } from 'vitest';
import { insertModules } from '../../../../core/editing/modules.ts';
import { readQuickInsert } from '../../../../core/editing/quick-insert.ts';
import { shippedBlocks } from '../../../../core/editing/shipped-blocks.ts';
import { checkTrees } from '../../../../core/network/check-trees.ts';
import { factsOf } from '../../../../core/network/facts.ts';
import { projectOf } from './arbitrary-project.ts';

/** Parameters of a network that is typed into an empty project. */
function parametersOf(text: string, input: readonly number[]): number {
  const result = readQuickInsert(text, {});
  if (!result.ok) throw new Error(result.failures[0]!.message);
  const empty = projectOf({ type: 'Sequential', children: [] });
  const { project } = insertModules(empty, { address: 'networks.main', side: 'at' }, result.nodes);
  const facts = factsOf(project.networks.main, project.blocks ?? {}, [input]);
  if (facts.failure !== null) throw new Error(facts.failure.message);
  return facts.modules.get('networks.main')!.parameters;
}

test('every definition is whole', () => {
  expect(checkTrees({ main: { type: 'ReLU' } }, shippedBlocks)).toEqual([]);
});

const imagenetStem = 'conv 64 7 s2 p3 nobias bn relu maxpool 3 s2 p1';
/** Of so many blocks each; every group but the first halves the image and doubles the channels. */
const groups = (block: string, counts: readonly number[]) =>
  counts
    .map((count, index) => {
      const channels = 64 * 2 ** index;
      return `${block} ${channels} ${index === 0 ? 1 : 2} ${`${block} ${channels} `.repeat(count - 1)}`;
    })
    .join(' ');

describe('networks of them have the published number of parameters', () => {
  test.each<readonly [what: string, text: string, input: readonly number[], parameters: number]>([
    // torchvision's documentation of resnet18, resnet34 and resnet50: num_params.
    [
      'ResNet-18',
      `${imagenetStem} ${groups('BasicBlock', [2, 2, 2, 2])} gap flatten linear 1000`,
      [3, 224, 224],
      11_689_512,
    ],
    [
      'ResNet-34',
      `${imagenetStem} ${groups('BasicBlock', [3, 4, 6, 3])} gap flatten linear 1000`,
      [3, 224, 224],
      21_797_672,
    ],
    [
      'ResNet-50',
      `${imagenetStem} ${groups('Bottleneck', [3, 4, 6, 3])} gap flatten linear 1000`,
      [3, 224, 224],
      25_557_032,
    ],
    [
      'ResNet-34 with its stem as a Block',
      `ResNetStem ${groups('BasicBlock', [3, 4, 6, 3])} gap flatten linear 1000`,
      [3, 224, 224],
      21_797_672,
    ],
    // The same with three convolutions, 3 to 32 to 32 to 64, instead of the 7×7 one; counted by hand.
    [
      'ResNet-18 with a deep stem',
      `DeepStem ${groups('BasicBlock', [2, 2, 2, 2])} gap flatten linear 1000`,
      [3, 224, 224],
      11_689_512 - 49 * 3 * 64 + 9 * (3 * 32 + 32 * 32 + 32 * 64) + 4 * 32,
    ],
    // The same for images of 32 pixels with ten classes: eight blocks.
    [
      'ResNet-18 of CIFAR-10',
      `conv 64 3 p1 nobias bn relu ${groups('BasicBlock', [2, 2, 2, 2])} gap flatten linear 10`,
      [3, 32, 32],
      11_173_962,
    ],
    // The paper gives 36.5 and 11.0 million; counted layer by layer in PyTorch 2.13.
    [
      'WRN-28-10',
      `conv 16 3 p1 nobias ${[160, 320, 640].map((width, index) => `WideDownBlock ${width} ${index === 0 ? 1 : 2} ${`WideBlock ${width} `.repeat(3)}`).join(' ')} bn relu gap flatten linear 10`,
      [3, 32, 32],
      36_479_194,
    ],
    [
      'WRN-16-8',
      `conv 16 3 p1 nobias ${[128, 256, 512].map((width, index) => `WideDownBlock ${width} ${index === 0 ? 1 : 2} WideBlock ${width}`).join(' ')} bn relu gap flatten linear 10`,
      [3, 32, 32],
      10_961_370,
    ],
    // torchvision's vit_b_16 has 86,567,656, of which these are without patches, places, class token, last norm and head.
    [
      'the encoder of ViT-B/16',
      'repeat 12 (PreNormTransformerBlock 768 12)',
      [197, 768],
      86_567_656 - 590_592 - 151_296 - 768 - 1_536 - 769_000,
    ],
    // The paper gives 51.6 and 21.1 million; its own PyTorch code counted in PyTorch 2.13.
    [
      'ConvMixer-1536/20',
      'conv 1536 7 s7 gelu bn repeat 20 (ConvMixer 1536) gap flatten linear 1000',
      [3, 224, 224],
      51_625_960,
    ],
    [
      'ConvMixer-768/32',
      'conv 768 7 s7 gelu bn repeat 32 (ConvMixer 768 7) gap flatten linear 1000',
      [3, 224, 224],
      21_110_248,
    ],
    // Two 1×1 convolutions with bias in PyTorch 2.13, 256 to 16 and back.
    ['squeeze-and-excitation', 'SqueezeExcitation 256', [256, 8, 8], 8_464],
    // SimpNet's first unit on MNIST: 66 filters of 3×3, their biases, scale and shift.
    ['SimpNet unit', 'SimpNetUnit 66', [1, 28, 28], 66 * 9 + 3 * 66],
    ['pooled SimpNet unit', 'SimpNetPooledUnit 96', [64, 28, 28], 96 * 64 * 9 + 3 * 96],
    // The lesson's unit from 10 to 20 channels: no bias, scale and shift.
    ['lesson unit', 'LessonUnit 20', [10, 32, 32], 20 * 10 * 9 + 2 * 20],
  ])('%s', (_what, text, input, parameters) => {
    expect(parametersOf(text, input)).toBe(parameters);
  });
});

test('a Block of the project with the same name stays', () => {
  const own = { parameters: [], body: { type: 'ReLU' } } as const;
  const project = projectOf({ type: 'Sequential', children: [] }, { LessonUnit: own });
  const node = { type: 'Block', block: 'LessonUnit' } as const;
  const edited = insertModules(project, { address: 'networks.main', side: 'at' }, [node]);
  expect(edited.project.blocks).toEqual({ LessonUnit: own });
});
