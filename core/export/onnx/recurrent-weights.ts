import { elementCount } from '../../catalogue/shape.ts';
import type { RecurrentOptions } from '../../catalogue/recurrent.ts';
import type { ResolvedLayer } from '../../network/resolved.ts';

/**
 * ONNX's RNN, GRU and LSTM take one tensor of each kind for both directions, with the gates in another order than
 * PyTorch's. They are put together when a file is written, and taken apart when it is opened.
 */
export type PackedKind = 'W' | 'R' | 'B';

/** PyTorch's parts of each kind, side by side along the rows. */
const partsOf: Readonly<Record<PackedKind, readonly string[]>> = {
  W: ['weight_ih'],
  R: ['weight_hh'],
  B: ['bias_ih', 'bias_hh'],
};

/** Which of PyTorch's blocks of rows stand where ONNX wants its gates: LSTM's i f g o as i o f g, GRU's r z n as z r n. */
const gateOrders: Readonly<Record<string, readonly number[]>> = { RNN: [0], GRU: [1, 0, 2], LSTM: [0, 3, 1, 2] };

interface Weight {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export function packedName(kind: PackedKind, number: number): string {
  return `${kind}_l${number}`;
}

/** The weights of one kind of a layer in the stack. `part` gives PyTorch's by their names in the layer. */
export function packed(
  { layer, options }: ResolvedLayer,
  kind: PackedKind,
  number: number,
  part: (name: string) => Weight,
): Weight {
  const { hidden_size: hidden } = options as unknown as RecurrentOptions;
  const order = gateOrders[layer]!;
  const pieces = suffixesOf(options, number).flatMap((suffix) =>
    partsOf[kind].flatMap((name) => {
      const { shape, data } = part(`${name}${suffix}`);
      const block = (data.length / shape[0]!) * hidden;
      return order.map((gate) => data.subarray(gate * block, (gate + 1) * block));
    }),
  );
  const directions = suffixesOf(options, number).length;
  const [, columns] = part(`${partsOf[kind][0]!}${suffixesOf(options, number)[0]!}`).shape;
  const rows = partsOf[kind].length * order.length * hidden;
  return { shape: [directions, rows, ...(columns === undefined ? [] : [columns])], data: joined(pieces) };
}

/** Names of PyTorch's weights in a layer, each with its part of what was packed. `find` gives packed tensors by name. */
export function unpacked<Tensor extends Weight>(
  { layer, options }: ResolvedLayer,
  find: (name: string) => Tensor | undefined,
): ReadonlyMap<string, Tensor> {
  const found = new Map<string, Tensor>();
  const order = gateOrders[layer];
  if (order === undefined) return found;
  const { hidden_size: hidden, num_layers: layers } = options as unknown as RecurrentOptions;
  for (let number = 0; number < layers; number++) {
    for (const kind of ['W', 'R', 'B'] as const) {
      const tensor = find(packedName(kind, number));
      if (tensor === undefined) continue;
      const names = suffixesOf(options, number).flatMap((suffix) => partsOf[kind].map((name) => `${name}${suffix}`));
      const columns = tensor.shape.slice(2);
      const shape = [order.length * hidden, ...columns];
      const size = tensor.data.length / names.length;
      const block = size / order.length;
      if (tensor.shape.length < 2 || elementCount(tensor.shape) !== names.length * elementCount(shape)) continue;
      for (const [index, name] of names.entries()) {
        const own = tensor.data.subarray(index * size, (index + 1) * size);
        const blocks = order.map((_, gate) => {
          const at = order.indexOf(gate);
          return own.subarray(at * block, (at + 1) * block);
        });
        found.set(name, { ...tensor, name, shape, data: joined(blocks) });
      }
    }
  }
  return found;
}

function suffixesOf(options: ResolvedLayer['options'], number: number): readonly string[] {
  const { bidirectional } = options as unknown as RecurrentOptions;
  return bidirectional ? [`_l${number}`, `_l${number}_reverse`] : [`_l${number}`];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
