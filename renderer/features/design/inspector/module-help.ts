import { findLayerType } from '../../../../core/catalogue/catalogue.ts';
import { isLayer } from '../../../../core/network/containers.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';

const containers: Readonly<Record<string, string>> = {
  Sequential: 'One after another.',
  Residual: 'Adds the input, or what the shortcut makes of it, to what the body makes.',
  Fork: 'Every branch gets the input; their outputs are joined.',
  Repeat: 'The body, again and again.',
  Recurrent: 'A recurrent layer with what comes before and after it; says what of its outputs goes on.',
  Transform: 'One sequence of transforms while training, another one in evaluation.',
  NBeats: 'Blocks that each explain a part of what comes in (the backcast) and forecast by it; the forecasts add up.',
  Block: 'An instance of a Block: what changes in its definition changes in all of them.',
};

/** What a module does, in a sentence. */
export function moduleHelp(node: NetworkNode): string {
  return (isLayer(node) ? findLayerType(node.type)?.help : containers[node.type]) ?? '';
}
