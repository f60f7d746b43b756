import { didYouMean } from '../nearest-name.ts';
import type { BlockNode, Blocks, JoinKind, NetworkNode, RecurrentOutput } from '../network/tree.ts';
import { asOne, asRecurrent } from '../network/wrap.ts';
import { namesMeant } from './find-modules.ts';
import { newContainer } from './new-module.ts';
import { blockArguments, isValue, isWordOf, layerOf } from './quick-arguments.ts';
import { blockNamed, exactMeaning, knownNames, meaningOf } from './quick-names.ts';
import type { Meaning } from './quick-names.ts';
import { RefusedWord } from './refused-word.ts';
import { refusal } from './selected.ts';

/** Moves over the words of one text. */
export interface Reader {
  readonly words: readonly string[];
  /** Positions of the words before which a comma stands. */
  readonly afterCommas: ReadonlySet<number>;
  position: number;
  /** Position of the first word of the module that is read: where no single word is wrong, it is marked from there. */
  begin: number;
  readonly blocks: Blocks;
  /** Whether vectors flow here, not images, as far as the text says: a `bn` then is BatchNorm1d. */
  isFlat: boolean;
}

/** A word and where it stands in the text. */
export interface Word {
  readonly word: string;
  readonly from: number;
  readonly to: number;
  readonly isAfterComma: boolean;
}

/** Commas and arrows between modules are no words. */
export function wordsIn(text: string): readonly Word[] {
  const plain = text.replaceAll(/->|→|,/g, (separator) => ' '.repeat(separator.length));
  const words = [...plain.matchAll(/[()|]|[^\s()|]+/g)].map(({ 0: word, index }) => ({
    word,
    from: index,
    to: index + word.length,
  }));
  return words.map((word, at) => ({
    ...word,
    isAfterComma: text.slice(words[at - 1]?.to ?? 0, word.from).includes(','),
  }));
}

export function readSequence(reader: Reader): readonly NetworkNode[] {
  const nodes: NetworkNode[] = [];
  for (let word = reader.words[reader.position]; word !== undefined; word = reader.words[reader.position]) {
    if (word === ')' || word === '|') break;
    nodes.push(readModule(reader));
  }
  return nodes;
}

function readModule(reader: Reader): NetworkNode {
  const word = reader.words[reader.position]!;
  reader.begin = reader.position;
  if (word === '(') throw refusal('A "(" follows a container: residual, fork, repeat or sequential.', undefined);
  if (isValue(word)) {
    throw refusal(`"${word}" comes before any layer: begin with a layer, as in "conv 64 3".`, undefined);
  }
  reader.position += 1;
  const [name, times] = splitTimes(word);
  const meaning = meaningOf(name, reader.blocks);
  if (meaning === undefined) {
    const related = namesMeant(name, reader.blocks);
    const hint =
      related.length > 0 ? ` Related: ${related.slice(0, 3).join(', ')}.` : didYouMean(name, knownNames(reader.blocks));
    throw refusal(`There is no layer "${name}".${hint}`, undefined);
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
        if (name === undefined) throw refusal('Which Block? Its name goes after "block".', undefined);
        const hint = didYouMean(name, Object.keys(reader.blocks));
        throw new RefusedWord(name, `There is no Block "${name}".${hint}`);
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

const recurrentWords: readonly string[] = ['sequence', 'last', 'hidden', 'carry'] satisfies readonly (
  RecurrentOutput | 'carry'
)[];

const joinKinds: readonly string[] = [
  'cat',
  'add',
  'multiply',
  'matmul',
  'stack',
  'tuple',
] satisfies readonly JoinKind[];

type QuickContainer = Extract<Meaning, { readonly kind: 'container' }>['type'];

function readContainer(reader: Reader, type: QuickContainer): NetworkNode {
  const numbers = readWhile(reader, isValue);
  const [number = '2', ...more] = numbers;
  const isCounted = type === 'Fork' || type === 'Join' || type === 'Repeat';
  const excess = isCounted ? more[0] : numbers[0];
  if (excess !== undefined) throw new RefusedWord(excess, `${type} has no place for the number "${excess}".`);
  const count = Number(number);
  if (!Number.isInteger(count) || count < 1) {
    throw new RefusedWord(number, `${type} needs a whole number of at least 1, not "${number}".`);
  }
  const words = joinsOf(reader, type);
  const said = type === 'Recurrent' ? readWhile(reader, (word) => recurrentWords.includes(word)) : [];
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
    case 'Recurrent': {
      const handsOn = [...new Set(said)].filter((word): word is RecurrentOutput => word !== 'carry');
      return {
        ...asRecurrent(parts[0] ?? [{ type: 'LSTM', options: { hidden_size: 128 } }]),
        ...(parts[1] && { after: asOne(parts[1]) }),
        ...(handsOn.length > 0 && { handsOn }),
        ...(said.includes('carry') && { carry: true }),
      };
    }
    case 'Transform':
      return { type, training: body, evaluation: asOne(parts[1] ?? []) };
    case 'NBeats':
      return parts.length === 0 ? newContainer(type) : { type, children: parts.map(asOne) };
    case 'Fork':
    case 'Join': {
      const missing = Math.max(0, count - parts.length);
      const branches = [...parts, ...Array.from({ length: missing }, () => [])].map(asOne);
      return { type, join, branches };
    }
  }
}

function joinsOf(reader: Reader, type: string): JoinKind | undefined {
  const word = reader.words[reader.position];
  if ((type !== 'Fork' && type !== 'Join') || word === undefined || !joinKinds.includes(word)) return undefined;
  reader.position += 1;
  return word as JoinKind;
}

const mostParts: Readonly<Record<QuickContainer, number>> = {
  Sequential: 1,
  Residual: 2,
  Fork: Infinity,
  Join: Infinity,
  Repeat: 1,
  Recurrent: 2,
  Transform: 2,
  NBeats: Infinity,
};

/**
 * What stands in the parentheses after a container: branches of a Fork or a Join, body and shortcut of a Residual, the
 * two sequences of a Transform, blocks of an NBeats.
 */
function readParts(reader: Reader, type: QuickContainer): readonly (readonly NetworkNode[])[] {
  if (reader.words[reader.position] !== '(') return [];
  const { begin, isFlat: before, position: opening } = reader;
  const parts: (readonly NetworkNode[])[] = [];
  do {
    reader.position += 1;
    reader.isFlat = before;
    parts.push(readSequence(reader));
    reader.begin = begin;
  } while (reader.words[reader.position] === '|');
  if (reader.words[reader.position] !== ')') throw refusal(`The "(" after ${type} has no closing ")".`, undefined);
  if (parts.length === 1 && mostParts[type] === Infinity && hasComma(reader, opening))
    throw refusal(
      `The parts of ${type} are separated by "|", as in "${type.toLowerCase()} (conv 8 1 | conv 8 3)".`,
      undefined,
    );
  reader.position += 1;
  const most = mostParts[type];
  if (parts.length > most) throw refusal(`${type} has no place for another part after "|".`, undefined);
  return parts;
}

/** Whether a comma stands between the parenthesis that opened there and the one at the reader, and in none within. */
function hasComma({ words, afterCommas, position }: Reader, opening: number): boolean {
  let depth = 0;
  for (let at = opening + 1; at < position; at++) {
    if (depth === 0 && afterCommas.has(at)) return true;
    depth += words[at] === '(' ? 1 : words[at] === ')' ? -1 : 0;
  }
  return false;
}

function readWhile(reader: Reader, isOwn: (word: string) => boolean): readonly string[] {
  const begin = reader.position;
  for (let word = reader.words[begin]; word !== undefined && isOwn(word); word = reader.words[reader.position]) {
    reader.position += 1;
  }
  return reader.words.slice(begin, reader.position);
}
