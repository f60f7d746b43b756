import { findLayerType } from '../catalogue/catalogue.ts';
import type { Evaluate } from '../catalogue/read-options.ts';
import { refuse } from '../catalogue/refusal.ts';
import { hiddenShape } from '../catalogue/recurrent.ts';
import type { RecurrentOptions } from '../catalogue/recurrent.ts';
import { formatFlow, formatShape, sameFlow, sameShape } from '../catalogue/shape.ts';
import type { Flow, Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { didYouMean } from '../nearest-name.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { blockScope } from './block-scope.ts';
import { refuseBeyondBounds } from './bounds.ts';
import { isContainer } from './containers.ts';
import { asFlow, behind, flowing, Sequence, taken } from './flow.ts';
import { joinShapes } from './join.ts';
import { at, evaluatorOf, inherit, inside } from './place.ts';
import type { Place } from './place.ts';
import { resolveLayer } from './resolve-layer.ts';
import type { ResolvedLayer, ResolvedNode } from './resolved.ts';
import type {
  BlockNode,
  Blocks,
  ForkNode,
  JoinNode,
  NBeatsNode,
  NetworkName,
  NetworkNode,
  RecurrentNode,
  RecurrentOutput,
  RepeatNode,
  ResidualNode,
  SequentialNode,
  TransformNode,
} from './tree.ts';
import { counted } from '../format.ts';

export type Resolution = { readonly ok: true; readonly network: ResolvedNode } | Failed;

/** What resolving may be told beside the network. */
interface Listening {
  /** Which network of the project it is; default `main`. */
  readonly name?: NetworkName;
  readonly resolved?: Place['resolved'];
}

/**
 * Decides everything about a network that gets samples of `inputs` (without the batch). Stops at the first module that
 * cannot work. A network takes all its inputs and gives one tensor.
 */
export function resolveNetwork(
  network: NetworkNode,
  blocks: Blocks,
  inputs: Flow,
  { name = 'main', resolved = () => undefined }: Listening = {},
): Resolution {
  try {
    refuseBeyondBounds(network, blocks, `networks.${name}`);
    const nothing = { scope: null, within: [], rules: [], frozen: false };
    const top: Place = { path: `networks.${name}`, key: '', blocks, resolved, ...nothing };
    const whole = resolve(network, top, inputs);
    at(top, network.type, () => refuseLeftOver(whole, inputs));
    return { ok: true, network: whole };
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure);
    throw error;
  }
}

function refuseLeftOver(network: ResolvedNode, inputs: Flow): void {
  if (network.inputs.length < inputs.length) {
    refuse(
      `takes only ${network.inputs.length} of the network's ${inputs.length} inputs, ${formatFlow(inputs)}; ` +
        'a Join takes several',
    );
  }
  if (network.outputs.length > 1) {
    refuse(`ends with ${network.outputs.length} tensors, ${formatFlow(network.outputs)}; a network must end with one`);
  }
}

function resolve(node: NetworkNode, around: Place, flow: Flow): ResolvedNode {
  const resolved = resolveHere(node, inherit(node, around), flow);
  around.resolved(around.path, resolved);
  return resolved;
}

function resolveHere(node: NetworkNode, place: Place, flow: Flow): ResolvedNode {
  if (!isContainer(node)) return resolveLayer(node, place, flow);
  switch (node.type) {
    case 'Sequential':
      return resolveSequential(node, place, flow);
    case 'Residual':
      return resolveResidual(node, place, flow);
    case 'Fork':
    case 'Join':
      return resolveBranches(node, place, flow);
    case 'Repeat':
      return resolveRepeat(node, place, flow);
    case 'Recurrent':
      return resolveRecurrent(node, place, flow);
    case 'Transform':
      return resolveTransform(node, place, flow);
    case 'NBeats':
      return resolveNBeats(node, place, flow);
    case 'Block':
      return resolveBlock(node, place, flow);
  }
}

function resolveSequential(node: SequentialNode, place: Place, flow: Flow): ResolvedNode {
  const { path, key } = place;
  const sequence = new Sequence(flow);
  const children = node.children.map((child, index) => {
    const resolved = resolve(child, inside(place, `children[${index}]`, child.name ?? `${index}`), sequence.passing);
    sequence.add(resolved);
    return resolved;
  });
  return { type: 'Sequential', path, key, ...sequence.flowing(), children };
}

/** The first tensor of the flow goes through body and shortcut alone. */
function resolveResidual(node: ResidualNode, place: Place, [input]: Flow): ResolvedNode {
  const { path, key } = place;
  const body = resolveOne(node.body, 'body', place, input);
  const isUsed = node.shortcutWhere !== 'changed' || !sameShape(body.output, input);
  const shortcut = node.shortcut === undefined || !isUsed ? null : resolveOne(node.shortcut, 'shortcut', place, input);
  at(place, 'Residual', () => {
    const beside = shortcut?.output ?? input;
    if (sameShape(body.output, beside)) return;
    const other = shortcut === null ? 'the input' : 'the shortcut';
    refuse(`cannot add ${formatShape(body.output)} of its body and ${formatShape(beside)} of ${other}`);
  });
  const after = node.after === undefined ? null : resolveOne(node.after, 'after', place, body.output);
  return { type: 'Residual', path, key, ...flowing([input], [(after ?? body).output]), body, shortcut, after };
}

/** A part of a container: one tensor in, one out. */
function resolveOne(
  node: NetworkNode,
  field: string,
  place: Place,
  input: Shape,
  around = 'Residual',
  name = field,
): ResolvedNode {
  const resolved = resolve(node, inside(place, field, name), [input]);
  at(place, around, () => {
    if (resolved.outputs.length > 1)
      refuse(`needs one tensor from its ${field} but receives ${formatFlow(resolved.outputs)}`);
  });
  return resolved;
}

/** Every branch of a Fork gets the first tensor, every branch of a Join one of its own. */
function resolveBranches(node: ForkNode | JoinNode, place: Place, flow: Flow): ResolvedNode {
  const { path, key } = place;
  const { kind, dim = 1 } = node.join;
  const inputs = at(place, node.type, () => taken(flow, node.type === 'Join' ? node.branches.length : 1));
  const branches = node.branches.map((branch, index) => {
    const input = node.type === 'Join' ? inputs[index]! : inputs[0];
    return resolve(branch, inside(place, `branches[${index}]`, `branches.${branch.name ?? index}`), [input]);
  });
  const made = branches.flatMap((branch) => branch.outputs);
  const { outputs, multiplyAdds } = at(place, node.type, () => joinShapes(kind, dim, made));
  return { type: node.type, path, key, ...flowing(inputs, outputs), branches, join: { kind, dim }, multiplyAdds };
}

function resolveRepeat(node: RepeatNode, place: Place, flow: Flow): ResolvedNode {
  const { path, key } = place;
  const count = at(place, 'Repeat', () => readCount(node.count, evaluatorOf(place.scope)), 'count');
  const sequence = new Sequence(flow);
  if (node.shared === true) {
    const body = resolve(node.body, inside(place, 'body', 'body'), flow);
    for (let pass = 0; pass < count; pass++) {
      at(place, 'Repeat', () => {
        const given = sequence.passing.slice(0, body.inputs.length);
        if (sameFlow(given, body.inputs)) return;
        refuse(
          `can share only a body that keeps its shape; this one turns ${formatFlow(body.inputs)} into ${formatFlow(body.outputs)}`,
        );
      });
      sequence.add(body);
    }
    return { type: 'Repeat', path, key, ...sequence.flowing(), count, body };
  }
  const children = Array.from({ length: count }, (_, copy) => {
    const resolved = resolve(node.body, inside(place, 'body', `${copy}`), sequence.passing);
    sequence.add(resolved);
    return resolved;
  });
  return { type: 'Sequential', path, key, ...sequence.flowing(), children };
}

const largestCount = 10_000;

function readCount(written: number | string, evaluate: Evaluate): number {
  const count = typeof written === 'string' ? evaluate(written) : written;
  if (Number.isInteger(count) && count >= 1 && count <= largestCount) return count;
  return refuse(`needs a count from 1 to ${largestCount}, not ${count}`);
}

/** Body and what comes before it take one tensor, `after` what is handed on, or some of it. */
function resolveRecurrent(node: RecurrentNode, place: Place, [input]: Flow): ResolvedNode {
  const { path, key } = place;
  const { handsOn = ['sequence'], carry = false } = node;
  const before = node.before === undefined ? null : resolveOne(node.before, 'before', place, input, 'Recurrent');
  const whole = resolve(node.body, inside(place, 'body', 'body'), [before?.output ?? input]);
  const body = at(place, 'Recurrent', () => recurrentLayer(whole));
  const made = asFlow(handsOn.map((output) => recurrentShape(body, output)));
  const after = node.after === undefined ? null : resolve(node.after, inside(place, 'after', 'after'), made);
  const outputs = after === null ? made : behind(made, after.inputs, after.outputs);
  return { type: 'Recurrent', path, key, ...flowing([input], outputs), before, body, after, handsOn, carry };
}

function recurrentLayer(node: ResolvedNode): ResolvedLayer {
  const isRecurrent = node.type === 'Layer' && findLayerType(node.layer)?.family === 'recurrent';
  return isRecurrent ? node : refuse('needs an RNN, a GRU or an LSTM as its body');
}

function recurrentShape({ output, options }: ResolvedLayer, wanted: RecurrentOutput): Shape {
  switch (wanted) {
    case 'sequence':
      return output;
    case 'last':
      return output.slice(1);
    case 'hidden':
      return hiddenShape(options as unknown as RecurrentOptions);
  }
}

/** In parameter names they are `for_training` and `for_evaluation`: `training` is an attribute of every PyTorch module. */
function resolveTransform(node: TransformNode, place: Place, [input]: Flow): ResolvedNode {
  const { path, key } = place;
  const part = (field: 'training' | 'evaluation') =>
    resolveOne(node[field], field, place, input, 'Transform', `for_${field}`);
  const [training, evaluation] = [part('training'), part('evaluation')];
  at(place, 'Transform', () => {
    if (sameShape(training.output, evaluation.output)) return;
    refuse(
      `makes ${formatShape(training.output)} in training and ${formatShape(evaluation.output)} in evaluation: ` +
        'both must make the same shape',
    );
  });
  return { type: 'Transform', path, key, ...flowing([input], [training.output]), training, evaluation };
}

/** Every block gets what the backcasts before it leave of the first tensor; the forecasts add up. */
function resolveNBeats(node: NBeatsNode, place: Place, [input]: Flow): ResolvedNode {
  const { path, key } = place;
  let forecast: Shape | undefined;
  const children = node.children.map((child, index) => {
    const block = resolve(child, inside(place, `children[${index}]`, child.name ?? `${index}`), [input]);
    forecast = at(place, 'NBeats', () => forecastOf(block, index + 1, input, forecast));
    return block;
  });
  const output = forecast ?? at(place, 'NBeats', () => refuse('needs at least one block'));
  return { type: 'NBeats', path, key, ...flowing([input], [output]), children };
}

/** `before`: the shape of the forecasts of the blocks before it. */
function forecastOf({ outputs }: ResolvedNode, number: number, input: Shape, before: Shape | undefined): Shape {
  const [backcast, forecast] = outputs;
  if (outputs.length !== 2 || forecast === undefined) {
    return refuse(
      `needs a backcast and a forecast from block ${number} but receives ${counted(outputs.length, 'tensor')}: ` +
        `${formatFlow(outputs)}. A block must end in a Fork that joins its two outputs as a tuple`,
    );
  }
  if (!sameShape(backcast, input)) {
    refuse(
      `cannot take the backcast of block ${number}, ${formatShape(backcast)}, from the input, ${formatShape(input)}: ` +
        'they must have the same shape',
    );
  }
  if (before !== undefined && !sameShape(forecast, before)) {
    refuse(
      `cannot add the forecast of block ${number}, ${formatShape(forecast)}, to the forecasts before it, ${formatShape(before)}`,
    );
  }
  return forecast;
}

function resolveBlock(node: BlockNode, place: Place, flow: Flow): ResolvedNode {
  const definition = Object.hasOwn(place.blocks, node.block) ? place.blocks[node.block] : undefined;
  const scope = at(
    place,
    'Block',
    () => {
      if (definition === undefined) {
        return refuse(
          `names no Block of this project: "${node.block}".${didYouMean(node.block, Object.keys(place.blocks))}`,
        );
      }
      if (place.within.includes(node.block)) refuse(`"${node.block}" contains itself`);
      return blockScope(node, definition, evaluatorOf(place.scope));
    },
    'block',
  );
  const path = `${place.path}/blocks.${node.block}.body`;
  return resolve(definition!.body, { ...place, path, scope, within: [...place.within, node.block] }, flow);
}
