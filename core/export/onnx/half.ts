import { floatsIn } from './floats-in.ts';
import { int, onnxTypes } from './model.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxType, OnnxValue } from './model.ts';

/** Name of what an input is within the graph. */
const inside = (input: string) => `${input}/float16`;

/** The same network in float16; what goes in and comes out stays float32. */
export function inHalfPrecision(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const floats = new Set(graph.inputs.filter(({ type }) => type === 'float32').map(({ name }) => name));
  const casts = [...floats].map((name) => cast(name, inside(name), 'float16'));
  const factors = new Set(graph.nodes.flatMap(({ operator, inputs }) => (operator === 'Resize' ? [inputs[2]!] : [])));
  const nodes = graph.nodes.map((node) => withWideFactors(halfNode(node, floats)));
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const ends = nodes.map((node) =>
    node.outputs.some((name) => outputs.has(name)) && node.operator === 'Identity'
      ? cast(node.inputs[0]!, node.outputs[0]!, 'float32')
      : node,
  );
  return {
    ...model,
    graph: { ...graph, nodes: [...casts, ...ends], initialisers: initialisers(graph, factors) },
  };
}

/** Factors of Resize are float32 in every precision. */
const asFactors = (name: string) => `${name}/float32`;

function withWideFactors(node: OnnxNode): OnnxNode {
  if (node.operator !== 'Resize') return node;
  return { ...node, inputs: node.inputs.map((name, index) => (index === 2 ? asFactors(name) : name)) };
}

function initialisers({ nodes, initialisers: all }: OnnxGraph, factors: ReadonlySet<string>): readonly OnnxTensor[] {
  const others = new Set(
    nodes.flatMap(({ operator, inputs }) => inputs.filter((_, index) => operator !== 'Resize' || index !== 2)),
  );
  return all.flatMap((tensor) => {
    if (!factors.has(tensor.name)) return [halfTensor(tensor)];
    const factor = { ...tensor, name: asFactors(tensor.name) };
    return others.has(tensor.name) ? [factor, halfTensor(tensor)] : [factor];
  });
}

function cast(input: string, output: string, type: OnnxType): OnnxNode {
  const attributes = { to: int(onnxTypes[type]) };
  return { name: `${output}/Cast`, operator: 'Cast', inputs: [input], outputs: [output], attributes };
}

function halfNode(node: OnnxNode, floats: ReadonlySet<string>): OnnxNode {
  const inputs = node.inputs.map((name) => (floats.has(name) ? inside(name) : name));
  const attributes = Object.entries(node.attributes).map(([name, value]) => [name, halfAttribute(name, value)]);
  return { ...node, inputs, attributes: Object.fromEntries(attributes) as OnnxNode['attributes'] };
}

function halfAttribute(name: string, attribute: OnnxAttribute): OnnxAttribute {
  if (name === 'to' && attribute.value === onnxTypes.float32) return int(onnxTypes.float16);
  return attribute.kind === 'graph' ? { ...attribute, value: halfBody(attribute.value) } : attribute;
}

function halfBody(graph: OnnxGraph): OnnxGraph {
  const half = (value: OnnxValue): OnnxValue => (value.type === 'float32' ? { ...value, type: 'float16' } : value);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => halfNode(node, new Set())),
    inputs: graph.inputs.map(half),
    outputs: graph.outputs.map(half),
  };
}

function halfTensor(tensor: OnnxTensor): OnnxTensor {
  if (tensor.type !== 'float32') return tensor;
  const values = floatsIn(tensor.data);
  const bits = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) bits[index] = halfBits(values[index]!);
  return { ...tensor, type: 'float16', data: new Uint8Array(bits.buffer) };
}

const wide = new DataView(new ArrayBuffer(4));

/** The bits of the nearest float16, of two equally near the even one; what is too large becomes infinity. */
export function halfBits(value: number): number {
  wide.setFloat32(0, value);
  const bits = wide.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From 65520 on.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14 the steps are all 2^-24.
  if (magnitude < 0x38800000) return sign | roundEven(Math.abs(value) * 2 ** 24);
  const shifted = magnitude - 0x38000000;
  return sign | ((shifted + 0xfff + ((shifted >>> 13) & 1)) >>> 13);
}

function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** The value of a float16 by its bits. */
export function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
