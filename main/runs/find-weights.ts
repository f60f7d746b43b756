import path from 'node:path';
import { elementCount } from '../../core/catalogue/shape.ts';
import type { ResolvedNode } from '../../core/network/resolved.ts';
import type { WeightReport, WeightSource } from '../../core/training/events.ts';
import { isWeightsFile, weightSourceWords } from '../../core/training/weight-source.ts';
import { chooseEntry } from '../../core/weights/choose-entry.ts';
import { matchWeights } from '../../core/weights/match-weights.ts';
import { countNonFinite } from '../../core/weights/non-finite.ts';
import { safetensorsHeader } from '../../core/weights/safetensors.ts';
import type { TensorInFile } from '../../core/weights/stored-tensor.ts';
import { writeParts } from '../exports/write-parts.ts';
import { fail } from '../failures.ts';
import { withWeightsFile } from '../imports/weights-file.ts';
import { readSoundIndex } from './sound-checkpoint.ts';
import { initialWeightsFile, writeInitialWeights } from './initial-weights.ts';
import { checkpointsFolder } from './run-folder.ts';

/** Where a new run takes its weights from. */
export interface WeightChoice {
  /** A file, or the id of a run. */
  readonly from: string;
  /** Which state dict of a file that holds several. */
  readonly entry?: string;
}

/** Weights that are ready to be put into a run. */
export interface FoundWeights {
  readonly from: WeightSource;
  /** Where they lie. */
  readonly file: string;
  /** What of them the network takes. */
  readonly report: WeightReport;
}

/** Of a file, or of a run's best checkpoint, or where it has none, its last. Throws a FailureError where nothing fits. */
export async function findWeights({ from, entry }: WeightChoice, network: ResolvedNode): Promise<FoundWeights> {
  const { file, source } = isWeightsFile(from) ? ofFile(path.resolve(from), entry) : await ofRun(from);
  const report = await withWeightsFile(file, (entries) => {
    const { tensors } = chooseEntry(entries, entry);
    const matched = matchWeights(network, tensors);
    if (matched.matched.length === 0) refuseStrangers(source, tensors, matched);
    return Promise.resolve(matched);
  });
  return { from: source, file, report };
}

function ofFile(file: string, entry: string | undefined): { readonly file: string; readonly source: WeightSource } {
  return { file, source: entry === undefined ? { file } : { file, entry } };
}

async function ofRun(run: string): Promise<{ readonly file: string; readonly source: WeightSource }> {
  const index = await readSoundIndex(checkpointsFolder(run));
  if (index === null) return fail('notFound', `The run ${run} has no checkpoint to load weights from.`, { at: run });
  const position = index.best ?? index.last;
  return {
    file: path.join(checkpointsFolder(run), position.directory, 'model.safetensors'),
    source: { run, checkpoint: index.best === null ? 'last' : 'best', epoch: position.epoch },
  };
}

function refuseStrangers(
  source: WeightSource,
  tensors: readonly TensorInFile[],
  { missing, otherShape }: WeightReport,
): never {
  const at = 'file' in source ? source.file : source.run;
  const words = 'file' in source ? weightSourceWords(source) : `the run ${source.run}`;
  const wanted = [...missing, ...otherShape.map(({ name }) => name)];
  const some = (names: readonly string[]): string => names.slice(0, 3).join(', ');
  fail('badUsage', `No parameter of ${words} matches a parameter of this network by name and shape.`, {
    at,
    advice: `It has ${some(tensors.map(({ name }) => name))}; the network needs ${some(wanted)}. Names follow the positions of the modules, or their "name" in the project.`,
  });
}

/**
 * Puts what the network asks for into a run, under the network's names, so that the run stays what it is when the source
 * is gone. Only tensors are copied, and nothing else ever comes to the engine.
 */
export async function copyWeights(run: string, { from, file, report }: FoundWeights): Promise<void> {
  const { prefix = '', matched, otherShape, unused } = report;
  const wanted = new Set([...matched, ...otherShape.map(({ name }) => name)].map((name) => `${prefix}${name}`));
  await withWeightsFile(file, async (entries) => {
    const { tensors } = chooseEntry(entries, 'file' in from ? from.entry : undefined);
    const chosen = tensors.filter(({ name }) => wanted.has(name));
    const renamed = chosen.map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) }));
    await writeParts(initialWeightsFile(run), partsOf(renamed, file));
  });
  await writeInitialWeights(run, { from, report: null, given: { unused, ...(prefix === '' ? {} : { prefix }) } });
}

async function* partsOf(tensors: readonly TensorInFile[], file: string): AsyncGenerator<Uint8Array> {
  yield safetensorsHeader(tensors, { format: 'pt' });
  for (const { name, type, shape, read } of tensors) {
    const data = await read();
    const broken = countNonFinite(type, data);
    if (broken > 0) {
      const of = elementCount(shape);
      fail('badData', `${file}: ${broken} of the ${of} values of ${name} are NaN or infinite.`, {
        at: file,
        advice: 'Every loss would be NaN. Use a checkpoint from before its training diverged.',
      });
    }
    yield data;
  }
}
