import type { Failure } from '../failure.ts';
import { knownData } from './known-data.ts';

/** A file of these is data by itself; anything else is mostly a folder. */
const dataFile = /\.(csv|tsv|txt|npy|npz)$/i;

/** What keeps a project from being trained whose data lie nowhere. `wasRead`: they were there before. */
export function missingSource(source: string, wasRead: boolean): Failure {
  const kind = dataFile.test(source) ? 'file' : 'folder';
  return {
    code: 'notFound',
    message: wasRead
      ? `The ${kind} ${source} is not there any more. Choose the data again in Data.`
      : `There is no file or folder ${source}. Choose the data in Data.`,
    at: 'data.source',
    advice: `Restore it, or choose another file or folder, or one of ${[...knownData.keys()].join(', ')}.`,
  };
}
