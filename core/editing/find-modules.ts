import { editDistance } from '../nearest-name.ts';
import type { Blocks } from '../network/tree.ts';
import { exactMeaning, knownNames, shortNames } from './quick-names.ts';
import { relatedWords } from './related-words.ts';

/**
 * Names of layers, containers and Blocks that a word of a search stands for beside those that contain it: by a short
 * form as it can be typed, or by a related word. `word` may be the beginning of one, from three letters on.
 */
export function namesMeant(word: string, blocks: Blocks): readonly string[] {
  const lower = plain(word);
  if (lower.length < 2) return [];
  return namesBehind((known) => known === lower || (lower.length > 2 && known.startsWith(lower)), blocks);
}

/** Those of `namesMeant` that the whole word stands for, or that it names: they are listed before the others. */
export function namesMeantExactly(word: string, blocks: Blocks): readonly string[] {
  const lower = plain(word);
  const named = moduleNames(blocks).filter((name) => name.toLowerCase() === lower);
  return [...named, ...namesBehind((known) => known === lower, blocks)];
}

function namesBehind(isMeant: (known: string) => boolean, blocks: Blocks): readonly string[] {
  const short = shortNames.filter(isMeant).flatMap((name) => nameOf(name, blocks) ?? []);
  const fragments = Object.keys(relatedWords)
    .filter(isMeant)
    .flatMap((related) => relatedWords[related]!);
  const related = moduleNames(blocks).filter((name) => fragments.some((fragment) => name.includes(fragment)));
  return [...new Set([...short, ...related])];
}

/** Names that a misspelled word most likely meant: none where something is spelled like it. */
export function namesNear(word: string, blocks: Blocks): readonly string[] {
  const lower = plain(word);
  if (lower.length < 3) return [];
  const most = Math.max(1, Math.floor(lower.length / 4));
  const isNear = (known: string) =>
    editDistance(lower, known) <= most ||
    (lower.length >= 5 && editDistance(lower, known.slice(0, lower.length)) <= most) ||
    // With another ending: maxpolling.
    (known.length >= 5 && editDistance(lower.slice(0, known.length), known) <= most);
  const names = moduleNames(blocks).filter((name) => [name, withoutDimension(name)].map(plain).some(isNear));
  const others = [...shortNames, ...Object.keys(relatedWords)].filter(isNear);
  return [...new Set([...names, ...others.flatMap((other) => namesMeant(other, blocks))])];
}

/** `nn.Conv2d` as `conv2d`. */
function plain(word: string): string {
  return word.toLowerCase().replace(/^(torch\.)?nn\./, '');
}

function withoutDimension(name: string): string {
  return name.replace(/[123]d$/, '');
}

function moduleNames(blocks: Blocks): readonly string[] {
  return knownNames(blocks).filter((name) => name !== 'block' && !shortNames.includes(name));
}

function nameOf(word: string, blocks: Blocks): string | undefined {
  const meaning = exactMeaning(word, blocks);
  switch (meaning?.kind) {
    case 'layer':
      return meaning.type.name;
    case 'container':
      return meaning.type;
    case 'block':
      return meaning.name;
    case 'blockWord':
    case undefined:
      return undefined;
  }
}
