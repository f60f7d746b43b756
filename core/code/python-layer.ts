import { findLayerType } from '../catalogue/catalogue.ts';
import type { OptionDeclaration } from '../catalogue/option.ts';
import { noExpressions, readOption } from '../catalogue/read-options.ts';
import { parseExpression } from '../network/expression.ts';
import type { Expression } from '../network/expression.ts';
import type { LayerNode, OptionValue } from '../network/tree.ts';
import { argument, attentionConstruction } from './python-attention.ts';
import type { GivenOption } from './python-attention.ts';
import type { ClassScope, Sample, SizeNames } from './python-class.ts';
import { number, substituted } from './python-expression.ts';
import { layerHelpers } from './python-layer-helpers.ts';
import type { Construction } from './python-layout.ts';
import { pythonString, pythonTuple } from './python-words.ts';

/** What the names that stand in a Block's expressions are in the class being written. */
export type Names = ReadonlyMap<string, Expression>;

export interface Written {
  readonly code: Construction;
  readonly output: SizeNames;
}

export function expressionOf(value: number | string, names: Names): Expression {
  return typeof value === 'number' ? number(value) : substituted(parseExpression(value), names)!;
}

/** Options that are written, and those that PyTorch must be told; the rest are PyTorch's own. */
export function writeLayer(
  node: LayerNode,
  samples: readonly Sample[],
  input: SizeNames,
  names: Names,
  scope: ClassScope,
): Written {
  const type = findLayerType(node.type)!;
  const given: GivenOption[] = [];
  let isNamed = false;
  for (const [option, declaration] of Object.entries(type.options)) {
    const value = node.options?.[option];
    const text =
      value === undefined
        ? inferredText(option, declaration, samples, input, scope)
        : isDefault(option, declaration, value)
          ? null
          : optionText(declaration, value, names, scope);
    if (text === null) continue;
    // Once one has its name, Python wants the names of all that follow.
    isNamed ||= !isPositional(option, declaration);
    given.push({ option, text, isNamed });
  }
  const made = node.options?.['out_channels'] ?? node.options?.['out_features'];
  const madeAt = node.type === 'Linear' ? input.length - 1 : 0;
  const keeps = keptSizes(samples, input, scope);
  const output =
    typeof made === 'number' || typeof made === 'string'
      ? keeps.map((size, index) => (index === madeAt ? expressionOf(made, names) : size))
      : keeps;
  const callee = node.type in layerHelpers ? node.type : `nn.${node.type}`;
  const code = attentionConstruction(node.type, given) ?? { type: callee, items: given.map(argument) };
  return { code, output };
}

/** Sizes that come first in PyTorch's own order. */
function isPositional(option: string, declaration: OptionDeclaration): boolean {
  if (declaration.kind === 'integers') return declaration.count === undefined && declaration.default === undefined;
  return declaration.kind === 'integer' && declaration.default === undefined && option !== 'dim';
}

/** Options that follow from the last size of the input, not from the first. */
const ofLastSize = ['in_features', 'input_size', 'embed_dim', 'dim', 'd_model', 'in1_features'];

function inferredText(
  option: string,
  declaration: OptionDeclaration,
  samples: readonly Sample[],
  input: SizeNames,
  scope: ClassScope,
): string | null {
  if (declaration.kind !== 'integer' || declaration.infer === undefined) return null;
  const values = samples.map(({ resolved }) => {
    return declaration.infer!(resolved.input, resolved.inputs, resolved.type === 'Layer' ? resolved.options : {});
  });
  const likely = ofLastSize.includes(option) ? input.at(-1) : input[0];
  return scope.integerText(scope.expressionFor(samples, values, likely, option));
}

function isDefault(option: string, declaration: OptionDeclaration, value: OptionValue): boolean {
  if (declaration.default === undefined || declaration.default === null) return false;
  const isWord = declaration.kind === 'choice' || value === 'same' || value === 'valid';
  const entries: readonly OptionValue[] = Array.isArray(value) ? value : [value];
  if (!isWord && entries.some((entry) => typeof entry === 'string')) return false;
  return JSON.stringify(readOption(option, declaration, value, noExpressions)) === JSON.stringify(declaration.default);
}

function optionText(declaration: OptionDeclaration, value: OptionValue, names: Names, scope: ClassScope): string {
  const whole = (entry: number | string) => scope.integerText(expressionOf(entry, names));
  switch (declaration.kind) {
    case 'boolean':
      return value === true ? 'True' : 'False';
    case 'choice':
      return pythonString(value as string);
    case 'integer':
      return whole(value as number | string);
    case 'number':
      return scope.floatText(expressionOf(value as number | string, names));
    case 'integers':
      if (declaration.count === undefined && declaration.isOneForAll !== true)
        return pythonTuple((Array.isArray(value) ? value : [value]).map(whole));
      return oneForAll(value, whole);
    case 'numbers':
      return oneForAll(value, (entry) => scope.floatText(expressionOf(entry, names)));
    case 'pair':
    case 'padding':
      return value === 'same' || value === 'valid' ? pythonString(value) : oneForAll(value, whole);
  }
}

function oneForAll(value: OptionValue, whole: (entry: number | string) => string): string {
  const entries = (Array.isArray(value) ? value : [value]).map(whole);
  return entries.every((entry) => entry === entries[0]) ? entries[0]! : pythonTuple(entries);
}

/** Names of the output's sizes where they equal one of the input, that at the same place before others. */
function keptSizes(samples: readonly Sample[], input: SizeNames, scope: ClassScope): SizeNames {
  const rank = samples[0]?.resolved.output.length ?? 0;
  return Array.from({ length: rank }, (_, index) => {
    const fits = (size: Expression | null | undefined) =>
      size && samples.every(({ instance, resolved }) => scope.valueIn(instance, size) === resolved.output[index]);
    return [rank === input.length ? input[index] : null, ...input].find(fits) ?? null;
  });
}
