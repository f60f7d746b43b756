import { findLayerType } from '../catalogue/catalogue.ts';
import { Refusal } from '../catalogue/refusal.ts';
import { moduleAt, spotAt, treeOf } from '../network/address.ts';
import type { Address } from '../network/address.ts';
import { isContainer } from '../network/containers.ts';
import { evaluateExpression, parseExpression } from '../network/expression.ts';
import type { Expression, Scope } from '../network/expression.ts';
import type { BlockDefinition, LayerNode, NetworkNode, OptionValue } from '../network/tree.ts';
import type { Project } from '../project/project.ts';
import { refusal } from './selected.ts';
import { mapNodes } from './walk.ts';

type Replace = (expression: string) => number | string;

/** The subtree with every expression over a Block's parameters replaced. */
export function mapExpressions(node: NetworkNode, replace: Replace): NetworkNode {
  const change = (value: number | string) => (typeof value === 'string' ? replace(value) : value);
  return mapNodes(node, (part) => {
    if (!isContainer(part)) return withOptions(part, replace);
    if (part.type === 'Repeat') return typeof part.count === 'string' ? { ...part, count: replace(part.count) } : part;
    if (part.type !== 'Block' || part.arguments === undefined) return part;
    const entries = Object.entries(part.arguments).map(([name, value]) => [name, change(value)] as const);
    return { ...part, arguments: Object.fromEntries(entries) };
  });
}

function withOptions(node: LayerNode, replace: Replace): LayerNode {
  if (node.options === undefined) return node;
  const declarations = findLayerType(node.type)?.options ?? {};
  const entries = Object.entries(node.options).map(([name, value]): readonly [string, OptionValue] => {
    const kind = declarations[name]?.kind;
    if (kind === 'choice' || (kind === 'padding' && (value === 'same' || value === 'valid'))) return [name, value];
    if (typeof value === 'string') return [name, replace(value)];
    if (typeof value !== 'object' || value === null) return [name, value];
    return [name, value.map((entry) => (typeof entry === 'string' ? replace(entry) : entry))];
  });
  return { ...node, options: Object.fromEntries(entries) };
}

/** The expression with numbers or other expressions in place of names; a number where no name is left. */
export function substitute(text: string, bindings: ReadonlyMap<string, number | string>): number | string {
  const bound = bind(parseExpression(text), bindings);
  return namesIn(bound).length === 0 ? evaluateExpression(bound, new Map()) : printExpression(bound, 0);
}

function bind(expression: Expression, bindings: ReadonlyMap<string, number | string>): Expression {
  switch (expression.kind) {
    case 'number':
      return expression;
    case 'name': {
      const value = bindings.get(expression.name);
      if (value === undefined) return expression;
      return typeof value === 'string' ? parseExpression(value) : asExpression(value);
    }
    case 'negative':
      return { kind: 'negative', of: bind(expression.of, bindings) };
    case 'binary':
      return { ...expression, left: bind(expression.left, bindings), right: bind(expression.right, bindings) };
  }
}

function asExpression(value: number): Expression {
  return value < 0 ? { kind: 'negative', of: { kind: 'number', value: -value } } : { kind: 'number', value };
}

/** The parameters that the expression uses. */
export function namesInExpression(text: string): readonly string[] {
  return namesIn(parseExpression(text));
}

function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'name':
      return [expression.name];
    case 'negative':
      return namesIn(expression.of);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
  }
}

/** `binding` is how tightly the operator around holds: 1 a sum, 2 a product, 3 a sign; what holds less gets parentheses. */
function printExpression(expression: Expression, binding: number): string {
  switch (expression.kind) {
    case 'number':
      return `${expression.value}`;
    case 'name':
      return expression.name;
    case 'negative':
      return `-${printExpression(expression.of, 3)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const own = operator === '+' || operator === '-' ? 1 : 2;
      const text = `${printExpression(left, own)} ${operator} ${printExpression(right, own + 1)}`;
      return own < binding ? `(${text})` : text;
    }
  }
}

/** What is none is for the check of the whole tree to refuse. */
function isExpression(text: string): boolean {
  return refusedAsUndefined(() => parseExpression(text)) !== undefined;
}

/** Values that the parameters of the Block around have at an address; where no instance is given, its defaults. */
export function scopeAt(project: Project, address: Address): Scope {
  const parts = address.split('/');
  return parts.reduce<Scope>((around, part, index) => {
    const definition = definitionOf(project, spotAt(part).tree);
    const instance = index === 0 ? undefined : moduleAt(project, parts[index - 1]!);
    const given = instance !== undefined && 'arguments' in instance ? (instance.arguments ?? {}) : {};
    const values = (definition?.parameters ?? []).flatMap(({ name, default: standard }) => {
      const value = Object.hasOwn(given, name) ? given[name] : standard;
      const number = typeof value === 'string' ? valueOf(value, around) : value;
      return number === undefined ? [] : [[name, number] as const];
    });
    return new Map(values);
  }, new Map());
}

function valueOf(expression: string, scope: Scope): number | undefined {
  return refusedAsUndefined(() => evaluateExpression(parseExpression(expression), scope));
}

function refusedAsUndefined<Result>(rule: () => Result): Result | undefined {
  try {
    return rule();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The Block in whose body a tree is; undefined for a network itself. */
export function definitionOf(project: Project, tree: string): BlockDefinition | undefined {
  if (tree.startsWith('networks.')) return undefined;
  treeOf(project, tree);
  return project.blocks?.[tree.slice('blocks.'.length, -'.body'.length)];
}

/**
 * Nodes that come to stand in another tree: an expression that means something there stays, another becomes the
 * number that it was where the nodes come from.
 */
export function fitExpressions(
  nodes: readonly NetworkNode[],
  values: Scope,
  names: readonly string[],
): readonly NetworkNode[] {
  const replace: Replace = (text) => {
    if (!isExpression(text)) return text;
    const unknown = namesInExpression(text).filter((name) => !names.includes(name));
    if (unknown.length === 0 && names.length > 0) return text;
    const missing = unknown.find((name) => !values.has(name));
    if (missing !== undefined) {
      throw refusal(
        `"${text}" has no value here: "${missing}" is a parameter of the Block from which the module comes.`,
        undefined,
      );
    }
    return substitute(text, values);
  };
  return nodes.map((node) => mapExpressions(node, replace));
}
