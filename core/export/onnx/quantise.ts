import { floatsIn } from './floats-in.ts';
import { int, onnxTypes } from './model.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from './model.ts';
import { floatBytes } from './protobuf-writer.ts';

/**
 * Weights of linear layers and convolutions as bytes, one scale for each output, and their inputs as bytes with a scale
 * that each batch finds for itself: https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html.
 * Unsigned, with 128 for zero: sums of signed weights overflow in some processors' instructions.
 */
export function quantised(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const weights = new Map(graph.initialisers.map((tensor) => [tensor.name, tensor]));
  const transposed = new Map(
    graph.nodes
      .filter(({ operator }) => operator === 'Transpose')
      .map(({ inputs, outputs }) => [outputs[0], inputs[0]]),
  );
  const added = new Map<string, OnnxTensor>();
  const matrix = (name: string | undefined) => {
    const tensor = weights.get(name ?? '');
    return tensor?.type === 'float32' && tensor.shape.length === 2 ? tensor : undefined;
  };
  const nodes = graph.nodes.flatMap((node) => {
    const [, second] = node.inputs;
    const weight = node.operator === 'MatMul' ? matrix(transposed.get(second)) : weights.get(second ?? '');
    if (weight?.type !== 'float32') return [node];
    if (node.operator === 'Conv') return convolution(node, weight, added);
    if (node.operator === 'Gemm' || node.operator === 'MatMul') return product(node, weight, added);
    return [node];
  });
  return { ...model, graph: { ...graph, ...used(nodes, [...graph.initialisers, ...added.values()], graph.outputs) } };
}

type Added = Map<string, OnnxTensor>;

/** x·Wᵀ + b with W as [out, in]. */
function product(node: OnnxNode, weight: OnnxTensor, added: Added): readonly OnnxNode[] {
  const [out, given] = weight.shape as readonly [number, number];
  const bytes = quantisedBytes(weight);
  const columns = new Uint8Array(bytes.length);
  for (let row = 0; row < out; row++) {
    for (let column = 0; column < given; column++) columns[column * out + row] = bytes[row * given + column]!;
  }
  const names = addWeight(weight, [given, out], columns, [out], added);
  return inBytes(node, 'MatMulInteger', names, node.inputs[2]);
}

function convolution(node: OnnxNode, weight: OnnxTensor, added: Added): readonly OnnxNode[] {
  const [out] = weight.shape;
  const beside = [out!, ...weight.shape.slice(2).map(() => 1)];
  const names = addWeight(weight, weight.shape, quantisedBytes(weight), beside, added);
  const bias = node.inputs[2];
  if (bias === undefined) return inBytes(node, 'ConvInteger', names, undefined);
  const shape = `${weight.name}_beside`;
  const sizes = new Uint8Array(BigInt64Array.from(beside, BigInt).buffer);
  added.set(shape, { name: shape, type: 'int64', shape: [beside.length], data: sizes });
  const reshaped = `${node.name}/bias`;
  return [
    { name: reshaped, operator: 'Reshape', inputs: [bias, shape], outputs: [reshaped], attributes: {} },
    ...inBytes(node, 'ConvInteger', names, reshaped),
  ];
}

interface WeightNames {
  readonly weight: string;
  readonly scale: string;
  readonly zero: string;
}

function inBytes(
  node: OnnxNode,
  operator: 'MatMulInteger' | 'ConvInteger',
  { weight, scale, zero }: WeightNames,
  bias: string | undefined,
): readonly OnnxNode[] {
  const at = (part: string) => `${node.name}/${part}`;
  const make = (kind: string, inputs: readonly string[], outputs: readonly string[], attributes = {}): OnnxNode => ({
    name: outputs[0]!,
    operator: kind,
    inputs,
    outputs,
    attributes,
  });
  const [x] = node.inputs;
  const made = bias === undefined ? node.outputs[0]! : at('scaled');
  const attributes = operator === 'ConvInteger' ? node.attributes : {};
  const nodes = [
    make('DynamicQuantizeLinear', [x!], [at('bytes'), at('scale'), at('zero')]),
    make(operator, [at('bytes'), weight, at('zero'), zero], [at('sums')], attributes),
    make('Cast', [at('sums')], [at('floats')], { to: int(onnxTypes.float32) }),
    make('Mul', [at('scale'), scale], [at('scales')]),
    make('Mul', [at('floats'), at('scales')], [made]),
  ];
  return bias === undefined ? nodes : [...nodes, make('Add', [made, bias], [node.outputs[0]!])];
}

/** A scale for each output: its largest weight becomes 127. */
function scalesOf({ shape, data }: OnnxTensor): Float32Array {
  const values = floatsIn(data);
  const each = values.length / shape[0]!;
  return Float32Array.from({ length: shape[0]! }, (_, row) => {
    const largest = values
      .subarray(row * each, (row + 1) * each)
      .reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return largest === 0 ? 1 : largest / 127;
  });
}

function quantisedBytes(weight: OnnxTensor): Uint8Array {
  const values = floatsIn(weight.data);
  const scales = scalesOf(weight);
  const each = values.length / scales.length;
  const bytes = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index++) {
    bytes[index] = 128 + Math.round(values[index]! / scales[Math.floor(index / each)]!);
  }
  return bytes;
}

/** Once, also where a shared body uses it again. */
function addWeight(
  weight: OnnxTensor,
  shape: readonly number[],
  bytes: Uint8Array,
  scaleShape: readonly number[],
  added: Added,
): WeightNames {
  const names = { weight: `${weight.name}_quantized`, scale: `${weight.name}_scale`, zero: 'weights_zero' };
  const scales = floatBytes([...scalesOf(weight)]);
  added.set(names.weight, { name: names.weight, type: 'uint8', shape, data: bytes });
  added.set(names.scale, { name: names.scale, type: 'float32', shape: scaleShape, data: scales });
  added.set(names.zero, { name: names.zero, type: 'uint8', shape: [], data: Uint8Array.of(128) });
  return names;
}

/** Without what nothing needs any more. */
function used(
  nodes: readonly OnnxNode[],
  initialisers: readonly OnnxTensor[],
  outputs: readonly { readonly name: string }[],
): { readonly nodes: readonly OnnxNode[]; readonly initialisers: readonly OnnxTensor[] } {
  const names = new Set([...nodes.flatMap(inputsOf), ...outputs.map(({ name }) => name)]);
  const kept = nodes.filter((node) => node.outputs.some((name) => names.has(name)));
  const left = initialisers.filter(({ name }) => names.has(name));
  return kept.length === nodes.length ? { nodes: kept, initialisers: left } : used(kept, left, outputs);
}

/** With those that a loop's body takes from the graph around. */
function inputsOf(node: OnnxNode): readonly string[] {
  const bodies = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph' ? attribute.value.nodes.flatMap(inputsOf) : [],
  );
  return [...node.inputs, ...bodies];
}
