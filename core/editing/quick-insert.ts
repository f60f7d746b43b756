import type { LayerType } from '../catalogue/layer-type.ts';
import { FailureError } from '../failure.ts';
import type { Blocks, NetworkNode } from '../network/tree.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { namesMeant, namesNear } from './find-modules.ts';
import { isValue } from './quick-arguments.ts';
import { exactMeaning, knownNames, meaningOf } from './quick-names.ts';
import type { Meaning } from './quick-names.ts';
import { readSequence, wordsIn } from './quick-reader.ts';
import type { Reader, Word } from './quick-reader.ts';
import { RefusedWord } from './refused-word.ts';
import { refusal } from './selected.ts';

export type QuickInsert = { readonly ok: true; readonly nodes: readonly NetworkNode[] } | Refused;

/** `marked` is the word that is wrong, or else its module, from the first character to after the last. */
export type Refused = Failed & { readonly marked: readonly [from: number, to: number] };

/**
 * Modules as they are typed: `conv 64 3 same bn relu`, `maxpool 2`, `residual (conv 64 3 p1 bn)`,
 * `fork (conv 8 1 | conv 8 3 same) add`, `repeat 3 (linear 64 relu)`, `BasicBlock 64 stride=2`, `relu*3`.
 */
export function readQuickInsert(text: string, blocks: Blocks): QuickInsert {
  const words = wordsIn(text);
  const reader: Reader = {
    words: words.map(({ word }) => word),
    afterCommas: new Set(words.flatMap(({ isAfterComma }, at) => (isAfterComma ? [at] : []))),
    position: 0,
    begin: 0,
    blocks,
    isFlat: false,
  };
  try {
    const nodes = readSequence(reader);
    reader.begin = reader.position;
    const rest = reader.words[reader.position];
    if (rest !== undefined) throw refusal(`There is a "${rest}" with no "(" before it.`, undefined);
    if (nodes.length === 0) throw refusal('Type a layer, as in "conv 64 3" or "linear 10".', undefined);
    return { ok: true, nodes };
  } catch (error) {
    if (error instanceof FailureError)
      return { ...failed(error.failure), marked: markedIn(words, reader, text, error) };
    throw error;
  }
}

function markedIn(
  words: readonly Word[],
  { begin, position }: Reader,
  text: string,
  error: FailureError,
): Refused['marked'] {
  const wrong = error instanceof RefusedWord ? words.slice(begin).find(({ word }) => word === error.word) : undefined;
  if (wrong !== undefined) return [wrong.from, wrong.to];
  const first = words[begin];
  const last = words[Math.max(begin, Math.min(position, words.length) - 1)];
  return [first?.from ?? 0, last?.to ?? text.length];
}

export interface Suggestion {
  /** The whole text with its last word completed. */
  readonly text: string;
  readonly title: string;
  readonly help: string;
}

/** What the last word may become: modules and Blocks, and options of the layer before it. */
export function suggest(text: string, blocks: Blocks): readonly Suggestion[] {
  const last = /[^\s()|,]*$/.exec(text)![0];
  const before = text.slice(0, text.length - last.length);
  const lower = last.toLowerCase();
  const matches = (name: string) => name.toLowerCase().startsWith(lower);
  const layer = layerBefore(before, blocks);
  const options = Object.entries(layer?.options ?? {})
    .filter(([name]) => matches(name) && !before.includes(`${name}=`))
    .map(([name, { help }]) => ({ text: `${before}${name}=`, title: `${name}=`, help }));
  if (last === '') return options;
  const begun = knownNames(blocks).filter(matches);
  const meant = namesMeant(last, blocks).filter((name) => !begun.includes(name));
  const named = [...begun, ...(begun.length < 3 ? meant : [])];
  const modules = (named.length === 0 && !isValue(last) ? namesNear(last, blocks) : named).flatMap(
    (name): readonly Suggestion[] => {
      const meaning = exactMeaning(name, blocks);
      return meaning === undefined
        ? []
        : [{ text: `${before}${name} `, title: titleOf(name, meaning), help: helpOf(meaning) }];
    },
  );
  return [...modules, ...options].slice(0, 12);
}

function layerBefore(text: string, blocks: Blocks): LayerType | undefined {
  const words = wordsIn(text)
    .map(({ word }) => word)
    .filter((word) => !isValue(word));
  const meaning = words.map((word) => meaningOf(word, blocks)).findLast((found) => found !== undefined);
  return meaning?.kind === 'layer' ? meaning.type : undefined;
}

function titleOf(name: string, meaning: Meaning): string {
  return meaning.kind === 'layer' && meaning.type.name !== name ? `${name} (${meaning.type.name})` : name;
}

function helpOf(meaning: Meaning): string {
  switch (meaning.kind) {
    case 'layer':
      return meaning.type.help;
    case 'block':
      return meaning.definition.description ?? 'A Block.';
    case 'blockWord':
      return 'A Block, by its name.';
    case 'container':
      return containerHelp[meaning.type];
  }
}

const containerHelp = {
  Sequential: 'Modules one after another.',
  Residual: 'The body’s output added to its input.',
  Fork: 'Parallel branches, joined: fork (conv 8 1 | conv 8 3).',
  Join: 'Several inputs, a branch for each, joined: join (linear 8 | linear 8).',
  Repeat: 'Copies of one body, one after another.',
  Recurrent: 'A recurrent layer with modules before and after it.',
  Transform: 'One sequence in training, another in evaluation.',
  NBeats: 'Blocks with backcast and forecast; the forecasts are summed.',
} as const;
