import { FailureError } from '../../failure.ts';
import { lowered } from './lower.ts';
import type { Lowering } from './lower.ts';
import type { OnnxNode, OnnxTensor } from './model.ts';

/** Sets of operators that a graph can be written for: ONNX Runtime reads the first since 1.7, the last since 1.25. */
export const opsets = { lowest: 13, highest: 26 } as const;

/** Since which set an operator exists as it is written here; absent: for longer than any set that is written. */
const since: Readonly<Record<string, number>> = {
  HardSwish: 14,
  LayerNormalization: 17,
  Col2Im: 18,
};

/** Of the file format: that of the first release of ONNX with this set of operators, so that old readers open it. */
export function irVersionOf(opset: number): number {
  if (opset < 15) return 7;
  if (opset < 19) return 8;
  return opset < 21 ? 9 : 10;
}

interface Nodes {
  readonly nodes: readonly OnnxNode[];
  readonly initialisers: readonly OnnxTensor[];
}

/**
 * A graph in operators of the lowest set that it needs, or of the one that was `asked` for. Throws a FailureError where
 * that is too old for a module.
 */
export function forOpset(graph: Nodes, asked: number | undefined): Nodes & { readonly opset: number } {
  const needed = graph.nodes.flatMap(allNodes).map((node) => ({ node, opset: neededBy(node) }));
  const lowest = Math.max(opsets.lowest, ...needed.map(({ opset }) => opset));
  const opset = asked ?? lowest;
  const tooNew = needed.find((each) => each.opset > opset);
  if (tooNew !== undefined) {
    const { name, operator } = tooNew.node;
    throw new FailureError({
      code: 'badUsage',
      message: `${operator} (${name}) exists since ONNX operator set ${tooNew.opset}; operator set ${opset} was requested.`,
      advice: `Choose ${lowest} or newer, or omit the option to use the lowest that works.`,
    });
  }
  const constants = new Map(graph.initialisers.map((tensor) => [tensor.name, tensor]));
  const lowering: Lowering = { opset, constants, added: new Map() };
  const nodes = graph.nodes.flatMap((node) => lowered(node, lowering));
  const read = new Set(nodes.flatMap(allNodes).flatMap(({ inputs }) => inputs));
  const initialisers = [...graph.initialisers, ...lowering.added.values()].filter(({ name }) => read.has(name));
  return { opset, nodes, initialisers };
}

function neededBy({ operator, attributes }: OnnxNode): number {
  const mode = attributes['mode'];
  if (operator === 'Pad' && mode?.kind === 'text' && mode.value === 'wrap') return 19;
  return since[operator] ?? opsets.lowest;
}

/** A node and those of its bodies. */
function allNodes(node: OnnxNode): readonly OnnxNode[] {
  const bodies = Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph' ? attribute.value.nodes.flatMap(allNodes) : [],
  );
  return [node, ...bodies];
}
