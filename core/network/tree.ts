import type { InitialiserMethod, InitialiserOptions } from '../catalogue/initialisers/initialisers.ts';

/**
 * The network as a tree. A drawing is a view of this; nothing about position is stored.
 * Every value is plain JSON and immutable: an edit returns a new tree.
 *
 * Between modules flows one tensor or a tuple of them. A module that takes k of them gets the first k, and its outputs
 * stand in their place; the others pass it by to the next that takes more than one.
 */

/**
 * One option of a layer. Numbers and lists of numbers as PyTorch takes them. Inside a Block's body a
 * string may stand for a number: an expression over the Block's parameters, such as `4*out`. Whether a
 * string is an expression or a word (`same`, `reflect`) is decided by the option's type in the catalogue.
 */
export type OptionValue = number | string | boolean | null | readonly (number | string)[];

export type Options = Readonly<Record<string, OptionValue>>;

/** Sets parameters of the subtree it stands on; the rule nearest to a parameter wins. Options are those of `core/catalogue/initialisers`. */
export interface Initialiser extends InitialiserOptions {
  /** Which parameters: by what they are, not by name. `norm` are scales of normalisations. */
  readonly parameters: 'weight' | 'bias' | 'norm';
  /** Only modules of these types; all if absent. */
  readonly types?: readonly string[];
  readonly method: InitialiserMethod;
}

/** What any node may carry. `name` replaces the position in parameter names (`conv1.weight` for `0.weight`). */
export interface NodeCommon {
  readonly name?: string;
  readonly initialise?: readonly Initialiser[];
  /** Parameters of the subtree are not trained. */
  readonly frozen?: boolean;
}

/** A leaf: `type` is a catalogue entry (PyTorch's name). Only options that differ from the default are written. */
export interface LayerNode extends NodeCommon {
  readonly type: string;
  readonly options?: Options;
}

export interface SequentialNode extends NodeCommon {
  readonly type: 'Sequential';
  readonly children: readonly NetworkNode[];
}

/** after(body(x) + shortcut(x)); an absent shortcut is the identity, an absent after is nothing. */
export interface ResidualNode extends NodeCommon {
  readonly type: 'Residual';
  readonly body: NetworkNode;
  readonly shortcut?: NetworkNode;
  /**
   * `changed`: the shortcut is computed only where the body makes another shape of the input, elsewhere the input itself
   * is added, as in torchvision's ResNets ("where stride or channels change"): one Block serves in both places. Absent:
   * always.
   */
  readonly shortcutWhere?: 'changed';
  readonly after?: NetworkNode;
}

/** `tuple` hands the outputs on as they are, to a module that takes several. */
export type JoinKind = 'cat' | 'add' | 'multiply' | 'matmul' | 'stack' | 'tuple';

/** Every branch gets x; the outputs are joined. `dim` counts the batch as 0 (PyTorch); default 1; only for cat and stack. */
export interface ForkNode extends NodeCommon {
  readonly type: 'Fork';
  readonly branches: readonly NetworkNode[];
  readonly join: { readonly kind: JoinKind; readonly dim?: number };
}

/** Takes as many tensors as it has branches: each branch gets one of its own, the outputs are joined as a Fork's. */
export interface JoinNode extends NodeCommon {
  readonly type: 'Join';
  readonly branches: readonly NetworkNode[];
  readonly join: ForkNode['join'];
}

/** `count` copies in sequence, each with its own weights, or one body applied `count` times (`shared`). */
export interface RepeatNode extends NodeCommon {
  readonly type: 'Repeat';
  readonly count: number | string;
  readonly body: NetworkNode;
  readonly shared?: boolean;
}

/** What a recurrent layer makes: the outputs of all steps, that of the last one, the state it ends with. */
export type RecurrentOutput = 'sequence' | 'last' | 'hidden';

/**
 * after(body(before(x))), where the body is an RNN, a GRU or an LSTM. With `carry` the state goes on from batch to batch
 * without gradients, and is zero at the beginning of an epoch and of an evaluation.
 */
export interface RecurrentNode extends NodeCommon {
  readonly type: 'Recurrent';
  readonly before?: NetworkNode;
  readonly body: NetworkNode;
  readonly after?: NetworkNode;
  /** What of the body goes on, several as a tuple in this order; default the sequence alone. */
  readonly handsOn?: readonly RecurrentOutput[];
  readonly carry?: boolean;
}

/** `training` while the network trains, `evaluation` otherwise: of the same shape, and what is empty passes its input on. */
export interface TransformNode extends NodeCommon {
  readonly type: 'Transform';
  readonly training: NetworkNode;
  readonly evaluation: NetworkNode;
}

/**
 * Blocks that each give a backcast and a forecast (a Fork whose outputs go on as a tuple): (b, f) = block(x), x = x - b.
 * The sum of the forecasts goes on. Oreshkin and others 2020, "N-BEATS", section 3.2.
 */
export interface NBeatsNode extends NodeCommon {
  readonly type: 'NBeats';
  readonly children: readonly NetworkNode[];
}

/** An instance of a definition in the project's `blocks`. Absent arguments take the definition's defaults. */
export interface BlockNode extends NodeCommon {
  readonly type: 'Block';
  readonly block: string;
  readonly arguments?: Readonly<Record<string, number | string>>;
}

export type ContainerNode =
  | SequentialNode
  | ResidualNode
  | ForkNode
  | JoinNode
  | RepeatNode
  | RecurrentNode
  | TransformNode
  | NBeatsNode
  | BlockNode;
export type NetworkNode = LayerNode | ContainerNode;

/** A Block's definition. The instance takes the place of the body's root: no level of its own in parameter names. */
export interface BlockDefinition {
  readonly description?: string;
  readonly parameters: readonly { readonly name: string; readonly default?: number; readonly help?: string }[];
  readonly body: NetworkNode;
}

export type Blocks = Readonly<Record<string, BlockDefinition>>;

/** The networks of a project: `main` is what it is for; `discriminator` judges what it makes, in adversarial training. */
export type NetworkName = 'main' | 'discriminator';

export interface Networks {
  readonly main: NetworkNode;
  readonly discriminator?: NetworkNode;
}
