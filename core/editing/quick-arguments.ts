import type { LayerType } from '../catalogue/layer-type.ts';
import type { OptionDeclaration } from '../catalogue/option.ts';
import { noExpressions, readOption } from '../catalogue/read-options.ts';
import { Refusal } from '../catalogue/refusal.ts';
import type { FailureError } from '../failure.ts';
import { didYouMean } from '../nearest-name.ts';
import type { BlockDefinition, LayerNode, OptionValue, Options } from '../network/tree.ts';
import { firstArgument } from './new-module.ts';
import { writtenValue } from './options.ts';
import { RefusedWord } from './refused-word.ts';
import { refusal } from './selected.ts';

/** `s2` for stride=2. */
const letters: Readonly<Record<string, string>> = {
  k: 'kernel_size',
  s: 'stride',
  p: 'padding',
  d: 'dilation',
  g: 'groups',
};

/** Numbers, `3x3`, `=4*out`, `stride=2`: what follows a module and is no module itself. */
export function isValue(word: string): boolean {
  return /^[-+]?[.\d]/.test(word) || word.includes('=');
}

/** Words that say something of this layer: `s2`, `same`, `nobias`, `bidirectional`, one of its choices, what a number counts. */
export function isWordOf(type: LayerType, word: string): boolean {
  return wordOption(type, word) !== undefined || countedOption(type, word) !== undefined;
}

/** `heads` after `8` is what PyTorch calls num_heads or nhead, `layers` num_layers. */
function countedOption(type: LayerType, word: string): string | undefined {
  const names = [word, `num_${word}`, `n${word.replace(/s$/, '')}`];
  return names.find((name) => type.options[name]?.kind === 'integer');
}

function wordOption(type: LayerType, word: string): readonly [name: string, value: OptionValue] | undefined {
  const letter = /^([kspdg])(\d.*)$/.exec(word);
  const long = letter === null ? undefined : letters[letter[1]!];
  if (long !== undefined && type.options[long] !== undefined) return [long, valueOf(letter![2]!)];
  if (word === 'nobias' && type.options['bias'] !== undefined) return ['bias', false];
  for (const [name, declaration] of Object.entries(type.options)) {
    if (declaration.kind === 'padding' && (word === 'same' || word === 'valid')) return [name, word];
    if (declaration.kind === 'choice' && declaration.values.includes(word)) return [name, word];
    if (declaration.kind === 'boolean' && !declaration.default && (name === word || name === `is_${word}`))
      return [name, true];
  }
  return undefined;
}

/**
 * A layer as written: numbers fill its options in PyTorch's order, those left out that follow from the input. Where
 * something is missing that it needs, it begins as one dragged from the palette: `conv 64` is 3×3 with padding 1, while
 * `conv 64 3` has PyTorch's defaults.
 */
export function layerOf(type: LayerType, preset: Options, words: readonly string[]): LayerNode {
  const free = [...numbersOf(type)];
  const given: Record<string, OptionValue> = { ...preset };
  /** What each option was said with. */
  const saidBy: Record<string, string> = {};
  for (const [index, word] of words.entries()) {
    const meant = wordOption(type, word) ?? namedOption(word) ?? countedBy(type, word, words[index + 1]);
    // What a number counts stands behind it, and was read with it.
    if (meant === undefined && !isValue(word)) {
      if (!isValue(words[index - 1] ?? ''))
        throw new RefusedWord(word, `How many ${word}? A number goes before the word.`);
      continue;
    }
    const [name, value] = meant ?? [nextOption(type, free, word), valueOf(word)];
    const at = free.indexOf(name);
    if (at >= 0) free.splice(at, 1);
    given[name] = value;
    saidBy[name] = word;
  }
  const isMissing =
    words.length === 0 ||
    Object.entries(type.options).some(([name, option]) => isRequired(option) && !Object.hasOwn(given, name));
  return written(type, isMissing ? { ...type.begin, ...given } : given, saidBy);
}

/** `8` before `heads`. */
function countedBy(
  type: LayerType,
  word: string,
  next: string | undefined,
): readonly [string, OptionValue] | undefined {
  const name = next === undefined || isValue(next) ? undefined : countedOption(type, next);
  return name === undefined || !isValue(word) ? undefined : [name, valueOf(word)];
}

/** The options that numbers fill without a name. Of a normalisation those it cannot do without: `bn 64` is no `eps`. */
export function numbersOf(type: LayerType): readonly string[] {
  const isNumeric = (option: OptionDeclaration) =>
    option.kind !== 'choice' && option.kind !== 'boolean' && !('infer' in option);
  return Object.entries(type.options)
    .filter(([, option]) => isNumeric(option) && (type.family !== 'normalisation' || isRequired(option)))
    .map(([name]) => name);
}

function isRequired(option: OptionDeclaration): boolean {
  if ('infer' in option || 'sameAs' in option) return false;
  return !('default' in option);
}

function nextOption(type: LayerType, free: readonly string[], word: string): string {
  const next = free[0];
  if (next !== undefined) return next;
  const inferred = Object.entries(type.options).find(([, option]) => 'infer' in option)?.[0];
  const hint =
    inferred === undefined ? '' : ` Its ${inferred} follows from the input; to pin it write ${inferred}=${word}.`;
  throw new RefusedWord(word, `${type.name} has no place for the number "${word}".${hint}`);
}

/** `stride=2`. */
function namedOption(word: string): readonly [string, OptionValue] | undefined {
  const at = word.indexOf('=');
  return at <= 0 ? undefined : [word.slice(0, at), valueOf(word.slice(at + 1))];
}

/** `64`, `3x5`, `10x1x1`, `true`, a word; `=4*out` and what else begins as a number is an expression. */
function valueOf(word: string): OptionValue {
  const text = word.startsWith('=') ? word.slice(1) : word;
  if (/^\d+([x×]\d+)+$/.test(text)) return text.split(/[x×]/).map(Number);
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function written(type: LayerType, options: Options, saidBy: Readonly<Record<string, string>>): LayerNode {
  const entries = Object.entries(options).flatMap(([name, value]): readonly (readonly [string, OptionValue])[] => {
    const declaration = type.options[name];
    if (declaration === undefined) {
      const hint = didYouMean(name, Object.keys(type.options));
      throw refused(saidBy[name], `${type.name} has no option "${name}".${hint}`);
    }
    // Whether an expression makes sense is known only where the layer is put.
    if (!isExpression(declaration, value)) refuseValue(type, name, declaration, value, saidBy[name]);
    const short = writtenValue(declaration, value);
    return short === undefined ? [] : [[name, short]];
  });
  return entries.length === 0 ? { type: type.name } : { type: type.name, options: Object.fromEntries(entries) };
}

function isExpression(declaration: OptionDeclaration, value: OptionValue): boolean {
  if (typeof value !== 'string' || declaration.kind === 'choice' || declaration.kind === 'boolean') return false;
  return !(declaration.kind === 'padding' && (value === 'same' || value === 'valid'));
}

function refuseValue(
  type: LayerType,
  name: string,
  declaration: OptionDeclaration,
  value: OptionValue,
  word: string | undefined,
): void {
  try {
    readOption(name, declaration, value, noExpressions);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw refused(word, `${type.name} ${error.message}.`);
  }
}

/** Without a word, what is wrong follows from the layer itself. */
function refused(word: string | undefined, message: string): FailureError {
  return word === undefined ? refusal(message, undefined) : new RefusedWord(word, message);
}

/** Numbers fill the parameters of a Block in their order; those without a default get a usual size where none is left. */
export function blockArguments(
  name: string,
  { parameters }: BlockDefinition,
  words: readonly string[],
): Readonly<Record<string, number | string>> {
  const free = parameters.map((parameter) => parameter.name);
  const given: Record<string, number | string> = {};
  for (const word of words) {
    const [parameter, value] = namedOption(word) ?? [free[0], valueOf(word)];
    if (parameter === undefined) throw new RefusedWord(word, `The Block "${name}" has no place for "${word}".`);
    if (!parameters.some((one) => one.name === parameter)) {
      const hint = didYouMean(
        parameter,
        parameters.map((one) => one.name),
      );
      throw new RefusedWord(word, `The Block "${name}" has no parameter "${parameter}".${hint}`);
    }
    if (typeof value !== 'number' && typeof value !== 'string') {
      throw new RefusedWord(word, `The Block "${name}" needs a number as ${parameter}, not "${word}".`);
    }
    free.splice(free.indexOf(parameter), 1);
    given[parameter] = value;
  }
  for (const one of parameters) if (one.default === undefined) given[one.name] ??= firstArgument;
  const differing = Object.entries(given).filter(
    ([parameter, value]) => parameters.find((one) => one.name === parameter)?.default !== value,
  );
  return Object.fromEntries(differing);
}
