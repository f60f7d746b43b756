import type { GraphBuilder } from '../graph-builder.ts';

/** The p-norm along an axis, as torch.linalg.vector_norm. */
export function normAlong(graph: GraphBuilder, x: string, p: number, axis: number, keep: boolean): string {
  if (p === 2) return graph.reduce('ReduceL2', x, [axis], keep);
  if (p === 1) return graph.reduce('ReduceL1', x, [axis], keep);
  if (p === 0) return graph.reduce('ReduceSum', graph.node('Abs', [graph.node('Sign', [x])]), [axis], keep);
  const powers = graph.node('Pow', [graph.node('Abs', [x]), graph.number(p)]);
  return graph.node('Pow', [graph.reduce('ReduceSum', powers, [axis], keep), graph.number(1 / p)]);
}
