import type { Failure } from '../../../core/failure.ts';

/** Tables and arrays that belong together lie side by side: their folder is what is read. */
const together = /\.(npy|csv|tsv)$/i;

/** The file or folder to read, of the whole paths that were dropped. */
export function sourceOfPaths(paths: readonly string[]): string | Failure {
  const [first = ''] = paths;
  const isArray = first.toLowerCase().endsWith('.npy');
  if (paths.length === 1 && !isArray) return first;
  const folders = new Set(paths.map((path) => path.replace(/[/\\][^/\\]*$/, '')));
  if (folders.size === 1 && paths.every((path) => together.test(path))) return [...folders][0]!;
  return { code: 'badUsage', message: 'Drop one folder, one file, or the tables or arrays of one folder.' };
}
