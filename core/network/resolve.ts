import { findLayerType } from '../catalogue/catalogue.ts';
import type { ParameterKind } from '../catalogue/layer-type.ts';
import { noExpressions, readOptions } from '../catalogue/read-options.ts';
import type { Evaluate } from '../catalogue/read-options.ts';
import { Refusal, refuse } from '../catalogue/refusal.ts';
import { formatShape, sameShape } from '../catalogue/shape.ts';
import type { Shape } from '../catalogue/shape.ts';
import { FailureError } from '../failure.ts';
import { didYouMean } from '../nearest-name.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { blockScope } from './block-scope.ts';
import { isContainer } from './containers.ts';
import { evaluateExpression, parseExpression } from './expression.ts';
import type { Scope } from './expression.ts';
import { joinShapes } from './join.ts';
import { refusalFailure } from './refusal-failure.ts';
import type { ResolvedLayer, ResolvedNode } from './resolved.ts';
import { unknownModule } from './unknown-module.ts';
import type {
  BlockNode,
  Blocks,
  ForkNode,
  Initialiser,
  LayerNode,
  NetworkNode,
  RepeatNode,
  ResidualNode,
  SequentialNode,
} from './tree.ts';

export type Resolution = { readonly ok: true; readonly network: ResolvedNode } | Failed;

/** Decides everything about a network that gets samples of `input` (without the batch). Stops at the first module that cannot work. */
export function resolveNetwork(network: NetworkNode, blocks: Blocks, input: Shape): Resolution {
  try {
    const top: Place = { path: 'networks.main', key: '', blocks, scope: null, within: [], rules: [], frozen: false };
    return { ok: true, network: resolve(network, top, input) };
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure);
    throw error;
  }
}

/** Where a node stands, and what it has from the nodes around it. */
interface Place {
  readonly path: string;
  readonly key: string;
  readonly blocks: Blocks;
  /** Values of the Block's parameters; null outside of Blocks. */
  readonly scope: Scope | null;
  /** Blocks being expanded, against a Block that contains itself. */
  readonly within: readonly string[];
  /** Initialisers of the nodes around, nearest first. */
  readonly rules: readonly Initialiser[];
  readonly frozen: boolean;
}

function resolve(node: NetworkNode, around: Place, input: Shape): ResolvedNode {
  const place = inherit(node, around);
  if (!isContainer(node)) return resolveLayer(node, place, input);
  switch (node.type) {
    case 'Sequential':
      return resolveSequential(node, place, input);
    case 'Residual':
      return resolveResidual(node, place, input);
    case 'Fork':
      return resolveFork(node, place, input);
    case 'Repeat':
      return resolveRepeat(node, place, input);
    case 'Block':
      return resolveBlock(node, place, input);
  }
}

function resolveSequential(node: SequentialNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const children: ResolvedNode[] = [];
  let output = input;
  for (const [index, child] of node.children.entries()) {
    const resolved = resolve(child, inside(place, `children[${index}]`, child.name ?? `${index}`), output);
    children.push(resolved);
    output = resolved.output;
  }
  return { type: 'Sequential', path, key, input, output, children };
}

function resolveResidual(node: ResidualNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const body = resolve(node.body, inside(place, 'body', 'body'), input);
  const shortcut =
    node.shortcut === undefined ? null : resolve(node.shortcut, inside(place, 'shortcut', 'shortcut'), input);
  at(place, 'Residual', () => {
    const beside = shortcut?.output ?? input;
    if (sameShape(body.output, beside)) return;
    const other = shortcut === null ? 'the input' : 'the shortcut';
    refuse(`cannot add ${formatShape(body.output)} of its body and ${formatShape(beside)} of ${other}`);
  });
  const after = node.after === undefined ? null : resolve(node.after, inside(place, 'after', 'after'), body.output);
  return { type: 'Residual', path, key, input, output: after?.output ?? body.output, body, shortcut, after };
}

function resolveFork(node: ForkNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const { kind, dim = 1 } = node.join;
  const branches = node.branches.map((branch, index) =>
    resolve(branch, inside(place, `branches[${index}]`, `branches.${branch.name ?? index}`), input),
  );
  const outputs = branches.map((branch) => branch.output);
  const { output, multiplyAdds } = at(place, 'Fork', () => joinShapes(kind, dim, outputs));
  return { type: 'Fork', path, key, input, output, branches, join: { kind, dim }, multiplyAdds };
}

function resolveRepeat(node: RepeatNode, place: Place, input: Shape): ResolvedNode {
  const { path, key } = place;
  const count = at(place, 'Repeat', () => readCount(node.count, evaluatorOf(place.scope)), 'count');
  if (node.shared === true) {
    const body = resolve(node.body, inside(place, 'body', 'body'), input);
    at(place, 'Repeat', () => {
      if (count > 1 && !sameShape(input, body.output)) {
        refuse(
          `can share only a body that keeps its shape, this one makes ${formatShape(body.output)} of ${formatShape(input)}`,
        );
      }
    });
    return { type: 'Repeat', path, key, input, output: body.output, count, body };
  }
  const children: ResolvedNode[] = [];
  let output = input;
  for (let copy = 0; copy < count; copy++) {
    const resolved = resolve(node.body, inside(place, 'body', `${copy}`), output);
    children.push(resolved);
    output = resolved.output;
  }
  return { type: 'Sequential', path, key, input, output, children };
}

const largestCount = 10_000;

function readCount(written: number | string, evaluate: Evaluate): number {
  const count = typeof written === 'string' ? evaluate(written) : written;
  if (Number.isInteger(count) && count >= 1 && count <= largestCount) return count;
  return refuse(`needs a count from 1 to ${largestCount}, not ${count}`);
}

function resolveBlock(node: BlockNode, place: Place, input: Shape): ResolvedNode {
  const definition = Object.hasOwn(place.blocks, node.block) ? place.blocks[node.block] : undefined;
  const scope = at(
    place,
    'Block',
    () => {
      if (definition === undefined) {
        return refuse(
          `names no block of this project: "${node.block}".${didYouMean(node.block, Object.keys(place.blocks))}`,
        );
      }
      if (place.within.includes(node.block)) refuse(`"${node.block}" contains itself`);
      return blockScope(node, definition, evaluatorOf(place.scope));
    },
    'block',
  );
  const path = `${place.path}/blocks.${node.block}.body`;
  return resolve(definition!.body, { ...place, path, scope, within: [...place.within, node.block] }, input);
}

function resolveLayer(node: LayerNode, place: Place, input: Shape): ResolvedLayer {
  const { path, key, frozen } = place;
  return at(place, node.type, () => {
    const type = findLayerType(node.type) ?? refuse(unknownModule(node.type));
    const options = readOptions(type, node.options ?? {}, input, evaluatorOf(place.scope));
    const output = type.output(options, input);
    const named = <Tensor extends { readonly name: string }>(tensor: Tensor): Tensor => ({
      ...tensor,
      name: key === '' ? tensor.name : `${key}.${tensor.name}`,
    });
    const parameters = type.parameters(options).map(named);
    return {
      type: 'Layer',
      layer: type.name,
      path,
      key,
      input,
      output,
      options,
      parameters,
      buffers: type.buffers(options).map(named),
      multiplyAdds: type.multiplyAdds(options, input, output),
      initialise: rulesFor(type.name, parameters, place.rules),
      frozen,
    };
  });
}

function rulesFor(
  type: string,
  parameters: readonly { readonly kind: ParameterKind }[],
  rules: readonly Initialiser[],
): readonly Initialiser[] {
  if (rules.length === 0) return rules;
  const kinds = new Set(parameters.map((parameter) => parameter.kind));
  return [...kinds].flatMap(
    (kind) =>
      rules.find((rule) => rule.parameters === kind && (rule.types === undefined || rule.types.includes(type))) ?? [],
  );
}

function inherit(node: NetworkNode, around: Place): Place {
  if (node.initialise === undefined && node.frozen === undefined) return around;
  return {
    ...around,
    rules: [...(node.initialise ?? []), ...around.rules],
    frozen: node.frozen ?? around.frozen,
  };
}

function inside(place: Place, step: string, name: string): Place {
  return { ...place, path: `${place.path}.${step}`, key: place.key === '' ? name : `${place.key}.${name}` };
}

function evaluatorOf(scope: Scope | null): Evaluate {
  return scope === null ? noExpressions : (text) => evaluateExpression(parseExpression(text), scope);
}

/** Runs a rule for the node at `place`; a Refusal gets its address. `field` is to blame if the Refusal names no option. */
function at<Result>(place: Place, type: string, rule: () => Result, field?: string): Result {
  try {
    return rule();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new FailureError(refusalFailure(error, place.path, type, field));
  }
}
