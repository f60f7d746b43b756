import { nodesUnder } from '../editing/walk.ts';
import { isLayer } from '../network/containers.ts';
import type { Expression } from '../network/expression.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import type {
  BlockNode,
  ForkNode,
  JoinNode,
  NBeatsNode,
  NetworkNode,
  RecurrentNode,
  RepeatNode,
  ResidualNode,
  TransformNode,
} from '../network/tree.ts';
import { Inexpressible } from './python-class.ts';
import type { ClassScope, Sample, SizeNames } from './python-class.ts';
import { expressionText, number, plus, substituted } from './python-expression.ts';
import { expressionOf, writeLayer } from './python-layer.ts';
import type { Names, Written } from './python-layer.ts';
import { call, copies, dictionary } from './python-layout.ts';
import type { Code, Construction } from './python-layout.ts';
import { pythonString, pythonTuple } from './python-words.ts';

/** Code that makes `node`, the same for all `samples`: what the node is resolved to in every instance and every copy. */
export function writeModule(
  node: NetworkNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  if (isLayer(node)) return writeLayer(node, samples, input, names, scope);
  switch (node.type) {
    case 'Sequential': {
      const passing = new Passing(input);
      const parts = node.children.map((child, index) => {
        const inner = childrenOf(samples, index);
        const written = writeModule(child, inner, passing.first, names, scope);
        passing.add(written, inner);
        return written.code;
      });
      return {
        code: passing.isPlain ? sequence(node.children, parts) : chain(node.children, parts, passing.takes),
        output: passing.first,
      };
    }
    case 'Residual':
      return writeResidual(node, samples, input, names, scope);
    case 'Fork':
    case 'Join':
      return writeBranches(node, samples, input, names, scope);
    case 'Repeat':
      return writeRepeat(node, samples, input, names, scope);
    case 'Recurrent':
      return writeRecurrent(node, samples, input, names, scope);
    case 'Transform':
      return writeTransform(node, samples, input, names, scope);
    case 'NBeats':
      return writeNBeats(node, samples, input, names, scope);
    case 'Block':
      return writeInstance(node, samples, input, names, scope);
  }
}

/** What the samples have at one place inside of them. */
function partsOf(samples: readonly Sample[], part: (resolved: ResolvedNode) => ResolvedNode | null): Sample[] {
  return samples.flatMap(({ instance, resolved }) => {
    const inner = part(resolved);
    return inner === null ? [] : [{ instance, resolved: inner }];
  });
}

function childrenOf(samples: readonly Sample[], index: number): Sample[] {
  return partsOf(samples, (resolved) => (resolved.type === 'Sequential' ? (resolved.children[index] ?? null) : null));
}

/** How many tensors a module takes and gives; the same in all samples. */
function arity(samples: readonly Sample[]): readonly [takes: number, gives: number] {
  const [first] = samples;
  return first === undefined ? [1, 1] : [first.resolved.inputs.length, first.resolved.outputs.length];
}

/** Follows the sizes of a flow through modules one after another. Those of tensors that nobody names are left open. */
class Passing {
  readonly takes: number[] = [];
  isPlain = true;
  #flow: readonly SizeNames[];

  constructor(input: SizeNames) {
    this.#flow = [input];
  }

  get first(): SizeNames {
    return this.#flow[0] ?? [];
  }

  add(written: Written, samples: readonly Sample[]): void {
    const [takes, gives] = arity(samples);
    const others = Array.from({ length: gives - 1 }, (): SizeNames => []);
    this.takes.push(takes);
    this.isPlain &&= takes === 1 && gives === 1;
    this.#flow = [written.output, ...others, ...this.#flow.slice(takes)];
  }
}

function chain(nodes: readonly NetworkNode[], parts: readonly Construction[], takes: readonly number[]): Construction {
  return { type: 'Chain', items: [keyed(nodes, parts), `takes=${pythonTuple(takes.map(String))}`] };
}

/** A sequence whose modules may have names of their own. */
function sequence(nodes: readonly NetworkNode[], parts: readonly Construction[]): Construction {
  if (nodes.every(({ name }) => name === undefined)) {
    return { type: 'nn.Sequential', items: parts.map((part) => call(part)) };
  }
  return { type: 'Named', items: [keyed(nodes, parts)] };
}

function keyed(nodes: readonly NetworkNode[], parts: readonly Construction[]): Code {
  return dictionary(parts.map((part, index) => call(part, `${pythonString(nodes[index]?.name ?? `${index}`)}: `)));
}

function writeResidual(
  node: ResidualNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const body = writeModule(node.body, residualParts(samples, 'body'), input, names, scope);
  const items: Code[] = [call(body.code, 'body=')];
  const used = residualParts(samples, 'shortcut');
  if (node.shortcut !== undefined && used.length > 0) {
    const { code } = writeModule(node.shortcut, used, input, names, scope);
    const isEverywhere = used.length === samples.length;
    const where = isEverywhere ? '' : ` if ${whereUsed(node, samples, input, body, names, scope)} else None`;
    items.push(call(code, 'shortcut=', where));
  }
  if (node.after === undefined) return { code: { type: 'Residual', items }, output: body.output };
  const after = writeModule(node.after, residualParts(samples, 'after'), body.output, names, scope);
  items.push(call(after.code, 'after='));
  return { code: { type: 'Residual', items }, output: after.output };
}

/**
 * In which samples the shortcut is computed, as torchvision's ResNets ask: `stride != 1 or in_channels != out`. Where
 * that says something else, as a further argument.
 */
function whereUsed(
  node: ResidualNode,
  samples: readonly Sample[],
  input: SizeNames,
  body: Written,
  names: Names,
  scope: ClassScope,
): string {
  const isUsed = samples.map(({ resolved }) => resolved.type === 'Residual' && resolved.shortcut !== null);
  const pairs = stridesIn(node.body).map((stride) => [expressionOf(stride, names), number(1)] as const);
  const [given, made] = [input[0], body.output[0]];
  if (given && made) pairs.push([given, made]);
  const terms = new Map(pairs.map((pair) => [pair.map((side) => expressionText(side)).join(' != '), pair]));
  const holds = (tried: typeof terms) =>
    samples.every(({ instance }, index) => {
      const isChanged = [...tried.values()].some(([a, b]) => scope.valueIn(instance, a) !== scope.valueIn(instance, b));
      return isChanged === isUsed[index];
    });
  const fitting = [terms, ...[...terms].map((term) => new Map([term]))].find(holds);
  if (fitting !== undefined) return [...fitting.keys()].join(' or ');
  return scope.integerText(scope.expressionFor(samples, isUsed.map(Number), null, 'has_shortcut'));
}

/** Strides that are written as expressions. */
function stridesIn(body: NetworkNode): readonly string[] {
  const strides = [...nodesUnder(body)].flatMap((node) => (isLayer(node) ? (node.options?.['stride'] ?? []) : []));
  return strides.filter((stride) => typeof stride === 'string');
}

function residualParts(samples: readonly Sample[], part: 'body' | 'shortcut' | 'after'): Sample[] {
  return partsOf(samples, (resolved) => (resolved.type === 'Residual' ? resolved[part] : null));
}

function writeBranches(
  node: ForkNode | JoinNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const branches = node.branches.map((branch, index) => {
    const inner = partsOf(samples, (resolved) =>
      resolved.type === node.type && 'branches' in resolved ? (resolved.branches[index] ?? null) : null,
    );
    return writeModule(branch, inner, node.type === 'Fork' || index === 0 ? input : [], names, scope);
  });
  const { kind, dim = 1 } = node.join;
  const parts = sequence(
    node.branches,
    branches.map(({ code }) => code),
  );
  const list = parts.type === 'Named' ? parts : { ...parts, type: 'nn.ModuleList', items: [inList(parts.items)] };
  const items = [call(list), `join=${pythonString(kind)}`, ...(dim === 1 ? [] : [`dim=${dim}`])];
  return { code: { type: node.type, items }, output: joined(kind, dim, branches) };
}

function inList(items: readonly Code[]): Code {
  return { open: '[', items, separator: ',', close: ']' };
}

/** Sizes of what a Fork or a Join makes, as far as they can be named; whether they hold is seen where they are used. */
function joined(kind: ForkNode['join']['kind'], dim: number, branches: readonly Written[]): SizeNames {
  const [first, ...rest] = branches.map(({ output }) => output);
  if (kind === 'stack' || kind === 'matmul') return [];
  if (kind !== 'cat') return first!;
  const along = dim < 0 ? dim + first!.length : dim - 1;
  return first!.map((size, index) => {
    if (index !== along) return size;
    return rest.reduce<Expression | null>((sum, output) => {
      const next = output[along];
      return sum === null || !next ? null : plus(sum, next);
    }, size);
  });
}

function writeRepeat(
  node: RepeatNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const count = expressionOf(node.count, names);
  const write = (inner: readonly Sample[], from: SizeNames) => writeModule(node.body, inner, from, names, scope);
  if (node.shared === true) {
    const body = write(
      partsOf(samples, (resolved) => (resolved.type === 'Repeat' ? resolved.body : null)),
      input,
    );
    const items = [call(body.code), `count=${scope.integerText(count)}`];
    const [takes, gives] = arity(partsOf(samples, (resolved) => (resolved.type === 'Repeat' ? resolved.body : null)));
    if (takes === 1 && gives === 1) return { code: { type: 'Repeat', items }, output: body.output };
    return { code: { type: 'RepeatChain', items: [...items, `takes=${takes}`] }, output: body.output };
  }
  const counts = samples.map(({ resolved }) => (resolved.type === 'Sequential' ? resolved.children.length : 0));
  const from = (first: number) =>
    samples.flatMap(({ instance, resolved }) =>
      resolved.type === 'Sequential'
        ? resolved.children.slice(first).map((copy) => ({ instance, resolved: copy }))
        : [],
    );
  const several = (code: Construction, times: Expression) =>
    times.kind === 'number' && times.value === 1 ? call(code) : copies(code, scope.integerText(times));
  const alike = (): Written => {
    const { code, output } = write(from(0), input);
    const items = [several(code, count)];
    return { code: { type: 'nn.Sequential', items }, output };
  };
  const firstDiffers = (): Written => {
    const first = write(childrenOf(samples, 0), input);
    const rest = write(from(1), first.output);
    const items = [call(first.code), several(rest.code, plus(count, number(-1)))];
    return { code: { type: 'nn.Sequential', items }, output: rest.output };
  };
  const allDiffer = (): Written => {
    if (counts.some((other) => other !== counts[0])) throw new Inexpressible();
    const passing = new Passing(input);
    const parts = Array.from({ length: counts[0]! }, (_, copy) => {
      const inner = childrenOf(samples, copy);
      const written = write(inner, passing.first);
      passing.add(written, inner);
      return written.code;
    });
    const code = passing.isPlain
      ? { type: 'nn.Sequential', items: parts.map((part) => call(part)) }
      : chain([], parts, passing.takes);
    return { code, output: passing.first };
  };
  const [takes, gives] = arity(from(0));
  return takes === 1 && gives === 1 ? scope.firstOf(alike, firstDiffers, allDiffer) : allDiffer();
}

function writeRecurrent(
  node: RecurrentNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const inside = (part: 'before' | 'body' | 'after') =>
    partsOf(samples, (resolved) => (resolved.type === 'Recurrent' ? resolved[part] : null));
  const items: Code[] = [];
  const before = node.before && writeModule(node.before, inside('before'), input, names, scope);
  const body = writeModule(node.body, inside('body'), before?.output ?? input, names, scope);
  if (before !== undefined) items.push(call(before.code, 'before='));
  items.push(call(body.code, 'body='));
  const { handsOn = ['sequence'] } = node;
  const isSequence = handsOn[0] === 'sequence';
  const made = isSequence ? body.output : handsOn[0] === 'last' ? body.output.slice(1) : [];
  const after = node.after && writeModule(node.after, inside('after'), made, names, scope);
  if (after !== undefined) items.push(call(after.code, 'after='));
  if (!isSequence || handsOn.length > 1) items.push(`hands_on=${pythonTuple(handsOn.map(pythonString))}`);
  const [takes] = arity(inside('after'));
  if (after !== undefined && takes !== handsOn.length) items.push(`takes=${takes}`);
  if (node.carry === true) items.push('carry=True');
  return { code: { type: 'Recurrent', items }, output: after?.output ?? made };
}

function writeTransform(
  node: TransformNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const write = (part: 'training' | 'evaluation') => {
    const inner = partsOf(samples, (resolved) => (resolved.type === 'Transform' ? resolved[part] : null));
    return writeModule(node[part], inner, input, names, scope);
  };
  const [training, evaluation] = [write('training'), write('evaluation')];
  const items = [call(training.code), call(evaluation.code)];
  return { code: { type: 'Transform', items }, output: training.output };
}

function writeNBeats(
  node: NBeatsNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const blocks = node.children.map((child, index) => {
    const inner = partsOf(samples, (resolved) =>
      resolved.type === 'NBeats' ? (resolved.children[index] ?? null) : null,
    );
    return writeModule(child, inner, input, names, scope).code;
  });
  // The forecast is the second of what a block gives: its sizes are not followed.
  return { code: { type: 'NBeats', items: [keyed(node.children, blocks)] }, output: [] };
}

function writeInstance(
  node: BlockNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const definition = scope.blocks[node.block]!;
  const written = scope.classes.get(node.block);
  const given = node.arguments ?? {};
  if (written === undefined) {
    const inner = definition.parameters.map(({ name, default: standard }) => {
      return [name, expressionOf(Object.hasOwn(given, name) ? given[name]! : standard!, names)] as const;
    });
    return writeModule(definition.body, samples, input, new Map(inner), scope);
  }
  const inside = new Map<string, Expression | null>();
  for (const [dimension, size] of written.input.entries()) {
    if (size?.kind === 'name') inside.set(size.name, input[dimension] ?? null);
  }
  const items: string[] = [];
  for (const { name, dimension } of written.inferred) {
    const values = samples.map(({ resolved }) => written.values.get(resolved)!.get(name)!);
    const likely = dimension === null ? null : input[dimension];
    const value = scope.expressionFor(samples, values, likely, name);
    inside.set(name, value);
    items.push(scope.integerText(value));
  }
  for (const { name, default: standard } of definition.parameters) {
    const word = written.parameters.get(name)!;
    const value = expressionOf(Object.hasOwn(given, name) ? given[name]! : standard!, names);
    inside.set(word, value);
    if (Object.hasOwn(given, name)) items.push(`${word}=${scope.numberText(value)}`);
  }
  const output = written.output.map((size) => (size === null ? null : substituted(size, inside)));
  return { code: { type: written.name, items }, output };
}
