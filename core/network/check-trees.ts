import { findLayerType } from '../catalogue/catalogue.ts';
import type { OptionDeclaration } from '../catalogue/option.ts';
import { noExpressions, readOption, refuseUnknownOptions } from '../catalogue/read-options.ts';
import { Refusal, blaming, refuse } from '../catalogue/refusal.ts';
import type { Failure } from '../failure.ts';
import { didYouMean } from '../nearest-name.ts';
import { isContainer } from './containers.ts';
import { evaluateExpression, parseExpression } from './expression.ts';
import { refusalFailure } from './refusal-failure.ts';
import type { BlockDefinition, BlockNode, Blocks, LayerNode, NetworkNode, Networks, OptionValue } from './tree.ts';
import { unknownModule } from './unknown-module.ts';

/** Everything that is wrong with the networks of a project and its Blocks whatever the input: names, options, expressions. */
export function checkTrees(networks: Networks, blocks: Blocks): readonly Failure[] {
  const outside = { blocks, names: null, whole: wholeNodes(blocks, null) };
  const failures = Object.entries(networks).flatMap(([name, network]: readonly [string, NetworkNode]) => [
    ...checkNode(network, { path: `networks.${name}`, ...outside }),
  ]);
  for (const [name, definition] of Object.entries(blocks)) {
    const names = definition.parameters.map((parameter) => parameter.name);
    const path = `blocks.${name}`;
    const twice = names.find((parameter, index) => names.indexOf(parameter) !== index);
    if (twice !== undefined) {
      failures.push({
        code: 'badNetwork',
        message: `${path}.parameters has two parameters "${twice}".`,
        at: `${path}.parameters`,
      });
    }
    const whole = wholeNodes(blocks, definition);
    failures.push(...checkNode(definition.body, { path: `${path}.body`, blocks, names, whole }));
  }
  return failures;
}

interface Place {
  readonly path: string;
  readonly blocks: Blocks;
  /** Parameters of the Block around; null outside of Blocks. */
  readonly names: readonly string[] | null;
  /** Nodes found without failure before, among the same Blocks and names: nodes never change. */
  readonly whole: WeakSet<NetworkNode>;
}

/** By the Blocks and the definition around: of an edited tree nearly all nodes are the old ones. */
const known = new WeakMap<Blocks, WeakMap<BlockDefinition | Blocks, WeakSet<NetworkNode>>>();
const noBlocks: Blocks = {};

function wholeNodes(blocks: Blocks, definition: BlockDefinition | null): WeakSet<NetworkNode> {
  const key = Object.keys(blocks).length === 0 ? noBlocks : blocks;
  const trees = known.get(key) ?? new WeakMap<BlockDefinition | Blocks, WeakSet<NetworkNode>>();
  known.set(key, trees);
  const whole = trees.get(definition ?? key) ?? new WeakSet<NetworkNode>();
  trees.set(definition ?? key, whole);
  return whole;
}

function* checkNode(node: NetworkNode, place: Place): Generator<Failure> {
  if (place.whole.has(node)) return;
  let isWhole = true;
  for (const failure of checkContent(node, place)) {
    isWhole = false;
    yield failure;
  }
  if (isWhole) place.whole.add(node);
}

function* checkContent(node: NetworkNode, place: Place): Generator<Failure> {
  if (!isContainer(node)) {
    yield* checkLayer(node, place);
    return;
  }
  switch (node.type) {
    case 'Sequential':
    case 'NBeats':
      yield* checkSiblings(node.children, 'children', place);
      return;
    case 'Fork':
    case 'Join':
      yield* checkSiblings(node.branches, 'branches', place);
      return;
    case 'Residual':
      yield* checkNode(node.body, inside(place, 'body'));
      if (node.shortcut !== undefined) yield* checkNode(node.shortcut, inside(place, 'shortcut'));
      if (node.after !== undefined) yield* checkNode(node.after, inside(place, 'after'));
      return;
    case 'Repeat':
      if (typeof node.count === 'string') {
        const { count } = node;
        yield* refusals('Repeat', place, () => checkExpression(count, place.names), 'count');
      } else if (!Number.isInteger(node.count) || node.count < 1) {
        const { count } = node;
        yield* refusals(
          'Repeat',
          place,
          () => refuse(`needs a count that is a whole number of at least 1, not ${count}`),
          'count',
        );
      }
      yield* checkNode(node.body, inside(place, 'body'));
      return;
    case 'Recurrent':
      if (node.before !== undefined) yield* checkNode(node.before, inside(place, 'before'));
      yield* checkNode(node.body, inside(place, 'body'));
      if (node.after !== undefined) yield* checkNode(node.after, inside(place, 'after'));
      return;
    case 'Transform':
      yield* checkNode(node.training, inside(place, 'training'));
      yield* checkNode(node.evaluation, inside(place, 'evaluation'));
      return;
    case 'Block':
      yield* checkInstance(node, place);
      return;
  }
}

function* checkSiblings(nodes: readonly NetworkNode[], field: string, place: Place): Generator<Failure> {
  const seen = new Set<string>();
  for (const [index, node] of nodes.entries()) {
    const here = inside(place, `${field}[${index}]`);
    if (node.name !== undefined && seen.has(node.name)) {
      yield {
        code: 'badNetwork',
        message: `${here.path} has the same name as another module in its container: "${node.name}".`,
        at: `${here.path}.name`,
      };
    }
    if (node.name !== undefined) seen.add(node.name);
    yield* checkNode(node, here);
  }
}

function* checkInstance(node: BlockNode, place: Place): Generator<Failure> {
  const { blocks } = place;
  const definition = Object.hasOwn(blocks, node.block) ? blocks[node.block] : undefined;
  if (definition === undefined) {
    const hint = didYouMean(node.block, Object.keys(blocks));
    yield* refusals('Block', place, () => refuse(`names no Block of this project: "${node.block}".${hint}`), 'block');
    return;
  }
  const given = node.arguments ?? {};
  const names = definition.parameters.map((parameter) => parameter.name);
  for (const [name, value] of Object.entries(given)) {
    yield* refusals(
      'Block',
      place,
      () => {
        if (!names.includes(name)) refuse(`has no parameter "${name}" in "${node.block}".${didYouMean(name, names)}`);
        if (typeof value === 'string') checkExpression(value, place.names);
      },
      `arguments.${name}`,
    );
  }
  for (const parameter of definition.parameters) {
    if (parameter.default !== undefined || Object.hasOwn(given, parameter.name)) continue;
    yield* refusals(
      'Block',
      place,
      () => refuse(`needs a value for "${parameter.name}" of "${node.block}"`),
      'arguments',
    );
  }
}

function* checkLayer(node: LayerNode, place: Place): Generator<Failure> {
  const type = findLayerType(node.type);
  if (type === undefined) {
    yield* refusals(node.type, place, () => refuse(unknownModule(node.type)), 'type');
    return;
  }
  const written = node.options ?? {};
  yield* refusals(node.type, place, () => refuseUnknownOptions(type, written));
  for (const [name, declaration] of Object.entries(type.options)) {
    const value = written[name];
    yield* refusals(node.type, place, () => {
      if (value === undefined) {
        if (!hasStandard(declaration)) refuse(`needs ${name}`, name);
        return;
      }
      checkOption(name, declaration, value, place.names);
    });
  }
}

/** Expressions must name known parameters; what they amount to is known only where the Block is used. */
function checkOption(
  name: string,
  declaration: OptionDeclaration,
  value: OptionValue,
  names: readonly string[] | null,
): void {
  const isWord = declaration.kind === 'choice' || value === 'same' || value === 'valid';
  const expressions = isWord
    ? []
    : (Array.isArray(value) ? value : [value]).filter((entry: OptionValue) => typeof entry === 'string');
  if (expressions.length === 0 || names === null) {
    readOption(name, declaration, value, noExpressions);
    return;
  }
  for (const expression of expressions) blaming(name, () => checkExpression(expression, names));
}

function checkExpression(text: string, names: readonly string[] | null): void {
  if (names === null) {
    noExpressions(text);
    return;
  }
  evaluateExpression(parseExpression(text), new Map(names.map((name) => [name, 1])));
}

function hasStandard(declaration: OptionDeclaration): boolean {
  if (declaration.kind === 'integer' && declaration.infer !== undefined) return true;
  if ('sameAs' in declaration) return true;
  return declaration.default !== undefined;
}

function inside(place: Place, step: string): Place {
  return { ...place, path: `${place.path}.${step}` };
}

function* refusals(type: string, place: Place, check: () => void, field?: string): Generator<Failure> {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    yield refusalFailure(error, place.path, type, field);
  }
}
