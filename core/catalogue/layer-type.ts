import type { OptionDeclaration, ChoiceOption } from './option.ts';
import type { Pair, Shape } from './shape.ts';

export type Family =
  | 'linear'
  | 'convolution'
  | 'pooling'
  | 'normalisation'
  | 'dropout'
  | 'activation'
  | 'embedding'
  | 'recurrent'
  | 'attention'
  | 'shape'
  | 'padding'
  | 'combine'
  | 'distance'
  | 'transform';

/** `norm` are scales: of normalisations, and PReLU's multiples; everything added is a `bias`. */
export type ParameterKind = 'weight' | 'bias' | 'norm';

export interface ParameterDeclaration {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: ParameterKind;
}

/** Saved with the weights but not trained. */
export interface BufferDeclaration {
  readonly name: string;
  readonly shape: Shape;
}

/** A decided option: a pair is two numbers, a padding numbers or a word. */
export type LayerOptionValue = number | string | boolean | readonly number[];

/** Every option of the entry, none missing. */
export type LayerOptions = Readonly<Record<string, LayerOptionValue>>;

/** One entry of the catalogue. Rules are pure and throw a Refusal where PyTorch would refuse. */
export interface LayerType {
  /** PyTorch's name. */
  readonly name: string;
  readonly family: Family;
  readonly help: string;
  /** PyTorch's names and defaults, in PyTorch's order. */
  readonly options: Readonly<Record<string, OptionDeclaration>>;
  output(options: LayerOptions, input: Shape): Shape;
  parameters(options: LayerOptions): readonly ParameterDeclaration[];
  buffers(options: LayerOptions): readonly BufferDeclaration[];
  /** Multiplications added up in the forward pass of one sample: those of convolutions and matrix products. */
  multiplyAdds(options: LayerOptions, input: Shape, output: Shape): number;
}

type ValueOf<Declaration> =
  Declaration extends ChoiceOption<infer Value>
    ? Value
    : Declaration extends { readonly kind: 'integer' | 'number' }
      ? number
      : Declaration extends { readonly kind: 'pair' }
        ? Pair
        : Declaration extends { readonly kind: 'integers' }
          ? readonly number[]
          : Declaration extends { readonly kind: 'padding' }
            ? readonly number[] | 'same' | 'valid'
            : boolean;

type Declared = Readonly<Record<string, OptionDeclaration>>;
type Values<Options extends Declared> = { readonly [Name in keyof Options]: ValueOf<Options[Name]> };

interface LayerDeclaration<Options extends Declared> {
  readonly name: string;
  readonly family: Family;
  readonly help: string;
  readonly options: Options;
  /** Without one the shape stays. */
  readonly output?: (options: Values<Options>, input: Shape) => Shape;
  readonly parameters?: (options: Values<Options>) => readonly ParameterDeclaration[];
  readonly buffers?: (options: Values<Options>) => readonly BufferDeclaration[];
  readonly multiplyAdds?: (options: Values<Options>, input: Shape, output: Shape) => number;
}

/** Rules get their options typed by the declarations; `readOptions` makes values that keep that promise. */
export function layer<const Options extends Declared>(declaration: LayerDeclaration<Options>): LayerType {
  const complete = {
    output: (_options: Values<Options>, input: Shape) => input,
    parameters: () => [],
    buffers: () => [],
    multiplyAdds: () => 0,
    ...declaration,
  };
  return complete;
}
