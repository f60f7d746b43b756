import type { LayerScript, WriteLayer } from '../layer-script.ts';
import { scriptList, scriptValue } from '../script-text.ts';

export const convolutionScripts: Readonly<Record<string, WriteLayer>> = {
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  Conv3d: convolution(3),
  ConvTranspose1d: transposed(1),
  ConvTranspose2d: transposed(2),
  ConvTranspose3d: transposed(3),
  Unfold: (script) =>
    `torch.im2col(${[script.x, ...['kernel_size', 'dilation', 'padding', 'stride'].map((name) => script.sizes(name, 2))].join(', ')})`,
  Fold: (script) =>
    `torch.col2im(${[script.x, ...['output_size', 'kernel_size', 'dilation', 'padding', 'stride'].map((name) => script.sizes(name, 2))].join(', ')})`,
};

function convolution(dimensions: 1 | 2 | 3): WriteLayer {
  return (script) => {
    const { options } = script;
    const sizes = (name: string): string => script.sizes(name, dimensions);
    const mode = options['padding_mode'];
    let { x } = script;
    let padding = scriptValue(options['padding']!);
    if (mode !== 'zeros') {
      x = script.let(`torch.pad(${x}, ${scriptList(sides(script, dimensions))}, "${String(mode)}")`);
      padding = scriptList(Array.from({ length: dimensions }, () => 0));
    } else if (typeof options['padding'] !== 'string') {
      padding = sizes('padding');
    }
    const given = [x, script.tensor('weight'), script.tensor('bias'), sizes('stride'), padding, sizes('dilation')];
    return `torch.conv${dimensions}d(${[...given, script.number('groups')].join(', ')})`;
  };
}

/** As torch.pad takes them: the last dimension first, before and after. */
function sides(script: LayerScript, dimensions: number): readonly number[] {
  const padding = script.options['padding'];
  const kernel = script.numbers('kernel_size', dimensions);
  const dilation = script.numbers('dilation', dimensions);
  const each = kernel.map((size, index) => {
    if (padding === 'valid') return [0, 0];
    const total = dilation[index]! * (size - 1);
    if (padding === 'same') return [Math.floor(total / 2), total - Math.floor(total / 2)];
    const side = script.numbers('padding', dimensions)[index]!;
    return [side, side];
  });
  return each.reverse().flat();
}

function transposed(dimensions: 1 | 2 | 3): WriteLayer {
  return (script) => {
    const sizes = (name: string): string => script.sizes(name, dimensions);
    const given = [script.x, script.tensor('weight'), script.tensor('bias'), sizes('stride'), sizes('padding')];
    const rest = [sizes('output_padding'), script.number('groups'), sizes('dilation')];
    return `torch.conv_transpose${dimensions}d(${[...given, ...rest].join(', ')})`;
  };
}
