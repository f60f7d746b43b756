import { keepsNumbers } from './keeps-numbers.ts';
import type { ResolvedLayer, ResolvedNode } from './resolved.ts';

/** Layers that PyTorch gives whole numbers only. */
const embeddings: ReadonlySet<string> = new Set(['Embedding', 'EmbeddingBag', 'EmbedSequence']);
/** Takes either, and makes floats of them. */
const ofEither: ReadonlySet<string> = new Set(['OneHot']);

/** What a module wants of its input: whole numbers (which layer), floats, either, or what the next module wants. */
type Wanted = { readonly whole: ResolvedLayer } | 'float' | 'either' | 'next';

/** The layer for whose sake a network's input has to be of whole numbers; null: it takes others. */
export function takerOfWholeNumbers(network: ResolvedNode): ResolvedLayer | null {
  const wanted = wantedBy(network);
  return typeof wanted === 'object' ? wanted.whole : null;
}

function wantedBy(node: ResolvedNode): Wanted {
  switch (node.type) {
    case 'Layer':
      if (embeddings.has(node.layer)) return { whole: node };
      if (ofEither.has(node.layer)) return 'either';
      return keepsNumbers(node) ? 'next' : 'float';
    case 'Sequential':
      for (const child of node.children) {
        const wanted = wantedBy(child);
        if (wanted !== 'next') return wanted;
      }
      return 'next';
    case 'Fork': {
      const wanted = node.branches.map(wantedBy);
      if (wanted.every((each) => each === 'next')) return 'next';
      if (wanted.includes('float')) return 'float';
      return wanted.find((each) => typeof each === 'object') ?? 'either';
    }
    case 'Join':
      return wantedBy(node.branches[0]!);
    case 'Repeat':
      return wantedBy(node.body);
    case 'Recurrent':
      return node.before === null ? 'float' : wantedBy(node.before);
    case 'Transform':
      return wantedBy(node.evaluation);
    case 'Residual':
    case 'NBeats':
      return 'float';
  }
}
