import type { ResolvedNode } from '../network/resolved.ts';
import type { ExportNetwork } from './subject.ts';

/** Layers that PyTorch gives whole numbers only. */
const embeddings: ReadonlySet<string> = new Set(['Embedding', 'EmbeddingBag', 'EmbedSequence']);
/** Takes either, and makes floats of them. */
const ofEither: ReadonlySet<string> = new Set(['OneHot']);
/** Pass numbers on as they are. */
const passing: ReadonlySet<string> = new Set([
  ...['Identity', 'Flatten', 'Unflatten', 'Reshape', 'Permute', 'Transpose', 'Squeeze', 'Unsqueeze', 'Select'],
  'IndexSelect',
]);

/** What a module wants of its input: whole numbers, floats, either, or what the next module wants. */
type Wanted = 'whole' | 'float' | 'either' | 'next';

/** Whether an input of a network's Python source has to be of whole numbers (int64). The engine has all as floats. */
export function isWholeInput({ resolved, inputs }: Pick<ExportNetwork, 'resolved' | 'inputs'>, index: number): boolean {
  // The number of a class has no dimensions.
  if (inputs[index]!.samples.shape.length === 1) return true;
  return index === 0 && wantedBy(resolved) === 'whole';
}

function wantedBy(node: ResolvedNode): Wanted {
  switch (node.type) {
    case 'Layer':
      if (embeddings.has(node.layer)) return 'whole';
      if (ofEither.has(node.layer)) return 'either';
      return passing.has(node.layer) ? 'next' : 'float';
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
      return wanted.includes('whole') ? 'whole' : 'either';
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
