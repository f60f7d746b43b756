import type { LayerScript, WriteLayer } from '../layer-script.ts';
import { scriptList, scriptValue } from '../script-text.ts';

export const shapeScripts: Readonly<Record<string, WriteLayer>> = {
  Identity: ({ x }) => x,
  Scale: (script) => `${script.x} * ${script.float('factor')}`,
  // Nothing is dropped, moved or cut out in evaluation.
  ...Object.fromEntries(
    [
      'Dropout',
      'Dropout1d',
      'Dropout2d',
      'Dropout3d',
      'DropPath',
      'AlphaDropout',
      'FeatureAlphaDropout',
      'RandomFlip',
      'Cutout',
    ].map((name): [string, WriteLayer] => [name, ({ x }) => x]),
  ),
  Flatten: calls('flatten', 'start_dim', 'end_dim'),
  Unflatten: calls('unflatten', 'dim', 'unflattened_size'),
  PixelShuffle: calls('pixel_shuffle', 'upscale_factor'),
  PixelUnshuffle: calls('pixel_unshuffle', 'downscale_factor'),
  ChannelShuffle: calls('channel_shuffle', 'groups'),
  Permute: calls('permute', 'dims'),
  Transpose: calls('transpose', 'dim0', 'dim1'),
  Squeeze: calls('squeeze', 'dim'),
  Unsqueeze: calls('unsqueeze', 'dim'),
  Select: calls('select', 'dim', 'index'),
  Reshape: ({ x, options }) => `${x}.reshape(${scriptList([`${x}.size(0)`, ...listOf(options['shape']!)])})`,
  IndexSelect: ({ x, options }) => {
    const index = `torch.tensor(${scriptList(listOf(options['index']!))}, dtype=None, device=${x}.device)`;
    return `torch.index_select(${x}, ${scriptValue(options['dim']!)}, ${index})`;
  },
  Expand: ({ x, layer, options }) => {
    const size = listOf(options['size']!);
    const more = Array.from({ length: size.length - layer.input.length }, () => 1);
    return `${x}.reshape(${scriptList([`${x}.size(0)`, ...more, ...layer.input])}).expand(${scriptList([-1, ...size])})`;
  },
  Pad: (script) => padded(script, listOf(script.options['pad']!), String(script.options['mode'])),
  ZeroPad2d: (script) => padded(script, script.numbers('padding', 4), 'zeros'),
  ConstantPad1d: (script) => padded(script, script.numbers('padding', 2), 'constant'),
  ConstantPad2d: (script) => padded(script, script.numbers('padding', 4), 'constant'),
  ConstantPad3d: (script) => padded(script, script.numbers('padding', 6), 'constant'),
  ReflectionPad1d: (script) => padded(script, script.numbers('padding', 2), 'reflect'),
  ReflectionPad2d: (script) => padded(script, script.numbers('padding', 4), 'reflect'),
  ReplicationPad1d: (script) => padded(script, script.numbers('padding', 2), 'replicate'),
  ReplicationPad2d: (script) => padded(script, script.numbers('padding', 4), 'replicate'),
  ReplicationPad3d: (script) => padded(script, script.numbers('padding', 6), 'replicate'),
  RandomCrop: middleCrop,
  Upsample: resized,
  Interpolate: resized,
};

function calls(name: string, ...options: readonly string[]): WriteLayer {
  return (script) => `torch.${name}(${[script.x, ...options.map((option) => script.number(option))].join(', ')})`;
}

function listOf(value: LayerScript['options'][string]): readonly number[] {
  return Array.isArray(value) ? (value as readonly number[]) : [value as number];
}

function padded(script: LayerScript, sides: readonly number[], mode: string): string {
  const zeros = `torch.pad(${script.x}, ${scriptList(sides)}`;
  if (mode === 'zeros') return `${zeros})`;
  return mode === 'constant' ? `${zeros}, "constant", ${script.float('value')})` : `${zeros}, "${mode}")`;
}

/** In evaluation the window in the middle of the image. */
function middleCrop(script: LayerScript): string {
  const [high, wide] = script.numbers('size', 2);
  const [left, right, top, bottom] = script.numbers('padding', 4);
  const [, height, width] = script.layer.input;
  const start = (before: number, size: number, after: number, window: number): number =>
    Math.min(Math.max(before + Math.floor((size - window) / 2), 0), before + size + after - window);
  const image = script.let(padded(script, [left!, right!, top!, bottom!], String(script.options['mode'])));
  const rows = `torch.narrow(${image}, 2, ${start(top!, height!, bottom!, high!)}, ${high})`;
  return `torch.narrow(${rows}, 3, ${start(left!, width!, right!, wide!)}, ${wide})`;
}

const resizings: Readonly<Record<string, string>> = {
  nearest: 'upsample_nearest',
  'nearest-exact': '_upsample_nearest_exact',
  linear: 'upsample_linear',
  bilinear: 'upsample_bilinear',
  trilinear: 'upsample_trilinear',
  bicubic: 'upsample_bicubic',
};

function resized(script: LayerScript): string {
  const { options, layer } = script;
  const spatial = layer.output.slice(1);
  const mode = String(options['mode']);
  const size = scriptList(spatial);
  if (mode === 'area') return `torch.adaptive_avg_pool${spatial.length}d(${script.x}, ${size})`;
  // A factor that was given counts itself, not what the sizes make of it.
  const byFactor = options['scale_factor'] !== null && options['recompute_scale_factor'] !== true;
  const factors = byFactor ? `[${script.numbers('scale_factor', spatial.length).map(asFloat).join(', ')}]` : 'None';
  const corners = mode.startsWith('nearest') ? [] : [options['align_corners'] === true ? 'True' : 'False'];
  const smooth = options['antialias'] === true ? '_aa' : '';
  const name = smooth === '' ? resizings[mode]! : `_${resizings[mode]!}`;
  const given = [script.x, byFactor ? 'None' : size, ...corners, factors];
  return `torch.${name}${spatial.length}d${smooth}(${given.join(', ')})`;
}

function asFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
