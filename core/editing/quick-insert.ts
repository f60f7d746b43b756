import type { LayerType } from '../catalogue/layer-type.ts';
import { FailureError } from '../failure.ts';
import type { Blocks, NetworkNode } from '../network/tree.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { isValue } from './quick-arguments.ts';
import { exactMeaning, knownNames, meaningOf } from './quick-names.ts';
import type { Meaning } from './quick-names.ts';
import { readSequence, wordsOf } from './quick-reader.ts';
import type { Reader } from './quick-reader.ts';
import { refusal } from './selected.ts';

export type QuickInsert = { readonly ok: true; readonly nodes: readonly NetworkNode[] } | Failed;

/**
 * Modules as they are typed: `conv 64 3 same bn relu`, `maxpool 2`, `residual (conv 64 3 p1 bn)`,
 * `fork (conv 8 1 | conv 8 3 same) add`, `repeat 3 (linear 64 relu)`, `BasicBlock 64 stride=2`, `relu*3`.
 */
export function readQuickInsert(text: string, blocks: Blocks): QuickInsert {
  const reader: Reader = { words: wordsOf(text), position: 0, blocks, isFlat: false };
  try {
    const nodes = readSequence(reader);
    const rest = reader.words[reader.position];
    if (rest !== undefined) throw refusal(`There is a "${rest}" with no "(" before it.`, undefined);
    if (nodes.length === 0) throw refusal('Type a layer, as in "conv 64 3" or "linear 10".', undefined);
    return { ok: true, nodes };
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure);
    throw error;
  }
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
  const modules = knownNames(blocks)
    .filter(matches)
    .flatMap((name): readonly Suggestion[] => {
      const meaning = exactMeaning(name, blocks);
      return meaning === undefined
        ? []
        : [{ text: `${before}${name} `, title: titleOf(name, meaning), help: helpOf(meaning) }];
    });
  return [...modules, ...options].slice(0, 12);
}

function layerBefore(text: string, blocks: Blocks): LayerType | undefined {
  const words = wordsOf(text).filter((word) => !isValue(word));
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
  Sequential: 'One after another.',
  Residual: 'The body’s output added to its input.',
  Fork: 'Branches beside each other, joined.',
  Join: 'Several inputs, a branch for each, joined.',
  Repeat: 'Copies of one body, one after another.',
  Recurrent: 'A recurrent layer, with what comes before and after it.',
  Transform: 'One sequence while training, another one in evaluation.',
  NBeats: 'Blocks of backcast and forecast; the forecasts add up.',
} as const;
