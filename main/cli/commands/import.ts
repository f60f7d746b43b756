import path from 'node:path';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import { picturesInWords, roleInWords, tallyOf, warningsInWords } from '../../../core/inspection/import-report.ts';
import type { PictureFit } from '../../../core/project/import-settings.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { changedData } from '../../../core/training/run-data.ts';
import { importDataset } from '../../datasets/import/import-dataset.ts';
import { dataProgress } from '../data-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, count, counted, sizes, table } from '../format.ts';
import type { Output } from '../output.ts';
import { untilInterrupted } from '../until-interrupted.ts';

export interface ImportOptions {
  readonly task?: 'classification' | 'regression';
  readonly target?: readonly string[];
  readonly size?: readonly [number, number];
  readonly fit?: PictureFit;
  readonly background?: string;
  readonly channels?: '1' | '3';
  readonly testFraction?: number;
  readonly seed?: number;
}

/** Reads data of one's own and says what was found, what was left out, and how a project names it. */
export async function importData(output: Output, place: string, options: ImportOptions): Promise<ExitCode> {
  const settings = settingsOf(options);
  const progress = dataProgress(output);
  const { dataset } = await untilInterrupted(`${place} was not imported.`, (signal) =>
    importDataset(path.resolve(place), settings, { onProgress: progress.show, signal }),
  ).finally(() => progress.end());
  if (output.isJson) {
    output.json({ event: 'dataImported', ...dataset });
    return exitCodes.done;
  }
  for (const line of describe(dataset)) output.line(line);
  return exitCodes.done;
}

function settingsOf({ testFraction, seed, ...options }: ImportOptions): ImportSettings {
  const { task, target, size, fit, background, channels } = options;
  const split = { ...(testFraction === undefined ? {} : { testFraction }), ...(seed === undefined ? {} : { seed }) };
  return {
    ...(task === undefined ? {} : { task }),
    ...(target === undefined ? {} : { target: target.length === 1 ? target[0]! : target }),
    ...(size === undefined ? {} : { size }),
    ...(fit === undefined ? {} : { fit }),
    ...(background === undefined ? {} : { background }),
    ...(channels === undefined ? {} : { channels: channels === '1' ? 1 : 3 }),
    ...(Object.keys(split).length === 0 ? {} : { split }),
  };
}

function describe(dataset: ImportedDataset): readonly string[] {
  const { inputShape, trainSamples, testSamples, kind, statistics, notes, skipped, task, settings } = dataset;
  const shape = `${sizes(inputShape)}${kind === 'images' ? ' (channels × height × width)' : ''}`;
  return [
    dataset.source,
    `samples  ${count(trainSamples)} for training, ${count(testSamples)} for testing, ${bytes(dataset.bytes)}`,
    `shape    ${shape}`,
    ...(dataset.columnNames.length > 0 ? [`features ${listed(dataset.columnNames)}`] : []),
    ...targetLine(dataset),
    `mean     ${figures(statistics.mean)}`,
    `std      ${figures(statistics.std)}`,
    ...warningsInWords(dataset),
    ...picturesInWords(dataset),
    ...notes,
    ...(dataset.changes === undefined ? [] : [changedData(dataset.source, dataset.changes)]),
    ...fileLines(dataset),
    ...(task === 'classification' ? ['', ...classTable(dataset)] : []),
    ...(skipped.length > 0 ? ['', ...skippedLines(dataset)] : []),
    '',
    `In a project: "data": ${JSON.stringify({ source: dataset.source, ...(Object.keys(settings).length > 0 ? { import: settings } : {}), normalise: { kind: 'zscore' } })}`,
  ];
}

const namesShown = 30;

function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  return names.slice(0, namesShown).join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

/** What is to be predicted, and why it is that. */
function targetLine({ task, targetNames, targets, columns = [] }: ImportedDataset): readonly string[] {
  const kind = task === 'classification' ? 'a class' : counted(targets, 'number');
  if (targetNames.length === 0) return task === 'regression' ? [`target   ${kind} for each sample`] : [];
  const why = columns.find(({ use }) => use === 'target')?.why ?? null;
  return [`target   ${targetNames.join(', ')} (${kind}${why === null ? '' : `; ${why}`})`];
}

function figures(values: readonly number[]): string {
  const shown = values.slice(0, 8).map((value) => value.toPrecision(4));
  return `${shown.join(', ')}${values.length > shown.length ? ', …' : ''}`;
}

function classTable({ classNames, classCounts }: ImportedDataset): readonly string[] {
  const columns = [
    { title: 'class', align: 'left' },
    { title: 'training', align: 'right' },
    { title: 'testing', align: 'right' },
  ] as const;
  const rows = classNames.map((name, label) => [
    name,
    count(classCounts.train[label] ?? 0),
    count(classCounts.test[label] ?? 0),
  ]);
  return table(columns, rows);
}

function fileLines(dataset: ImportedDataset): readonly string[] {
  const tally = tallyOf(dataset);
  if (tally === null) return [];
  const uses = (dataset.files ?? []).map(({ role, count: files }) => `${count(files)} ${roleInWords(role)}`);
  const leftOut = tally.leftOut === 0 ? 'none left out' : `${count(tally.leftOut)} left out`;
  return [`files    ${count(tally.total)}: ${[...uses, leftOut].join(', ')}`];
}

function skippedLines({ skipped }: ImportedDataset): readonly string[] {
  const total = skipped.reduce((sum, reason) => sum + reason.count, 0);
  return [
    `Left out: ${count(total)}`,
    ...skipped.flatMap(({ reason, count: times, examples }) => [
      `  ${count(times)} × ${reason}`,
      ...examples.map((example) => `      ${example}`),
    ]),
  ];
}
