import { findLayerType } from '../../../../core/catalogue/catalogue.ts';
import { isLayer } from '../../../../core/network/containers.ts';
import type { NetworkNode } from '../../../../core/network/tree.ts';

const containers: Readonly<Record<string, string>> = {
  Sequential: 'Applies its modules one after another.',
  Residual: 'Adds the input, or the output of the shortcut, to the output of the body.',
  Fork: 'Feeds the input to every branch and joins their outputs.',
  Repeat: 'Applies the body repeatedly.',
  Recurrent: 'Wraps a recurrent layer and selects which of its outputs are passed on.',
  Transform: 'Applies one sequence of transforms in training and another in evaluation.',
  NBeats: 'Stacks blocks that each explain part of the input (the backcast) and add to the forecast.',
  Block: 'Instance of a Block. Changes to the definition apply to all instances.',
};

/** What a module does, in a sentence. */
export function moduleHelp(node: NetworkNode): string {
  return (isLayer(node) ? findLayerType(node.type)?.help : containers[node.type]) ?? '';
}
