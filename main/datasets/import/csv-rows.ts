import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { fail } from '../../failures.ts';
import { decodedText, encodingOf, startOfText } from './table-encoding.ts';
import type { TableEncoding } from './table-encoding.ts';
import { formatOfTable } from './table-format.ts';
import type { TableFormat } from './table-format.ts';

export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

/** A file and how it is to be read. */
export interface TableFile extends TableFormat {
  readonly file: string;
  readonly encoding: TableEncoding;
}

/** A longer row is a quotation mark that nobody closed. */
const longestRow = 1 << 20;

/** Finds out how a table is written. Throws a FailureError for what is no text. */
export async function describeTable(file: string): Promise<TableFile> {
  const encoding = await encodingOf(file);
  return { file, encoding, ...formatOfTable(await startOfText(file, encoding)) };
}

/** The rows of a table as text, read as they are asked for. Throws a FailureError that names the file and the line. */
export async function* csvRows(table: TableFile): AsyncGenerator<CsvRow> {
  const { file, encoding, delimiter, hasSeparatorLine, comments } = table;
  const parser = parse({
    delimiter,
    // The first line's end alone would be taken otherwise, also where a program has added that line.
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: true,
    from_line: Number(hasSeparatorLine) + comments + 1,
    info: true,
    trim: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  const input = Readable.from(decodedText(file, encoding));
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  try {
    for await (const row of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield { cells: row.record, line: row.info.lines };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    fail('badData', `${file} cannot be read as a table: ${error.message}.`, { at: file });
  } finally {
    input.destroy();
  }
}
