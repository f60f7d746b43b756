import { resolveNetwork } from '../../core/network/resolve.ts';
import type { NetworkNode } from '../../core/network/tree.ts';
import { openProject } from '../../main/projects/open-project.ts';
import { median } from '../../core/training/median.ts';

/** Milliseconds that the shape rules take for the 60 layers of cifar10-resnet18, Blocks expanded: first and median. */
export async function measureShapes(): Promise<{
  readonly first: number;
  readonly median: number;
  readonly layers: number;
}> {
  const { networks, blocks } = await openProject('cifar10-resnet18');
  const times = Array.from({ length: 500 }, () => {
    const began = performance.now();
    const resolved = resolveNetwork(networks.main, blocks ?? {}, [[3, 32, 32]]);
    if (!resolved.ok) throw new Error('the recipe does not resolve');
    return performance.now() - began;
  });
  const resolved = resolveNetwork(networks.main, blocks ?? {}, [[3, 32, 32]]);
  return { first: times[0] ?? NaN, median: median(times), layers: resolved.ok ? countLayers(resolved.network) : 0 };
}

function countLayers(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, each) => sum + countLayers(each), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const own = (node as { type?: NetworkNode['type'] }).type === 'Layer' ? 1 : 0;
  const { children, body, shortcut, after, branches } = node as Record<string, unknown>;
  return own + [children, body, shortcut, after, branches].reduce<number>((sum, part) => sum + countLayers(part), 0);
}
