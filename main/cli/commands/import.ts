import path from 'node:path';
import type { ImportedDataset } from '../../../core/contract/data.ts';
import type { ImportSettings } from '../../../core/project/project.ts';
import { importDataset } from '../../datasets/import/import-dataset.ts';
import { dataProgress } from '../data-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, count, table } from '../format.ts';
import type { Output } from '../output.ts';
import { untilInterrupted } from '../until-interrupted.ts';

export interface ImportOptions {
  readonly task?: 'classification' | 'regression';
  readonly target?: readonly string[];
  readonly size?: readonly [number, number];
  readonly channels?: '1' | '3';
  readonly testFraction?: number;
  readonly seed?: number;
}

/** Reads data of one's own and says what was found, what was left out, and how a project names it. */
export async function importData(output: Output, place: string, options: ImportOptions): Promise<ExitCode> {
  const settings = settingsOf(options);
  const progress = dataProgress(output);
  const { dataset } = await untilInterrupted(`${place} was not read.`, (signal) =>
    importDataset(path.resolve(place), settings, { onProgress: progress.show, signal }),
  ).finally(() => progress.end());
  if (output.isJson) {
    output.json({ event: 'dataImported', ...dataset });
    return exitCodes.done;
  }
  for (const line of describe(dataset)) output.line(line);
  return exitCodes.done;
}

function settingsOf({ task, target, size, channels, testFraction, seed }: ImportOptions): ImportSettings {
  const split = { ...(testFraction === undefined ? {} : { testFraction }), ...(seed === undefined ? {} : { seed }) };
  return {
    ...(task === undefined ? {} : { task }),
    ...(target === undefined ? {} : { target: target.length === 1 ? target[0]! : target }),
    ...(size === undefined ? {} : { size }),
    ...(channels === undefined ? {} : { channels: channels === '1' ? 1 : 3 }),
    ...(Object.keys(split).length === 0 ? {} : { split }),
  };
}

function describe(dataset: ImportedDataset): readonly string[] {
  const { inputShape, trainSamples, testSamples, kind, statistics, notes, skipped, task, settings } = dataset;
  const shape = `${inputShape.join(' × ')}${kind === 'images' ? ' (channels × height × width)' : ''}`;
  return [
    dataset.source,
    `samples  ${count(trainSamples)} for training, ${count(testSamples)} for testing, ${bytes(dataset.bytes)}`,
    `shape    ${shape}`,
    ...(dataset.columnNames.length > 0 ? [`columns  ${dataset.columnNames.join(', ')}`] : []),
    ...(task === 'regression' ? [`target   ${dataset.targetNames.join(', ') || `${dataset.targets} numbers`}`] : []),
    `mean     ${figures(statistics.mean)}`,
    `std      ${figures(statistics.std)}`,
    ...notes,
    ...(task === 'classification' ? ['', ...classTable(dataset)] : []),
    ...(skipped.length > 0 ? ['', ...skippedLines(dataset)] : []),
    '',
    `In a project: "data": ${JSON.stringify({ source: dataset.source, ...(Object.keys(settings).length > 0 ? { import: settings } : {}), normalise: { kind: 'zscore' } })}`,
  ];
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
