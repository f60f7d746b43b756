import type { Shape } from '../../catalogue/shape.ts';
import type { StoredTensor } from '../../weights/stored-tensor.ts';
import { int, ints } from './model.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxType } from './model.ts';
import { floatBytes } from './protobuf-writer.ts';

type Attributes = Readonly<Record<string, OnnxAttribute>>;

const weightTypes: Readonly<Partial<Record<StoredTensor['type'], OnnxType>>> = {
  F32: 'float32',
  F16: 'float16',
  I64: 'int64',
  I32: 'int32',
  U8: 'uint8',
};

/** Collects the nodes of a graph. A tensor is known by its name; all but weights and constants have the batch first. */
export class GraphBuilder {
  #nodes: OnnxNode[] = [];
  readonly #tensors: ReadonlyMap<string, StoredTensor>;
  readonly #initialisers = new Map<string, OnnxTensor>();
  readonly #constants = new Map<string, string>();
  readonly #taken = new Set<string>();
  #prefix = '';

  constructor(tensors: readonly StoredTensor[], taken: readonly string[]) {
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    for (const name of taken) this.#taken.add(name);
  }

  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  get initialisers(): readonly OnnxTensor[] {
    return [...this.#initialisers.values()];
  }

  /** Nodes from here on are named after the module with this prefix of parameter names. */
  under(key: string): void {
    this.#prefix = key === '' ? '' : `${key}/`;
  }

  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.severalOf(operator, inputs, 1, attributes)[0]!;
  }

  severalOf(operator: string, inputs: readonly string[], count: number, attributes: Attributes = {}): string[] {
    const name = this.name(operator);
    const outputs =
      count === 1 ? [name] : Array.from({ length: count }, (_, index) => this.name(`${operator}.${index}`));
    this.#nodes.push({ name, operator, inputs, outputs, attributes });
    return outputs;
  }

  /** A name of this module's that nothing has yet. */
  name(wanted: string): string {
    let name = `${this.#prefix}${wanted}`;
    for (let next = 2; this.#taken.has(name); next++) name = `${this.#prefix}${wanted}_${next}`;
    this.#taken.add(name);
    return name;
  }

  /** A parameter or buffer under its own name. */
  weight(name: string): string {
    if (this.#initialisers.has(name)) return name;
    const tensor = this.stored(name);
    const type = weightTypes[tensor.type];
    if (type === undefined) throw new Error(`The weight ${name} is of type ${tensor.type}.`);
    this.#taken.add(name);
    this.#initialisers.set(name, { name, type, shape: tensor.shape, data: tensor.data });
    return name;
  }

  /** A weight without an initialiser. */
  stored(name: string): StoredTensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new Error(`There is no weight ${name}.`);
    return tensor;
  }

  /** A float32 initialiser that is made of weights, once for each name. */
  made(name: string, make: () => Pick<StoredTensor, 'shape' | 'data'>): string {
    if (this.#initialisers.has(name)) return name;
    this.#taken.add(name);
    const { shape, data } = make();
    this.#initialisers.set(name, { name, type: 'float32', shape, data });
    return name;
  }

  ints(values: readonly number[]): string {
    return this.#constant('int64', [values.length], values);
  }

  index(value: number): string {
    return this.#constant('int64', [], [value]);
  }

  /** Whole numbers of any shape, row-major. */
  indices(shape: Shape, values: readonly number[]): string {
    return this.#constant('int64', shape, values);
  }

  number(value: number): string {
    return this.#constant('float32', [], [value]);
  }

  floats(shape: Shape, values: readonly number[]): string {
    return this.#constant('float32', shape, values);
  }

  /** The batch stays as it is, what follows gets these sizes. */
  reshape(x: string, shape: Shape): string {
    return this.node('Reshape', [x, this.ints([0, ...shape])]);
  }

  transpose(x: string, order: readonly number[]): string {
    return this.node('Transpose', [x], { perm: ints(order) });
  }

  /** From `start` to before `end` along an axis that counts the batch as 0. */
  slice(x: string, axis: number, start: number, end: number): string {
    return this.node('Slice', [x, this.ints([start]), this.ints([end]), this.ints([axis])]);
  }

  concatenate(parts: readonly string[], axis: number): string {
    return parts.length === 1 ? parts[0]! : this.node('Concat', parts, { axis: int(axis) });
  }

  /** `operator`: ReduceMean, ReduceSum, ReduceMax … */
  reduce(operator: string, x: string, axes: readonly number[], keep = true): string {
    return this.node(operator, [x, this.ints(axes)], { keepdims: int(keep ? 1 : 0) });
  }

  /** Sizes of a tensor whose batch is that of `x`. */
  batchOf(x: string, before: Shape, after: Shape): string {
    const batch = this.node('Shape', [x], { start: int(0), end: int(1) });
    const parts = [before.length > 0 ? this.ints(before) : '', batch, after.length > 0 ? this.ints(after) : ''];
    return this.concatenate(
      parts.filter((part) => part !== ''),
      0,
    );
  }

  /**
   * A graph of its own, for a loop: it takes and gives [batch, size] tensors, and sees all weights of the graph around.
   * `make` gets the names of what comes in.
   */
  body<Inputs extends Readonly<Record<string, number>>>(
    inputs: Inputs,
    make: (names: { readonly [Input in keyof Inputs]: string }) => readonly {
      readonly name: string;
      readonly size: number;
    }[],
  ): OnnxAttribute {
    const around = this.#nodes;
    this.#nodes = [];
    const names = Object.keys(inputs).map((input) => [input, this.name(input)] as const);
    const made = make(Object.fromEntries(names) as { [Input in keyof Inputs]: string });
    const value = (name: string, size: number) => ({ name, type: 'float32', shape: ['batch', size] }) as const;
    const graph: OnnxGraph = {
      name: this.name('body'),
      nodes: this.#nodes,
      initialisers: [],
      inputs: names.map(([input, name]) => value(name, inputs[input]!)),
      outputs: made.map(({ name, size }) => value(name, size)),
    };
    this.#nodes = around;
    return { kind: 'graph', value: graph };
  }

  #constant(type: 'int64' | 'float32', shape: Shape, values: readonly number[]): string {
    const key = `${type} ${shape.join()} ${values.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const name = this.name(type === 'int64' ? 'whole' : 'constant');
    const data = type === 'int64' ? new Uint8Array(BigInt64Array.from(values, BigInt).buffer) : floatBytes(values);
    this.#initialisers.set(name, { name, type, shape, data });
    this.#constants.set(key, name);
    return name;
  }
}
