import type { LayerType } from '../catalogue/layer-type.ts';
import { FailureError } from '../failure.ts';
import { didYouMean } from '../nearest-name.ts';
import type { BlockNode, Blocks, JoinKind, NetworkNode } from '../network/tree.ts';
import { asOne } from '../network/wrap.ts';
import { failed } from '../result.ts';
import type { Failed } from '../result.ts';
import { blockArguments, isValue, isWordOf, layerOf } from './quick-arguments.ts';
import { blockNamed, exactMeaning, knownNames, meaningOf } from './quick-names.ts';
import type { Meaning } from './quick-names.ts';
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

/** Moves over the words of one text. */
interface Reader {
  readonly words: readonly string[];
  position: number;
  readonly blocks: Blocks;
  /** Whether vectors flow here, not images, as far as the text says: a `bn` then is BatchNorm1d. */
  isFlat: boolean;
}

/** Commas and arrows between modules say nothing. */
export function wordsOf(text: string): readonly string[] {
  return text.replaceAll(/->|→|,/g, ' ').match(/[()|]|[^\s()|]+/g) ?? [];
}

function readSequence(reader: Reader): readonly NetworkNode[] {
  const nodes: NetworkNode[] = [];
  for (let word = reader.words[reader.position]; word !== undefined; word = reader.words[reader.position]) {
    if (word === ')' || word === '|') break;
    nodes.push(readModule(reader));
  }
  return nodes;
}

function readModule(reader: Reader): NetworkNode {
  const word = reader.words[reader.position]!;
  if (word === '(') throw refusal('A "(" follows a container: residual, fork, repeat or sequential.', undefined);
  if (isValue(word)) {
    throw refusal(`"${word}" stands before any layer: begin with one, as in "conv 64 3".`, undefined);
  }
  reader.position += 1;
  const [name, times] = splitTimes(word);
  const meaning = meaningOf(name, reader.blocks);
  if (meaning === undefined) {
    throw refusal(`There is no layer "${name}".${didYouMean(name, knownNames(reader.blocks))}`, undefined);
  }
  const isOpen = meaning.kind === 'layer' && meaning.type.name === 'BatchNorm2d' && !/2d$/i.test(name);
  const flat = isOpen && reader.isFlat ? exactMeaning('BatchNorm1d', reader.blocks) : undefined;
  const node = readMeant(reader, flat ?? meaning);
  return times === 1 ? node : { type: 'Repeat', count: times, body: node };
}

/** `relu*3` is three of them. */
function splitTimes(word: string): readonly [name: string, times: number] {
  const match = /^(.+)\*(\d+)$/.exec(word);
  return match === null || Number(match[2]) < 1 ? [word, 1] : [match[1]!, Number(match[2])];
}

function readMeant(reader: Reader, meaning: Meaning): NetworkNode {
  switch (meaning.kind) {
    case 'layer':
      return readLayer(reader, meaning);
    case 'container':
      return readContainer(reader, meaning.type);
    case 'block':
      return readInstance(reader, meaning);
    case 'blockWord': {
      const name = reader.words[reader.position];
      const block = name === undefined ? undefined : blockNamed(name, reader.blocks);
      if (block?.kind !== 'block') {
        const hint = name === undefined ? '' : didYouMean(name, Object.keys(reader.blocks));
        throw refusal(
          name === undefined ? 'Which Block? Its name goes after "block".' : `There is no Block "${name}".${hint}`,
          undefined,
        );
      }
      reader.position += 1;
      return readInstance(reader, block);
    }
  }
}

function readLayer(reader: Reader, { type, preset }: Extract<Meaning, { readonly kind: 'layer' }>): NetworkNode {
  const isOwn = (word: string) =>
    isValue(word) || (isWordOf(type, word) && exactMeaning(word, reader.blocks) === undefined);
  const words = readWhile(reader, isOwn);
  const node = layerOf(type, preset, words);
  if (type.name === 'Linear' || type.name === 'Flatten') reader.isFlat = true;
  if (type.family === 'convolution' || type.family === 'pooling') reader.isFlat = false;
  return node;
}

function readInstance(reader: Reader, { name, definition }: Extract<Meaning, { readonly kind: 'block' }>): BlockNode {
  const given = blockArguments(name, definition, readWhile(reader, isValue));
  return { type: 'Block', block: name, ...(Object.keys(given).length === 0 ? {} : { arguments: given }) };
}

const joinKinds: readonly string[] = ['cat', 'add', 'multiply', 'matmul', 'stack'] satisfies readonly JoinKind[];

function readContainer(reader: Reader, type: Extract<Meaning, { readonly kind: 'container' }>['type']): NetworkNode {
  const [number, ...more] = readWhile(reader, isValue);
  if (more.length > 0 || (number !== undefined && (type === 'Sequential' || type === 'Residual'))) {
    throw refusal(`${type} has no place for the number "${more[0] ?? number}".`, undefined);
  }
  const count = number === undefined ? 2 : Number(number);
  if (!Number.isInteger(count) || count < 1)
    throw refusal(`${type} needs a whole number from 1 on, not "${number}".`, undefined);
  const words = joinsOf(reader, type);
  const parts = readParts(reader, type);
  const join = { kind: joinsOf(reader, type) ?? words ?? 'cat' };
  const body = asOne(parts[0] ?? []);
  switch (type) {
    case 'Sequential':
      return { type, children: parts[0] ?? [] };
    case 'Residual':
      return parts[1] === undefined ? { type, body } : { type, body, shortcut: asOne(parts[1]) };
    case 'Repeat':
      return { type, count, body };
    case 'Fork': {
      const missing = Math.max(0, count - parts.length);
      const branches = [...parts, ...Array.from({ length: missing }, () => [])].map(asOne);
      return { type, join, branches };
    }
  }
}

function joinsOf(reader: Reader, type: string): JoinKind | undefined {
  const word = reader.words[reader.position];
  if (type !== 'Fork' || word === undefined || !joinKinds.includes(word)) return undefined;
  reader.position += 1;
  return word as JoinKind;
}

/** What stands in the parentheses after a container: branches of a Fork, body and shortcut of a Residual. */
function readParts(reader: Reader, type: string): readonly (readonly NetworkNode[])[] {
  if (reader.words[reader.position] !== '(') return [];
  const before = reader.isFlat;
  const parts: (readonly NetworkNode[])[] = [];
  do {
    reader.position += 1;
    reader.isFlat = before;
    parts.push(readSequence(reader));
  } while (reader.words[reader.position] === '|');
  if (reader.words[reader.position] !== ')') throw refusal(`The "(" after ${type} misses its ")".`, undefined);
  reader.position += 1;
  const most = type === 'Fork' ? Infinity : type === 'Residual' ? 2 : 1;
  if (parts.length > most) throw refusal(`${type} has no place for another part after "|".`, undefined);
  return parts;
}

function readWhile(reader: Reader, isOwn: (word: string) => boolean): readonly string[] {
  const begin = reader.position;
  for (let word = reader.words[begin]; word !== undefined && isOwn(word); word = reader.words[reader.position]) {
    reader.position += 1;
  }
  return reader.words.slice(begin, reader.position);
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
  Repeat: 'Copies of one body, one after another.',
} as const;
