import path from 'node:path';
import type { Argument, CallName, Handlers } from '../../core/contract/contract.ts';
import { knownData } from '../../core/project/known-data.ts';
import { parseForm } from '../../core/project/parse.ts';
import { isWeightsFile } from '../../core/training/weight-source.ts';
import { fail } from '../failures.ts';
import { isReallyInside } from '../inside-folder.ts';
import { uploadsFolder } from '../paths.ts';

/** The paths of data and weights that each call reads because its argument names them. */
const pathsOf: { readonly [Name in CallName]?: (argument: Argument<Name>) => readonly string[] } = {
  'data.preview': ({ source }) => [source],
  'data.check': ({ source }) => [source],
  'data.import': ({ source }) => [source],
  'inspection.read': ({ source }) => [source],
  'inspection.findAlike': ({ source }) => [source],
  'inspection.images': ({ of }) => [of.source],
  'inspection.augment': ({ of }) => [of.source],
  'training.start': ({ projectText, from }) => [
    ...sourceOf(projectText),
    ...(from !== undefined && isWeightsFile(from) ? [from] : []),
  ],
  'training.measureCost': ({ projectText }) => sourceOf(projectText),
  'training.profile': ({ projectText }) => sourceOf(projectText),
  'training.findRate': ({ subject }) => ('projectText' in subject ? sourceOf(subject.projectText) : []),
  'weights.read': ({ file }) => [file],
};

/** Whether this call's argument is checked below. */
export function isConfined(name: CallName): boolean {
  return name in pathsOf;
}

/**
 * Whoever has the token of a server may name any data on its disk. With `folders`, only what lies in these, what came
 * through a browser, and the known data sets. Runs keep what they were trained on.
 */
export function confineReads(handlers: Handlers, folders: readonly string[]): Handlers {
  const confined = Object.entries(pathsOf).map(([name, paths]) => {
    const handler = handlers[name as CallName] as (argument: unknown) => unknown;
    const check = async (argument: unknown): Promise<unknown> => {
      for (const file of (paths as (argument: unknown) => readonly string[])(argument))
        await refuseOutside(file, folders);
      return handler(argument);
    };
    return [name, check] as const;
  });
  return { ...handlers, ...Object.fromEntries(confined) };
}

async function refuseOutside(file: string, folders: readonly string[]): Promise<void> {
  if (knownData.has(file)) return;
  const isAllowed = path.isAbsolute(file)
    ? [...folders, uploadsFolder()].map((folder) => isReallyInside(folder, file))
    : [];
  if ((await Promise.all(isAllowed)).includes(true)) return;
  // The same whether it exists or not.
  fail('notFound', `${file} is not in a folder that this server may read.`, {
    at: file,
    advice: `The server was started with --data-folder and may read ${folders.join(', ')}.`,
  });
}

function sourceOf(projectText: string): readonly string[] {
  const form = parseForm(projectText);
  return form.ok ? [form.project.data.source] : [];
}
