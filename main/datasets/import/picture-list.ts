import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { canonicalNumber } from './cell.ts';
import type { PictureIndex } from './picture-index.ts';
import { FailureError } from '../../../core/failure.ts';
import { NumberWriting } from './number-writing.ts';
import { encodingOf } from './table-encoding.ts';
import { separatorOf } from './table-format.ts';
import { splitRole, wordsOf } from './split-role.ts';
import type { SplitRole } from './split-role.ts';

/** A file that names pictures: which part they belong to, or which class, or both. */
export interface PictureList {
  /** Below the top of the data set. */
  readonly file: string;
  /** The part that its name stands for. */
  readonly role: SplitRole | null;
  /** By picture; null: the list names no classes. */
  readonly labels: ReadonlyMap<string, string | null>;
  /** The column of the classes; null: there is none. */
  readonly labelColumn: string | null;
  /** Rows whose picture is not there. */
  readonly missing: number;
}

export const listEnding = /\.(csv|tsv|txt)$/i;
/** A longer file of text is not looked through for pictures. */
const largestList = 64 << 20;
/** Rows that show whether a file names pictures: a large table beside them is not read to its end for nothing. */
const firstRows = 500;
const labelWords = [
  'label',
  'labels',
  'class',
  'classes',
  'category',
  'target',
  'y',
  'breed',
  'species',
  'kind',
  'type',
];

/** Null: the file names no pictures, or fewer than half of its rows do. `target`: the column that is to be predicted. */
export async function readPictureList(
  top: string,
  file: string,
  index: PictureIndex,
  target: string | undefined,
): Promise<PictureList | null> {
  if ((await stat(path.join(top, file))).size > largestList) return null;
  const text = await textOf(path.join(top, file));
  const nameColumn = nameColumnOf(rowsOf(text, firstRows), index);
  if (nameColumn === null) return null;
  const rows = rowsOf(text);
  const [first] = rows;
  if (first === undefined) return null;
  const header = index.find(first[nameColumn] ?? '') === null ? first : null;
  const labelColumn = labelColumnOf(header, first.length, nameColumn, target);
  const labels = new Map<string, string | null>();
  const below = header === null ? rows : rows.slice(1);
  const labelOf = (row: readonly string[]): string =>
    labelColumn === null ? '' : (row[labelColumn] ?? '').normalize('NFC').trim();
  const writing = new NumberWriting(delimiterOf(text) ?? ' ');
  for (const row of below) writing.add([labelOf(row)]);
  const [decimal] = writing.format().decimals;
  let missing = 0;
  for (const row of below) {
    const picture = index.find(row[nameColumn] ?? '');
    if (picture === null) missing++;
    else labels.set(picture, labelColumn === null ? null : canonicalNumber(labelOf(row), decimal));
  }
  const stem = path.basename(file).replace(listEnding, '');
  const name = labelColumn === null ? null : (header?.[labelColumn] ?? `column ${labelColumn + 1}`);
  return { file, role: splitRole(stem), labels, labelColumn: name, missing };
}

/** The column that names the most pictures; null: none does in more than half of the rows. */
function nameColumnOf(rows: readonly (readonly string[])[], index: PictureIndex): number | null {
  const found = Array.from({ length: rows[0]?.length ?? 0 }, (_, column) => count(rows, column, index));
  const most = Math.max(...found, 0);
  return most * 2 > rows.length ? found.indexOf(most) : null;
}

function count(rows: readonly (readonly string[])[], column: number, index: PictureIndex): number {
  return rows.filter((row) => index.find(row[column] ?? '') !== null).length;
}

/** By its name; else the one beside the names, where there is no choice. */
function labelColumnOf(
  header: readonly string[] | null,
  width: number,
  nameColumn: number,
  target: string | undefined,
): number | null {
  if (header !== null) {
    const wanted = target === undefined ? -1 : header.indexOf(target);
    if (wanted >= 0) return wanted;
    const named = header.findIndex(
      (name, column) => column !== nameColumn && wordsOf(name).some((word) => labelWords.includes(word)),
    );
    if (named >= 0) return named;
  }
  return width === 2 ? 1 - nameColumn : null;
}

/** The sign that the first line names or holds; undefined: blanks separate the cells. */
function delimiterOf(text: string): string | undefined {
  const { delimiter } = separatorOf(text);
  if (delimiter !== null) return delimiter;
  const [first = ''] = text.split(/\r?\n/, 1);
  return [',', ';', '\t'].find((sign) => first.includes(sign));
}

/** Commas, semicolons, tabs or blanks separate the cells. Empty of text that cannot be read so. */
function rowsOf(whole: string, most = Infinity): readonly (readonly string[])[] {
  const delimiter = delimiterOf(whole);
  const text = whole.slice(separatorOf(whole).line.length);
  if (delimiter === undefined) {
    const lines = most === Infinity ? text.split(/\r?\n/) : text.split(/\r?\n/, most);
    return lines.flatMap(plainRow);
  }
  const to = most === Infinity ? {} : { to: most };
  try {
    return parse(text, {
      ...{ delimiter, trim: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true },
      ...to,
    });
  } catch {
    return [];
  }
}

/** `cat/0.png 0`; a name may hold blanks. */
function plainRow(line: string): readonly (readonly string[])[] {
  const text = line.trim();
  if (text === '') return [];
  const [, name, label] = /^(.*\.\w{3,4})\s+(\S+)$/.exec(text) ?? [];
  return name === undefined || label === undefined ? [[text]] : [[name, label]];
}

/** Empty of what is no text. */
async function textOf(file: string): Promise<string> {
  try {
    const encoding = await encodingOf(file);
    return new TextDecoder(encoding).decode(await readFile(file));
  } catch (error) {
    if (error instanceof FailureError) return '';
    throw error;
  }
}
