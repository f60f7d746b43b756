import type { ResolvedNode } from './resolved.ts';

const keeping: ReadonlySet<string> = new Set([
  ...['Identity', 'Flatten', 'Unflatten', 'Reshape', 'Permute', 'Transpose', 'Squeeze', 'Unsqueeze', 'Select'],
  ...['IndexSelect', 'Narrow'],
]);

/** Whether what a module gives are the numbers that it gets, or some of them, in another shape or order. */
export function keepsNumbers(node: ResolvedNode): boolean {
  return node.type === 'Layer' && keeping.has(node.layer);
}
