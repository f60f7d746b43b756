import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { userStrings } from '../../strings/extract.ts';

/** Words that sound translated, each with what to write instead. Words of another meaning as well are left out. */
const glossary: readonly (readonly [forbidden: RegExp, instead: string])[] = [
  [/(?<!-)\b(?:says?|said)\b/, 'predicts, predicted'],
  [/\b(?:tells?|told)\b/, 'reports, reported, distinguishes'],
  [/\bwish(?:es)?\b/, 'request'],
  [/\bmend(?:s|ed)?\b/, 'fix'],
  [/\blooks? inside\b|\blook at it\b/, 'inspect'],
  [/\b(?:go|goes|going) on (?:with|from)\b|\bto go on\b/, 'resume, continue'],
  [/\bjudg(?:e|es|ed|ing)\b/, 'evaluate'],
  [/\bsurest\b/, 'most confident'],
  [/\bgets? wrong\b/, 'misclassifies'],
  [/\bwalks?\b(?!-to)/, 'interpolate'],
  [/\b(?:bring|brings|brought)\b/, 'import'],
  [/\bso many\b/, 'number of'],
  [/\bhas these words\b/, 'matches'],
  [/\bwhole (?:path|number of epochs)\b/, 'absolute path'],
  [/\boff by\b.*\bon the mean\b/, 'mean absolute error'],
  [/(?<!\bthere )\b(?:is|are) no (?!longer\b)(?!more\b)\p{L}/iu, 'is not a'],
  [/\bsuch as are\b|\bwhere there are such\b/, 'if available'],
  [/^(?:Else|Of that|At most|So many)\b/, 'a sentence with a subject'],
];

// A recipe's reference is part of the checksum of its project.
const fixed = new Set(['51 % after two epochs; meant to go on with cosine cycles']);
const all = await userStrings(fileURLToPath(new URL('../../..', import.meta.url)));
const strings = all.filter(({ text }) => !fixed.has(text));

it.each(glossary)('%s is not in what users read: %s', (forbidden) => {
  const found = strings.filter(({ text }) => forbidden.test(text.replaceAll('--walk-to', '').replaceAll('--said', '')));
  expect(found.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});

/** A window shows the advice of core/ and main/ too, where settings are proposed by their paths. */
it('options are written by the command line alone', () => {
  const found = strings.filter(({ file, text }) => !file.startsWith('main/cli/') && text.includes('--set'));
  expect(found.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});
