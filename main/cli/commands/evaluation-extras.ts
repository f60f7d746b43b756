import path from 'node:path';
import { makeFolder, replaceFile } from '../../files.ts';

/** What an evaluation does beside printing figures. */
export interface EvaluationExtras {
  /** Another run to compare with on the same samples. */
  readonly against?: string;
  /** Folder for all figures as CSV. */
  readonly csv?: string;
}

/** Writes CSV tables by their names into a folder, which is made where it is missing. */
export async function writeTables(folder: string, tables: Readonly<Record<string, string>>): Promise<void> {
  const place = path.resolve(folder);
  await makeFolder(place);
  for (const [name, table] of Object.entries(tables)) await replaceFile(path.join(place, `${name}.csv`), table);
}
