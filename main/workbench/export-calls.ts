import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Handlers } from '../../core/contract/contract.ts';
import type { ExportCalls, FoundExport } from '../../core/contract/exports.ts';
import type { ExportRecord } from '../../core/export/record.ts';
import { exportFormats } from '../../core/export/subject.ts';
import { writeZip } from '../../core/weights/write-zip.ts';
import { exportRun } from '../exports/export-run.ts';
import { fail, withFile } from '../failures.ts';
import { readIfThere } from '../files.ts';
import { runFolder } from '../runs/run-folder.ts';
import type { RunIndex, RunRow } from '../runs/run-index.ts';
import type { EventHub } from './event-hub.ts';
import type { Shell } from './shell.ts';

/** Exports lie in the run's folder, one of each format. */
export function exportCalls(
  index: RunIndex,
  events: EventHub,
  { openEngine, dialogs }: Pick<Shell, 'openEngine' | 'dialogs'>,
): Pick<Handlers, keyof ExportCalls> {
  /** By run. */
  const underWay = new Map<string, AbortController>();
  const named = async (run: string): Promise<RunRow> =>
    (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
  return {
    'exports.make': async ({ run, format, checkpoint, ...options }) => {
      const out = exportFolder(run, format);
      const onProgress = (doing: string): void => events.emit('exportProgress', { run, doing });
      if (underWay.has(run)) fail('inUse', `An export of the run ${run} is already running.`, { at: run });
      const stopping = new AbortController();
      underWay.set(run, stopping);
      try {
        const request = { format, checkpoint, options, out, replaces: true, openEngine, onProgress };
        const record = await exportRun(index, await named(run), { ...request, stop: stopping.signal });
        return { folder: out, record };
      } finally {
        underWay.delete(run);
      }
    },
    'exports.stop': ({ run }) => underWay.get(run)?.abort(),
    'exports.list': async ({ run }) => {
      const { id } = await named(run);
      const found = await Promise.all(exportFormats.map((format) => findExport(exportFolder(id, format))));
      return found.filter((each) => each !== null).sort((a, b) => b.record.made.localeCompare(a.record.made));
    },
    'exports.show': async ({ run, format }) => dialogs?.showFolder(exportFolder((await named(run)).id, format)),
    'exports.files': async ({ run, format }) => {
      const { id } = await named(run);
      const folder = exportFolder(id, format);
      return withFile(folder, async () => {
        const names = await readdir(folder);
        const entries = names.map(async (name) => ({
          name: `${format}/${name}`,
          data: await readFile(path.join(folder, name)),
        }));
        return Uint8Array.from(Buffer.concat(writeZip(await Promise.all(entries))));
      });
    },
  };
}

function exportFolder(run: string, format: string): string {
  return path.join(runFolder(run), 'exports', format);
}

async function findExport(folder: string): Promise<FoundExport | null> {
  const file = path.join(folder, 'export.json');
  const text = await withFile(file, () => readIfThere(file));
  try {
    return text === null ? null : { folder, record: JSON.parse(text) as ExportRecord };
  } catch {
    // Torchwright writes this file whole; one that was damaged since is no export that could be shown.
    return null;
  }
}
