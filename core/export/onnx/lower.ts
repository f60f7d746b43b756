import { ints } from './model.ts';
import type { OnnxAttribute, OnnxNode, OnnxTensor } from './model.ts';
import { floatBytes } from './protobuf-writer.ts';

/** What nodes are to be written for. */
export interface Lowering {
  readonly opset: number;
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  /** Constants that older operators need beside them. */
  readonly added: Map<string, OnnxTensor>;
}

type Lower = (node: OnnxNode, lowering: Lowering) => readonly OnnxNode[];

/** How operators are written for sets before the one that brought them, or brought their form. */
const older: Readonly<Record<string, { readonly before: number; readonly lower: Lower }>> = {
  Shape: { before: 15, lower: shapePart },
  ReduceL1: { before: 18, lower: axesAsAttribute },
  ReduceL2: { before: 18, lower: axesAsAttribute },
  ReduceMax: { before: 18, lower: axesAsAttribute },
  ReduceMean: { before: 18, lower: axesAsAttribute },
  Split: { before: 18, lower: evenSplit },
  Mish: { before: 18, lower: mish },
  Gelu: { before: 20, lower: gelu },
};

/** The same node, or in its place those that an older set of operators has; the last gives what it gave. */
export function lowered(node: OnnxNode, lowering: Lowering): readonly OnnxNode[] {
  const found = older[node.operator];
  if (found !== undefined && lowering.opset < found.before) return found.lower(node, lowering);
  const hasBody = Object.values(node.attributes).some(({ kind }) => kind === 'graph');
  return [hasBody ? { ...node, attributes: withBodies(node.attributes, lowering) } : node];
}

function withBodies(attributes: OnnxNode['attributes'], lowering: Lowering): OnnxNode['attributes'] {
  const body = (attribute: OnnxAttribute): OnnxAttribute => {
    if (attribute.kind !== 'graph') return attribute;
    const nodes = attribute.value.nodes.flatMap((node) => lowered(node, lowering));
    return { ...attribute, value: { ...attribute.value, nodes } };
  };
  return Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, body(attribute)]));
}

/** Sizes of some axes: of all, and cut. */
function shapePart(node: OnnxNode, lowering: Lowering): readonly OnnxNode[] {
  const { start, end, ...attributes } = node.attributes;
  if (start?.kind !== 'int' || end?.kind !== 'int') return [node];
  const all = `${node.name}/all`;
  const bounds = [start.value, end.value].map((value) => whole(value, lowering));
  return [
    { ...node, name: all, outputs: [all], attributes },
    { ...node, operator: 'Slice', inputs: [all, ...bounds], attributes: {} },
  ];
}

/** Axes were attributes before they were inputs. */
function axesAsAttribute(node: OnnxNode, { constants }: Lowering): readonly OnnxNode[] {
  const [x, axes] = node.inputs as readonly [string, string];
  const { data } = constants.get(axes)!;
  const values = [...new BigInt64Array(Uint8Array.from(data).buffer)].map(Number);
  return [{ ...node, inputs: [x], attributes: { ...node.attributes, axes: ints(values) } }];
}

/** As many equal parts as there are outputs. */
function evenSplit(node: OnnxNode): readonly OnnxNode[] {
  return [{ ...node, attributes: without(node.attributes, 'num_outputs') }];
}

function without(attributes: OnnxNode['attributes'], name: string): OnnxNode['attributes'] {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => key !== name));
}

/** x · tanh(softplus(x)) */
function mish(node: OnnxNode): readonly OnnxNode[] {
  const [x] = node.inputs;
  const steps = new Steps(node);
  const curve = steps.add('Tanh', [steps.add('Softplus', [x!])]);
  return steps.end('Mul', [x!, curve]);
}

/** x/2 · (1 + erf(x/√2)), or Hendrycks and Gimpel's approximation by tanh (arXiv 1606.08415). */
function gelu(node: OnnxNode, lowering: Lowering): readonly OnnxNode[] {
  const [x] = node.inputs as readonly [string];
  const steps = new Steps(node);
  const number = (value: number): string => float(value, lowering);
  const isTanh = node.attributes['approximate']?.value === 'tanh';
  const curve = isTanh
    ? steps.add('Tanh', [
        steps.add('Mul', [
          steps.add('Add', [x, steps.add('Mul', [steps.add('Mul', [steps.add('Mul', [x, x]), x]), number(0.044715)])]),
          number(Math.sqrt(2 / Math.PI)),
        ]),
      ])
    : steps.add('Erf', [steps.add('Mul', [x, number(Math.SQRT1_2)])]);
  const share = steps.add('Add', [curve, number(1)]);
  return steps.end('Mul', [steps.add('Mul', [x, number(0.5)]), share]);
}

/** Nodes in the place of one, named after it. */
class Steps {
  readonly #node: OnnxNode;
  readonly #nodes: OnnxNode[] = [];

  constructor(node: OnnxNode) {
    this.#node = node;
  }

  add(operator: string, inputs: readonly string[]): string {
    const name = `${this.#node.name}/${operator}.${this.#nodes.length}`;
    this.#nodes.push({ name, operator, inputs, outputs: [name], attributes: {} });
    return name;
  }

  end(operator: string, inputs: readonly string[]): readonly OnnxNode[] {
    return [...this.#nodes, { ...this.#node, operator, inputs, attributes: {} }];
  }
}

function float(value: number, { added }: Lowering): string {
  const name = `constant/${value}`;
  added.set(name, { name, type: 'float32', shape: [], data: floatBytes([value]) });
  return name;
}

function whole(value: number, { added }: Lowering): string {
  const name = `whole/${value}`;
  added.set(name, { name, type: 'int64', shape: [1], data: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer) });
  return name;
}
