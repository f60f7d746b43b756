import type { LayerOptions, ParameterKind } from '../catalogue/layer-type.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';
import type { Initialiser, JoinKind } from './tree.ts';

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

/** Layers in the order in which they compute; the body of a shared Repeat once. */
export function* layersOf(node: ResolvedNode): Generator<ResolvedLayer> {
  switch (node.type) {
    case 'Layer':
      yield node;
      return;
    case 'Sequential':
      for (const child of node.children) yield* layersOf(child);
      return;
    case 'Residual':
      yield* layersOf(node.body);
      if (node.shortcut !== null) yield* layersOf(node.shortcut);
      if (node.after !== null) yield* layersOf(node.after);
      return;
    case 'Fork':
    case 'Join':
      for (const branch of node.branches) yield* layersOf(branch);
      return;
    case 'Repeat':
      yield* layersOf(node.body);
      return;
  }
}
