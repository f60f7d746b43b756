import type { LayerOptions } from '../../catalogue/layer-type.ts';
import { FailureError } from '../../failure.ts';
import type { ResolvedLayer } from '../../network/resolved.ts';
import { scriptList, scriptValue } from './script-text.ts';

/** Writes the statements of one layer's forward method, in evaluation. */
export class LayerScript {
  readonly layer: ResolvedLayer;
  /** What the inputs are called. */
  readonly inputs: readonly string[];
  readonly lines: string[] = [];
  readonly #names: ReadonlySet<string>;
  #next = 0;

  constructor(layer: ResolvedLayer) {
    this.layer = layer;
    this.inputs = layer.inputs.map((_, index) => `x${index}`);
    const from = layer.key === '' ? 0 : layer.key.length + 1;
    this.#names = new Set([...layer.parameters, ...layer.buffers].map(({ name }) => name.slice(from)));
  }

  get options(): LayerOptions {
    return this.layer.options;
  }

  get x(): string {
    return this.inputs[0]!;
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** A parameter or buffer of the layer by its name within it, `None` where there is none. */
  tensor(name: string): string {
    return this.has(name) ? accessOf(name) : 'None';
  }

  /** Gives a value a name. */
  let(value: string): string {
    const name = `v${this.#next++}`;
    this.lines.push(`${name} = ${value}`);
    return name;
  }

  number(option: string): string {
    return scriptValue(this.options[option]!);
  }

  /** A float, with its point. */
  float(option: string): string {
    return float(this.options[option] as number);
  }

  boolean(option: string): boolean {
    return this.options[option] === true;
  }

  /** A list of `count` whole numbers, of which one stands for all. */
  sizes(option: string, count: number): string {
    return scriptList(this.numbers(option, count));
  }

  numbers(option: string, count: number): readonly number[] {
    const value = this.options[option]!;
    const list = Array.isArray(value) ? (value as readonly number[]) : [value as number];
    return list.length === 1 ? Array.from({ length: count }, () => list[0]!) : list;
  }

  /** Why the layer cannot be written; ends the export. */
  refuse(why: string): never {
    throw new FailureError({
      code: 'badNetwork',
      message: `${this.layer.path} (${this.layer.layer}) cannot be written as TorchScript: ${why}.`,
      at: this.layer.path,
    });
  }
}

/** The value that a layer gives. */
export type WriteLayer = (script: LayerScript) => string;

/** `self.out_proj.weight`; of names that are no words, `getattr(self.layers, "0").weight`. */
export function accessOf(path: string, from = 'self'): string {
  return path
    .split('.')
    .filter((part) => part !== '')
    .reduce((value, part) => (/^[a-z]\w*$/i.test(part) ? `${value}.${part}` : `getattr(${value}, "${part}")`), from);
}

export function float(value: number): string {
  if (value === Infinity) return 'float("inf")';
  if (value === -Infinity) return 'float("-inf")';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
