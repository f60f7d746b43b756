import type { LayerOptions } from '../catalogue/layer-type.ts';
import { pythonFloat } from './python-words.ts';

/** A module within another: its name, and what print shows of it. */
type Part = readonly [name: string, text: string];

/** What PyTorch prints between the parentheses of an attention or a transformer; undefined for any other layer. */
export function attentionText(layer: string, options: LayerOptions): string | undefined {
  switch (layer) {
    case 'MultiheadAttention':
      return within(attentionParts(Number(options['embed_dim']), options['bias'] === true));
    case 'SelfAttention':
      return selfAttentionText(options);
    case 'TransformerEncoderLayer':
      return within(encoderLayerParts(options));
    case 'TransformerDecoderLayer':
      return within(decoderLayerParts(options));
    case 'TransformerEncoder':
    case 'TransformerDecoder':
      return within(stackParts(`${layer}Layer`, options, Number(options['num_layers']), options['norm'] === true));
    case 'Transformer':
      return within([
        stack('encoder', 'TransformerEncoder', options, Number(options['num_encoder_layers'])),
        stack('decoder', 'TransformerDecoder', options, Number(options['num_decoder_layers'])),
      ]);
    default:
      return undefined;
  }
}

function stack(name: string, type: string, options: LayerOptions, layers: number): Part {
  return [name, `${type}(${within(stackParts(`${type}Layer`, options, layers, true))})`];
}

function selfAttentionText(options: LayerOptions): string {
  const { dim, heads, dropout, norm, is_causal } = options;
  const features = Number(dim);
  const shown = `heads=${String(heads)}, dropout=${pythonFloat(Number(dropout))}, is_causal=${truth(is_causal)}`;
  const parts: Part[] = norm === true ? [['norm', layerNorm(features, 1e-5, true)]] : [];
  parts.push(
    ['in_proj', linear(features, 3 * features, norm !== true)],
    ['out_proj', linear(features, features, true)],
  );
  return within(parts, shown);
}

function attentionParts(features: number, bias: boolean): readonly Part[] {
  // A Linear that PyTorch names so, against a mistake in quantising.
  return [['out_proj', `NonDynamicallyQuantizable${linear(features, features, bias)}`]];
}

function encoderLayerParts(options: LayerOptions): readonly Part[] {
  return [attention('self_attn', options), ...restOfLayer(options, 2)];
}

function decoderLayerParts(options: LayerOptions): readonly Part[] {
  return [attention('self_attn', options), attention('multihead_attn', options), ...restOfLayer(options, 3)];
}

function attention(name: string, options: LayerOptions): Part {
  const parts = attentionParts(Number(options['d_model']), options['bias'] === true);
  return [name, `MultiheadAttention(${within(parts)})`];
}

function restOfLayer(options: LayerOptions, steps: number): readonly Part[] {
  const { d_model, dim_feedforward, dropout, layer_norm_eps, bias } = options;
  const [narrow, wide, hasBias] = [Number(d_model), Number(dim_feedforward), bias === true];
  const drop = `Dropout(p=${pythonFloat(Number(dropout))}, inplace=False)`;
  const each = (name: string, text: string) =>
    Array.from({ length: steps }, (_, index): Part => [`${name}${index + 1}`, text]);
  return [
    ['linear1', linear(narrow, wide, hasBias)],
    ['dropout', drop],
    ['linear2', linear(wide, narrow, hasBias)],
    ...each('norm', layerNorm(narrow, Number(layer_norm_eps), hasBias)),
    ...each('dropout', drop),
  ];
}

function stackParts(layer: string, options: LayerOptions, count: number, norm: boolean): readonly Part[] {
  const parts = layer === 'TransformerEncoderLayer' ? encoderLayerParts(options) : decoderLayerParts(options);
  const text = `${layer}(${within(parts)})`;
  const list: Part = count === 1 ? ['0', text] : [`0-${count - 1}`, `${count} x ${text}`];
  const layers: Part = ['layers', `ModuleList(${within([list])})`];
  const end = layerNorm(Number(options['d_model']), Number(options['layer_norm_eps']), options['bias'] === true);
  return norm ? [layers, ['norm', end]] : [layers];
}

function linear(from: number, to: number, bias: boolean): string {
  return `Linear(in_features=${from}, out_features=${to}, bias=${truth(bias)})`;
}

function layerNorm(features: number, eps: number, bias: boolean): string {
  return `LayerNorm((${features},), eps=${pythonFloat(eps)}, elementwise_affine=True, bias=${truth(bias)})`;
}

function truth(value: unknown): string {
  return value === true ? 'True' : 'False';
}

function within(parts: readonly Part[], extra?: string): string {
  const lines = parts.map(([name, text]) => `(${name}): ${text}`);
  const all = extra === undefined ? lines : [extra, ...lines];
  return `\n  ${all.map((line) => line.replaceAll('\n', '\n  ')).join('\n  ')}\n`;
}
