import { float } from '../layer-script.ts';
import type { LayerScript, WriteLayer } from '../layer-script.ts';
import { scriptList, scriptValue } from '../script-text.ts';

export const normalisationScripts: Readonly<Record<string, WriteLayer>> = {
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  InstanceNorm1d: instanceNorm,
  InstanceNorm2d: instanceNorm,
  InstanceNorm3d: instanceNorm,
  GroupNorm: (script) =>
    `torch.group_norm(${[script.x, script.number('num_groups'), ...affine(script), script.float('eps')].join(', ')})`,
  GRN: (script) => {
    const norms = script.let(`torch.norm(${script.x}, 2.0, [2, 3], True)`);
    const relative = `${norms} / (torch.mean(${norms}, [1], True) + ${script.float('eps')})`;
    const beside = (name: string) => `${script.tensor(name)}.reshape([1, -1, 1, 1])`;
    return `${script.x} * (${beside('gamma')} * (${relative}) + 1.0) + ${beside('beta')}`;
  },
  LayerNorm: (script) =>
    `torch.layer_norm(${[script.x, normalised(script), ...affine(script), script.float('eps')].join(', ')})`,
  RMSNorm: (script) => {
    const eps = script.options['eps'] === null ? 'None' : script.float('eps');
    return `torch.rms_norm(${[script.x, normalised(script), script.tensor('weight'), eps].join(', ')})`;
  },
  LocalResponseNorm: localResponse,
  CrossMapLRN2d: crossMap,
  Normalize: (script) => {
    const length = `torch.norm(${script.x}, ${script.float('p')}, [${script.number('dim')}], True)`;
    return `${script.x} / torch.clamp_min(${length}, ${script.float('eps')})`;
  },
  ZScore: (script) => {
    const view = scriptList([-1, ...script.layer.input.slice(1).map(() => 1)]);
    const each = (option: string): string => {
      const values = script.options[option] as readonly number[];
      const list = scriptList((Array.isArray(values) ? values : [values]).map(float));
      return `torch.tensor(${list}, dtype=None, device=${script.x}.device).view(${view})`;
    };
    return `(${script.x} - ${each('mean')}) / ${each('std')}`;
  },
};

function affine(script: LayerScript): readonly string[] {
  return [script.tensor('weight'), script.tensor('bias')];
}

function normalised(script: LayerScript): string {
  const shape = script.options['normalized_shape']!;
  return scriptValue(typeof shape === 'number' ? [shape] : shape);
}

function statistics(script: LayerScript): readonly string[] {
  return [script.tensor('running_mean'), script.tensor('running_var')];
}

/** Those of the batch where none are kept. The momentum plays no part here. */
function batchNorm(script: LayerScript): string {
  const given = [script.x, ...affine(script), ...statistics(script)];
  const ofBatch = script.has('running_mean') ? 'False' : 'True';
  return `torch.batch_norm(${[...given, ofBatch, '0.0', script.float('eps'), 'False'].join(', ')})`;
}

function instanceNorm(script: LayerScript): string {
  const given = [script.x, ...affine(script), ...statistics(script)];
  const ofInput = script.has('running_mean') ? 'False' : 'True';
  return `torch.instance_norm(${[...given, ofInput, '0.0', script.float('eps'), 'False'].join(', ')})`;
}

/** Mean of the squares of neighbouring channels: [batch, channels, …] → the same. */
function meanSquares(script: LayerScript, before: number, after: number): string {
  const { x } = script;
  const flat = script.let(`${x}.reshape([${x}.size(0), 1, ${x}.size(1), -1])`);
  const padded = `torch.pad(${flat} * ${flat}, [0, 0, ${before}, ${after}])`;
  const mean = `torch.avg_pool2d(${padded}, [${before + after + 1}, 1], [1, 1])`;
  return script.let(`${mean}.reshape(${x}.size())`);
}

function localResponse(script: LayerScript): string {
  const size = script.options['size'] as number;
  const mean = meanSquares(script, Math.floor(size / 2), Math.floor((size - 1) / 2));
  const { k, alpha, beta } = factors(script);
  return `${script.x} / torch.pow(${mean} * ${alpha} + ${k}, ${beta})`;
}

/**
 * As torch.nn.modules._functions.CrossMapLRN2d: its window is always odd, and the first channel, once in it, is never
 * taken out again.
 */
function crossMap(script: LayerScript): string {
  const { x, options, layer } = script;
  const size = options['size'] as number;
  const reach = Math.floor((size - 1) / 2);
  const channels = layer.input[0]!;
  let sum = `${meanSquares(script, reach, reach)} * ${float(2 * reach + 1)}`;
  if (channels > reach + 1) {
    const first = script.let(`torch.narrow(${x}, 1, 0, 1)`);
    const none = `torch.zeros_like(torch.narrow(${x}, 1, 0, ${reach + 1}))`;
    const kept = `(${first} * ${first}).expand([-1, ${channels - reach - 1}, -1, -1])`;
    sum = script.let(`${sum} + torch.cat([${none}, ${kept}], 1)`);
  }
  const { k, beta } = factors(script);
  return `${x} / torch.pow((${sum}) * ${float((options['alpha'] as number) / size)} + ${k}, ${beta})`;
}

function factors(script: LayerScript): { readonly k: string; readonly alpha: string; readonly beta: string } {
  return { k: script.float('k'), alpha: script.float('alpha'), beta: script.float('beta') };
}
