import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import { fail, withFile } from '../../failures.ts';

export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A longer row is a quotation mark that nobody closed. */
const longestRow = 1 << 20;

/** The rows of a table as text, read as they are asked for. Throws a FailureError that names the file and the line. */
export async function* csvRows(file: string, delimiter: string): AsyncGenerator<CsvRow> {
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const input = createReadStream(file);
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const row of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: row.record, line: row.info.lines };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    fail('badData', `${file} is no table that can be read: ${error.message}.`, { at: file });
  } finally {
    input.destroy();
  }
}

/** Comma, semicolon or tabulator: the one that the first line has most of. */
export async function csvDelimiter(file: string): Promise<string> {
  const start = await withFile(file, () => beginning(file));
  if (start.includes('\0')) fail('badData', `${file} is no text, so it is no table.`, { at: file });
  const [first = ''] = start.split(/\r?\n/, 1);
  const counted = [',', ';', '\t'].map((sign) => ({ sign, count: first.split(sign).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
