import { elementCount } from '../../../catalogue/shape.ts';
import { float } from '../layer-script.ts';
import type { LayerScript, WriteLayer } from '../layer-script.ts';
import { scriptList } from '../script-text.ts';

type Dimensions = 1 | 2 | 3;

export const poolingScripts: Readonly<Record<string, WriteLayer>> = {
  ...ofAll('MaxPool', (dimensions) => (script) => {
    const given = [script.x, script.sizes('kernel_size', dimensions), stride(script, dimensions)];
    const rest = ['padding', 'dilation'].map((name) => script.sizes(name, dimensions));
    return `torch.max_pool${dimensions}d(${[...given, ...rest, script.number('ceil_mode')].join(', ')})`;
  }),
  ...ofAll('AvgPool', (dimensions) => (script) => {
    const given = [script.x, script.sizes('kernel_size', dimensions), stride(script, dimensions)];
    const rest = [script.sizes('padding', dimensions), script.number('ceil_mode'), script.number('count_include_pad')];
    const divisor = dimensions === 1 ? [] : [script.number('divisor_override')];
    return `torch.avg_pool${dimensions}d(${[...given, ...rest, ...divisor].join(', ')})`;
  }),
  ...ofAll('AdaptiveAvgPool', (dimensions) => (script) => {
    return `torch.adaptive_avg_pool${dimensions}d(${script.x}, ${script.sizes('output_size', dimensions)})`;
  }),
  ...ofAll('AdaptiveMaxPool', (dimensions) => (script) => {
    return `torch.adaptive_max_pool${dimensions}d(${script.x}, ${script.sizes('output_size', dimensions)})[0]`;
  }),
  LPPool1d: powerMean(1),
  LPPool2d: powerMean(2),
  FractionalMaxPool2d: refuseRandom,
  FractionalMaxPool3d: refuseRandom,
};

function ofAll(name: string, write: (dimensions: Dimensions) => WriteLayer): Readonly<Record<string, WriteLayer>> {
  return Object.fromEntries(([1, 2, 3] as const).map((dimensions) => [`${name}${dimensions}d`, write(dimensions)]));
}

/** The kernel's own size where none is given. */
function stride(script: LayerScript, dimensions: Dimensions): string {
  return script.sizes(script.options['stride'] === null ? 'kernel_size' : 'stride', dimensions);
}

/** As torch.nn.functional.lp_pool2d: the mean times the number of elements is their sum. */
function powerMean(dimensions: 1 | 2): WriteLayer {
  return (script) => {
    const power = script.float('norm_type');
    const kernel = script.numbers('kernel_size', dimensions);
    const zeros = scriptList(kernel.map(() => 0));
    const elements = elementCount(kernel);
    const given = [`torch.pow(${script.x}, ${power})`, scriptList(kernel), stride(script, dimensions), zeros];
    const mean = script.let(`torch.avg_pool${dimensions}d(${[...given, script.number('ceil_mode')].join(', ')})`);
    const sum = `torch.sign(${mean}) * torch.relu(torch.abs(${mean})) * ${float(elements)}`;
    return `torch.pow(${sum}, ${float(1 / (script.options['norm_type'] as number))})`;
  };
}

function refuseRandom(script: LayerScript): never {
  return script.refuse(
    'it draws random windows for every input, in evaluation too, so the export could not be verified',
  );
}
