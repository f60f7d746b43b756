import type { OnnxModel } from './model.ts';

/** Weights that int8 cannot shrink, because ONNX Runtime has no operator for them in bytes. */
export interface LeftInFloat {
  /** Prefix of the module's parameters: `3.body`. */
  readonly module: string;
  /** ONNX's: LSTM, Gather. */
  readonly operator: string;
  readonly bytes: number;
}

/** Smaller ones are biases, scales and the weights of norms, which stay as they are anyway. */
const smallest = 1024;

/** What of a quantised model is still float32, the largest first. */
export function leftInFloat({ graph }: OnnxModel): readonly LeftInFloat[] {
  const sizes = new Map(
    graph.initialisers
      .filter(({ type, shape, data }) => type === 'float32' && shape.length > 1 && data.length >= smallest)
      .map(({ name, data }) => [name, data.length]),
  );
  const seen = new Set<string>();
  const found = graph.nodes.flatMap(({ name, operator, inputs }): readonly LeftInFloat[] => {
    const own = inputs.filter((input) => sizes.has(input) && !seen.has(input));
    for (const input of own) seen.add(input);
    const bytes = own.reduce((sum, input) => sum + sizes.get(input)!, 0);
    const module = name.slice(0, Math.max(0, name.lastIndexOf('/')));
    return bytes === 0 ? [] : [{ module, operator, bytes }];
  });
  return found.toSorted((a, b) => b.bytes - a.bytes);
}

/** For people: `int8 leaves 850,432 bytes of weights in float32: LSTM (2). `; null where nothing is left. */
export function leftInFloatText(left: readonly LeftInFloat[]): string | null {
  if (left.length === 0) return null;
  const bytes = left.reduce((sum, each) => sum + each.bytes, 0).toLocaleString('en-US');
  const which = left.map(({ module, operator }) => (module === '' ? operator : `${operator} (${module})`)).join(', ');
  return `int8 leaves ${bytes} bytes of weights in float32, for which ONNX Runtime has no operator in bytes: ${which}.`;
}
