import type { OptionDeclaration, ChoiceOption } from './option.ts';
import type { Flow, Pair, Shape } from './shape.ts';

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

/** A decided option: a pair is two numbers, a padding numbers or a word; null is PyTorch's None. */
export type LayerOptionValue = number | string | boolean | readonly number[] | null;

/** Every option of the entry, none missing. */
export type LayerOptions = Readonly<Record<string, LayerOptionValue>>;

type Beginning = Readonly<Record<string, number | readonly number[]>>;

/** One entry of the catalogue. Rules are pure and throw a Refusal where PyTorch would refuse. */
export interface LayerType {
  /** PyTorch's name. */
  readonly name: string;
  readonly family: Family;
  readonly help: string;
  /** PyTorch's names and defaults, in PyTorch's order. */
  readonly options: Readonly<Record<string, OptionDeclaration>>;
  /** What a new one begins with, dragged or typed, where an option has to be written: sizes that are usual. */
  readonly begin?: Beginning;
  /** The function of torch that computes it in evaluation from its input and its options, numbers all, in their order. */
  readonly torchFunction?: string;
  /** How many tensors of the flow it takes, from the first on; the rest passes it by. */
  inputs(options: LayerOptions): number;
  /** `inputs` are as many as it takes. */
  outputs(options: LayerOptions, inputs: Flow): Flow;
  parameters(options: LayerOptions): readonly ParameterDeclaration[];
  buffers(options: LayerOptions): readonly BufferDeclaration[];
  /** Multiplications added up in the forward pass of one sample: those of convolutions and matrix products. */
  multiplyAdds(options: LayerOptions, inputs: Flow, outputs: Flow): number;
}

type ValueOf<Declaration> = NoneOf<Declaration> | WrittenValueOf<Declaration>;

type NoneOf<Declaration> = Declaration extends { readonly default: null } ? null : never;

type WrittenValueOf<Declaration> =
  Declaration extends ChoiceOption<infer Value>
    ? Value
    : Declaration extends { readonly kind: 'integer' | 'number' }
      ? number
      : Declaration extends { readonly kind: 'pair' }
        ? Pair
        : Declaration extends { readonly kind: 'integers' | 'numbers' }
          ? readonly number[]
          : Declaration extends { readonly kind: 'padding' }
            ? readonly number[] | 'same' | 'valid'
            : boolean;

type Declared = Readonly<Record<string, OptionDeclaration>>;
type Values<Options extends Declared> = { readonly [Name in keyof Options]: ValueOf<Options[Name]> };

interface CommonDeclaration<Options extends Declared> {
  readonly name: string;
  readonly family: Family;
  readonly help: string;
  readonly options: Options;
  readonly begin?: Beginning;
  readonly torchFunction?: string;
  readonly parameters?: (options: Values<Options>) => readonly ParameterDeclaration[];
  readonly buffers?: (options: Values<Options>) => readonly BufferDeclaration[];
}

interface LayerDeclaration<Options extends Declared> extends CommonDeclaration<Options> {
  /** Without one the shape stays. */
  readonly output?: (options: Values<Options>, input: Shape) => Shape;
  readonly multiplyAdds?: (options: Values<Options>, input: Shape, output: Shape) => number;
}

interface SeveralDeclaration<Options extends Declared> extends CommonDeclaration<Options> {
  readonly inputs: (options: Values<Options>) => number;
  readonly outputs: (options: Values<Options>, inputs: Flow) => Flow;
  readonly multiplyAdds?: (options: Values<Options>, inputs: Flow, outputs: Flow) => number;
}

const bare = { parameters: () => [], buffers: () => [] };

/** Takes one tensor and gives one. Rules get their options typed by the declarations; `readOptions` keeps that promise. */
export function layer<const Options extends Declared>(declaration: LayerDeclaration<Options>): LayerType {
  const { output = (_options: Values<Options>, input: Shape) => input, multiplyAdds = () => 0, ...rest } = declaration;
  const complete = {
    ...bare,
    ...rest,
    inputs: () => 1,
    outputs: (options: Values<Options>, [input]: Flow): Flow => [output(options, input)],
    multiplyAdds: (options: Values<Options>, [input]: Flow, [made]: Flow) => multiplyAdds(options, input, made),
  };
  return complete;
}

/** Takes or gives several tensors. */
export function layerOfSeveral<const Options extends Declared>(declaration: SeveralDeclaration<Options>): LayerType {
  const complete = { ...bare, multiplyAdds: () => 0, ...declaration };
  return complete;
}
