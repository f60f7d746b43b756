import { elementCount } from '../../core/catalogue/shape.ts';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { withShipped } from '../../core/editing/shipped-blocks.ts';
import type { NetworkNode, Options } from '../../core/network/tree.ts';
import type { Project } from '../../core/project/project.ts';
import { loadAddon } from '../../main/engine/load-addon.ts';
import { expectClose, holdAgainst, planFor, temporaryFolder } from './baseline.ts';
import type { Baseline } from './baseline.ts';
import { baselinesFolder } from './excerpts.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { filled } from './weights.ts';

interface EncoderCase extends Baseline {
  /** The shipped Block that computes the same. */
  readonly block: string;
  /** Of torch.nn.TransformerEncoderLayer. */
  readonly options: Options;
  /** Of the parameters, in PyTorch's order; those of the layer without its place. */
  readonly names: readonly string[];
}

const folder = temporaryFolder();
const { cases } = JSON.parse(await readFile(path.join(baselinesFolder, 'encoder.json'), 'utf8')) as {
  readonly cases: readonly EncoderCase[];
};

function projectOf({ batchSize }: Baseline, encoder: NetworkNode): Project {
  const children: readonly NetworkNode[] = [
    { type: 'Flatten', options: { start_dim: 1, end_dim: 2 } },
    { type: 'Linear', options: { out_features: 16 } },
    encoder,
    { type: 'Flatten' },
    { type: 'Linear', options: { out_features: 10 } },
  ];
  const project: Project = {
    format: 'torchwright-project',
    version: 1,
    name: 'rows of digits',
    networks: { main: { type: 'Sequential', children } },
    data: { source: 'mnist', normalise: { kind: 'affine', scale: 1 / 127.5, offset: -1 } },
    recipe: {
      kind: 'supervised',
      loss: { type: 'CrossEntropy' },
      optimizer: { type: 'SGD', momentum: 0.9 },
      schedule: { type: 'Constant', rate: 1 },
      batchSize,
      epochs: 1,
    },
  };
  return withShipped(project, children);
}

describe.each(cases)('one encoder layer on rows of digits, $options', (baseline) => {
  test('trains as in Python PyTorch, and its loss falls', async () => {
    const layer = {
      type: 'TransformerEncoderLayer',
      options: { nhead: 4, dim_feedforward: 64, dropout: 0, ...baseline.options },
    };
    const plan = await planFor(projectOf(baseline, layer), baseline, folder());
    await holdAgainst(loadAddon(), plan, baseline, folder());
    const { losses } = baseline.training;
    expect(mean(losses.slice(-4))).toBeLessThan(0.8 * mean(losses.slice(0, 4)));
  });

  test('so does the shipped Block of other layers, from the same weights', async () => {
    const block: NetworkNode = { type: 'Block', block: baseline.block, arguments: { features: 16, dropout: 0 } };
    const plan = await planFor(projectOf(baseline, block), baseline, folder());
    const session = await loadAddon().createSession(JSON.stringify(plan));
    try {
      const { parameters } = session.describe();
      expect(parameters.map(({ name }) => namesInBlock(baseline).get(name))).not.toContain(undefined);
      const tensors = new Map(
        parameters.map(({ name, shape }) => {
          const ordinal = baseline.names.indexOf(namesInBlock(baseline).get(name)!);
          const count = elementCount(shape);
          return [name, { shape, data: filled(ordinal, count, baseline.parameters[ordinal]!.trainingFill) }];
        }),
      );
      const before = path.join(folder(), 'block.safetensors');
      await writeSafetensors(before, tensors);
      await session.loadWeights(before);
      const { batchLosses } = await session.train({ learningRates: Float64Array.from(baseline.rates) });
      expectClose('losses', batchLosses, baseline.training.losses, 1e-4);
      const after = path.join(folder(), 'block-after.safetensors');
      await session.saveWeights(after);
      for (const [name, { data }] of await readSafetensors(after)) {
        const expected = baseline.parameters[baseline.names.indexOf(namesInBlock(baseline).get(name)!)]!;
        const chosen = [...(data as Float32Array)].filter((_, index) => index % expected.every === 0);
        expectClose(name, chosen, expected.elements, 1e-4);
      }
    } finally {
      await session.close();
    }
  });
});

describe('weights begin as PyTorch lets them begin', () => {
  const small = { nhead: 4, dim_feedforward: 64 };
  const twice: NetworkNode = {
    type: 'Fork',
    join: { kind: 'tuple' },
    branches: [{ type: 'Identity' }, { type: 'Identity' }],
  };
  const transformer: NetworkNode = { type: 'Transformer', options: { ...small, num_encoder_layers: 2 } };

  test.each<readonly [what: string, encoder: NetworkNode, bounds: Readonly<Record<string, number>>]>([
    // xavier_uniform of the 48 × 16 weights of queries, keys and values; the rest as Linear and LayerNorm do.
    [
      'TransformerEncoderLayer',
      { type: 'TransformerEncoderLayer', options: small },
      {
        '2.self_attn.in_proj_weight': Math.sqrt(6 / 64),
        '2.self_attn.in_proj_bias': 0,
        '2.self_attn.out_proj.weight': 1 / 4,
        '2.self_attn.out_proj.bias': 0,
        '2.linear1.weight': 1 / 4,
        '2.linear1.bias': 1 / 4,
        '2.linear2.weight': 1 / 8,
        '2.norm1.bias': 0,
      },
    ],
    // Transformer fills all its matrices by xavier_uniform.
    [
      'Transformer',
      { type: 'Sequential', children: [twice, transformer] },
      {
        '2.1.encoder.layers.1.linear1.weight': Math.sqrt(6 / 80),
        '2.1.encoder.layers.1.linear1.bias': 1 / 4,
        '2.1.decoder.layers.0.multihead_attn.out_proj.weight': Math.sqrt(6 / 32),
        '2.1.decoder.norm.bias': 0,
      },
    ],
    [
      'SelfAttention',
      { type: 'SelfAttention', options: { heads: 4, norm: true } },
      { '2.norm.bias': 0, '2.in_proj.weight': 1 / 4, '2.out_proj.weight': 1 / 4, '2.out_proj.bias': 1 / 4 },
    ],
  ])('%s', async (_, encoder, bounds) => {
    const plan = await planFor(projectOf(cases[0]!, encoder), cases[0]!, folder());
    const session = await loadAddon().createSession(JSON.stringify(plan));
    const file = path.join(folder(), 'fresh.safetensors');
    await session.saveWeights(file);
    await session.close();
    const tensors = await readSafetensors(file);
    for (const [name, bound] of Object.entries(bounds)) {
      const largest = Math.max(...[...(tensors.get(name)!.data as Float32Array)].map(Math.abs));
      expect(largest, name).toBeLessThanOrEqual(bound * 1.000001);
      // Of the sixteen of the smallest tensor none lies above in one of a million cases.
      expect(largest, name).toBeGreaterThanOrEqual(bound * 0.42);
    }
    const scales = [...tensors].filter(([name]) => /norm\d?\.weight$/.test(name));
    expect(scales.length).toBeGreaterThan(0);
    for (const [name, { data }] of scales) expect(new Set(data as Float32Array), name).toEqual(new Set([1]));
  });
});

/** The name in PyTorch's layer of each parameter of the network with the Block. */
function namesInBlock({ block }: EncoderCase): ReadonlyMap<string, string> {
  const isPre = block.startsWith('PreNorm');
  const [attention, linear1, linear2] = isPre ? ['1', '1', '4'] : ['0', '0', '3'];
  const parts: readonly (readonly [ours: string, theirs: string])[] = [
    [`2.0.body.${attention}.in_proj.weight`, 'self_attn.in_proj_weight'],
    [`2.0.body.${attention}.in_proj.bias`, 'self_attn.in_proj_bias'],
    ...both(`2.0.body.${attention}.out_proj`, 'self_attn.out_proj'),
    ...both(`2.1.body.${linear1}`, 'linear1'),
    ...both(`2.1.body.${linear2}`, 'linear2'),
    ...both(isPre ? '2.0.body.0' : '2.0.after', 'norm1'),
    ...both(isPre ? '2.1.body.0' : '2.1.after', 'norm2'),
    ...both('1', '1'),
    ...both('4', '4'),
  ];
  return new Map(parts);
}

function both(ours: string, theirs: string): readonly (readonly [string, string])[] {
  return ['weight', 'bias'].map((kind) => [`${ours}.${kind}`, `${theirs}.${kind}`] as const);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
