import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Failure } from '../../../core/failure.ts';
import type { LookTarget, PredictQuestion } from '../../../core/contract/look.ts';
import { ofCurrentCheckpoint } from '../../evaluation/current-checkpoint.ts';
import { importSettingsOf } from '../../evaluation/import-settings-of.ts';
import { lookedCheckpoint } from '../../evaluation/looked-checkpoint.ts';
import { Looks } from '../../evaluation/looks.ts';
import type { LookedCheckpoint } from '../../evaluation/looks.ts';
import { plannedRun } from '../../evaluation/planned-run.ts';
import { prepareDrawing, preparePicture } from '../../evaluation/prepare-picture.ts';
import { arrayEnding, asStored, rowsOfArray, rowsOfTable, tableEnding } from '../../evaluation/samples-of-file.ts';
import { fail, withFile } from '../../failures.ts';
import type { CheckpointIndex } from '../../runs/checkpoint-index.ts';
import { readRunData } from '../../runs/run-data.ts';
import type { RunRow } from '../../runs/run-index.ts';
import type { PlannedProject } from '../../training/plan-project.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { counted } from '../format.ts';
import type { Output } from '../output.ts';
import { runNamed } from './run-named.ts';

export interface PredictOptions extends Omit<LookTarget, 'run'> {
  /** So many classes of each sample. */
  readonly top: number;
  /** The files are drawn digits: made as MNIST's are. */
  readonly drawing?: true;
}

/** What a run's network predicts of picture files, of the rows of tables and of arrays. */
export async function predict(
  output: Output,
  name: string,
  files: readonly string[],
  options: PredictOptions,
): Promise<ExitCode> {
  const run = await runNamed(name, output);
  const planned = await plannedRun(run);
  if (planned.plan.adversarial !== null) {
    fail('unavailable', `The network of ${run.id} is a generator: it makes images and cannot predict from files.`, {
      at: run.id,
      advice: `torchwright samples ${run.id} --out FILE`,
    });
  }
  // All are read before the engine begins: a mistake is reported at once.
  const samples: FileInput[] = [];
  const refused: Failure[] = [];
  for (const file of files) {
    const found = await samplesOf(file, run, planned, options.drawing === true);
    samples.push(...found.inputs);
    refused.push(...found.refused);
  }
  const looks = new Looks();
  try {
    const { checkpoint: which, weights } = options;
    // The engine has read the checkpoint once it has answered: then a training may remove it.
    let checkpoint: LookedCheckpoint | undefined;
    for (const sample of samples) {
      const question = { kind: 'predict', subject: sample.subject } as const;
      const { probabilities } = await (checkpoint === undefined
        ? ofCurrentCheckpoint(run, which, async (index) => {
            const current = await lookedCheckpoint(run, { checkpoint: which, ...(weights && { weights }) }, index);
            const answer = await looks.ask(current, question);
            checkpoint = current;
            output.note(checkpointWords(index, which));
            return answer;
          })
        : looks.ask(checkpoint, question));
      const each = probabilities.length / sample.places.length;
      for (const [index, place] of sample.places.entries()) {
        const numbers = probabilities.subarray(index * each, (index + 1) * each);
        print(output, place, predictionOf(numbers, planned, options.top));
      }
    }
  } finally {
    await looks.close();
  }
  tellRefused(output, refused);
  return refused.length === 0 ? exitCodes.done : exitCodes.badInput;
}

/** Which one the predictions are of: the window and exports take the best one where nothing is chosen. */
function checkpointWords(index: CheckpointIndex, which: 'last' | 'best'): string {
  const { best, last } = index;
  const isBetterThere = which === 'last' && best !== null && best.directory !== last.directory;
  const hint = isBetterThere ? `; --checkpoint best is ${best.directory}` : '';
  return `Checkpoint ${index[which]!.directory}, the ${which} one${hint}`;
}

/** Rows that a terminal names. */
const refusedShown = 20;

function tellRefused(output: Output, refused: readonly Failure[]): void {
  if (output.isJson) for (const error of refused) output.json({ event: 'error', error });
  for (const failure of refused.slice(0, refusedShown)) output.failed(failure);
  const more = refused.length - refusedShown;
  if (more > 0) output.note(`and ${counted(more, 'more row')} without a prediction`);
}

/** What of a file can be predicted, and why the rest cannot. */
interface FoundInputs {
  readonly inputs: readonly FileInput[];
  readonly refused: readonly Failure[];
}

/** Samples that the engine gets at once. */
interface FileInput {
  readonly subject: PredictQuestion['subject'];
  /** Where each comes from. */
  readonly places: readonly Place[];
}

interface Place {
  readonly file: string;
  /** Of a table. */
  readonly line?: number;
  /** Of an array, from 0. */
  readonly index?: number;
}

const samplesAtOnce = 1000;

async function samplesOf(file: string, run: RunRow, planned: PlannedProject, isDrawing: boolean): Promise<FoundInputs> {
  const { plan, columnNames } = planned;
  const { inputShape } = plan;
  const found = await withFile(file, () => stat(file));
  // A pipe would be waited for without end.
  if (!found.isFile()) fail('badData', `${file} is a folder, device or pipe, not a file.`, { at: file });
  const isTable = tableEnding.test(file);
  if (isTable && columnNames.length === 0) {
    fail('badUsage', `${run.id} was not trained on a table, so it cannot predict the rows of ${file}.`, {
      at: file,
      advice: inputShape.length === 3 ? 'Use image files or a .npy array.' : 'Use a .npy array.',
    });
  }
  if (isTable || arrayEnding.test(file)) {
    const commaColumns = (await readRunData(run.id))?.data.commaColumns;
    const shape = { inputShape, columnNames, ...(commaColumns && { commaColumns }) };
    const { rows, places, refused } = isTable ? await rowsOfTable(file, shape) : await rowsOfArray(file, shape);
    const inputs = Array.from({ length: Math.ceil(rows.length / samplesAtOnce) }, (_, part): FileInput => {
      const from = part * samplesAtOnce;
      const some = rows.slice(from, from + samplesAtOnce);
      return {
        subject: { kind: 'numbers', numbers: asStored(some, plan.data.origins) },
        places: places.slice(from, from + samplesAtOnce).map((place) => ({ file, ...place })),
      };
    });
    return { inputs, refused };
  }
  if (columnNames.length > 0) {
    fail(
      'badUsage',
      `${file} is not a table: ${run.id} takes rows with the columns ${columnNames.slice(0, 10).join(', ')}.`,
      {
        at: file,
        advice: 'Use a .csv or .tsv file with column names in its first line, or a .npy array.',
      },
    );
  }
  const prepare = isDrawing ? prepareDrawing : preparePicture;
  const target = { inputShape, settings: await importSettingsOf(run) };
  const pixels = await prepare(file, target, file);
  return { inputs: [{ subject: { kind: 'pixels', pixels }, places: [{ file }] }], refused: [] };
}

type Prediction =
  | { readonly classes: readonly { readonly class: string; readonly probability: number }[] }
  | { readonly targets: readonly { readonly name: string; readonly value: number }[] };

function predictionOf(
  numbers: Float32Array,
  { plan, classNames, targetNames }: PlannedProject,
  top: number,
): Prediction {
  if (plan.data.classes === 0) {
    const nameOf = (target: number): string => targetNames[target] ?? `target ${target + 1}`;
    return { targets: Array.from(numbers, (value, target) => ({ name: nameOf(target), value })) };
  }
  const classes = Array.from(numbers, (probability, label) => ({
    class: classNames[label] ?? String(label),
    probability,
  }));
  return { classes: classes.sort((one, other) => other.probability - one.probability).slice(0, top) };
}

function print(output: Output, { file, ...within }: Place, prediction: Prediction): void {
  if (output.isJson) {
    output.json({ event: 'prediction', file: path.resolve(file), ...within, ...prediction });
    return;
  }
  const { line, index } = within;
  const place = line !== undefined ? `${file}:${line}` : index !== undefined ? `${file} [${index}]` : file;
  const words =
    'classes' in prediction
      ? prediction.classes.map(({ class: name, probability }) => `${name} ${(probability * 100).toFixed(2)} %`)
      : prediction.targets.map(({ name, value }) => `${name} ${String(Number(value.toPrecision(7)))}`);
  output.line(`${place}: ${words.join(', ')}`);
}
