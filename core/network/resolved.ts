import type { LayerOptions, ParameterKind } from '../catalogue/layer-type.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';
import type { Initialiser, JoinKind, RecurrentOutput } from './tree.ts';

/** The network with everything decided: Blocks expanded, copies unrolled, sizes inferred, shapes and names known. */
export type ResolvedNode = ResolvedContainer | ResolvedLayer;

interface ResolvedCommon {
  /**
   * Place in the project: `networks.main.children[3].body`. Inside a Block the place in its definition comes
   * after that of the instance: `networks.main.children[3]/blocks.BasicBlock.body.children[0]`.
   */
  readonly path: string;
  /** Prefix of the parameter names: `3.body.0`; empty for the root. */
  readonly key: string;
  /** What it takes of the flow, and what it puts in its place; of one sample, without the batch. */
  readonly inputs: Flow;
  readonly outputs: Flow;
  /** The first of them: nearly always the only one. */
  readonly input: Shape;
  readonly output: Shape;
}

export type ResolvedContainer = ResolvedCommon &
  (
    | { readonly type: 'Sequential'; readonly children: readonly ResolvedNode[] }
    | {
        readonly type: 'Residual';
        readonly body: ResolvedNode;
        readonly shortcut: ResolvedNode | null;
        readonly after: ResolvedNode | null;
      }
    | {
        readonly type: 'Fork' | 'Join';
        readonly branches: readonly ResolvedNode[];
        readonly join: { readonly kind: JoinKind; readonly dim: number };
        /** Of the join itself: those of its matrix products. */
        readonly multiplyAdds: number;
      }
    /** One body applied `count` times; copies with own weights are a Sequential. */
    | { readonly type: 'Repeat'; readonly count: number; readonly body: ResolvedNode }
    | {
        readonly type: 'Recurrent';
        readonly before: ResolvedNode | null;
        /** An RNN, a GRU or an LSTM. */
        readonly body: ResolvedLayer;
        readonly after: ResolvedNode | null;
        readonly handsOn: readonly RecurrentOutput[];
        readonly carry: boolean;
      }
    | { readonly type: 'Transform'; readonly training: ResolvedNode; readonly evaluation: ResolvedNode }
    /** Of two outputs each: backcast and forecast. */
    | { readonly type: 'NBeats'; readonly children: readonly ResolvedNode[] }
  );

export interface ResolvedLayer extends ResolvedCommon {
  readonly type: 'Layer';
  /** Catalogue name. */
  readonly layer: string;
  readonly options: LayerOptions;
  readonly parameters: readonly ResolvedParameter[];
  readonly buffers: readonly { readonly name: string; readonly shape: Shape }[];
  readonly multiplyAdds: number;
  /** The rule that holds for each kind of parameter this layer has; kinds without a rule keep PyTorch's own. */
  readonly initialise: readonly Initialiser[];
  readonly frozen: boolean;
}

export interface ResolvedParameter {
  /** Whole name in the state dict: `3.body.0.weight`. */
  readonly name: string;
  readonly shape: Shape;
  readonly kind: ParameterKind;
}

/** Modules directly in a container, in the order in which they compute; the body of a shared Repeat once. */
export function partsOf(node: ResolvedNode): readonly ResolvedNode[] {
  switch (node.type) {
    case 'Layer':
      return [];
    case 'Sequential':
    case 'NBeats':
      return node.children;
    case 'Residual':
      return [node.body, node.shortcut, node.after].filter((part) => part !== null);
    case 'Fork':
    case 'Join':
      return node.branches;
    case 'Repeat':
      return [node.body];
    case 'Recurrent':
      return [node.before, node.body, node.after].filter((part) => part !== null);
    case 'Transform':
      return [node.training, node.evaluation];
  }
}

/** Layers in the order in which they compute; the body of a shared Repeat once. */
export function* layersOf(node: ResolvedNode): Generator<ResolvedLayer> {
  if (node.type === 'Layer') yield node;
  for (const part of partsOf(node)) yield* layersOf(part);
}
