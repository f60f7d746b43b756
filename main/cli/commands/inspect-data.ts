import path from 'node:path';
import type {
  DatasetInspection,
  DuplicateFigures,
  DuplicateGroup,
  SplitInspection,
} from '../../../core/contract/inspection.ts';
import { alikeImagesOf, inspectionOf } from '../../datasets/inspect/inspection-of.ts';
import { knownDataset } from '../../datasets/known-datasets.ts';
import { dataProgress } from '../data-progress.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count, counted, figure, sampleShape, table } from '../format.ts';
import type { Output } from '../output.ts';

/** Groups of duplicates that a terminal shows. */
const mostShown = 10;

export async function inspectData(output: Output, name: string, isAlikeWanted: boolean): Promise<ExitCode> {
  const source = knownDataset(name) === undefined ? path.resolve(name) : name;
  const progress = dataProgress(output);
  const inspection = await inspectionOf({ source }, { onProgress: progress.show });
  const alike = isAlikeWanted ? await alikeImagesOf({ source }, { onProgress: progress.show }) : null;
  progress.end();
  if (output.isJson) {
    output.json({ event: 'dataInspected', source, ...inJson(inspection), ...(alike && { alike }) });
    return exitCodes.done;
  }
  for (const line of inWords(inspection)) output.line(line);
  if (alike !== null) {
    const what = `similar, correlation at least ${alike.least}`;
    for (const line of duplicateLines(what, alike, inspection.classNames)) output.line(line);
  }
  return exitCodes.done;
}

/** Without what there is one of for each sample. */
function inJson({ splits, duplicates, ...facts }: DatasetInspection): object {
  const short = ({ samples, classCounts }: SplitInspection) => ({ samples, classCounts });
  return { ...facts, splits: { train: short(splits.train), test: short(splits.test) }, duplicates };
}

function* inWords({ inputShape, classNames, columnNames, splits, statistics, range, duplicates }: DatasetInspection) {
  const { train, test } = splits;
  yield `samples  ${count(train.samples)} for training, ${count(test.samples)} for testing, ${sampleShape(inputShape)}`;
  yield '';
  if (classNames.length > 0) {
    const columns = [
      { title: 'class', align: 'left' },
      { title: 'train', align: 'right' },
      { title: 'test', align: 'right' },
    ] as const;
    yield* table(
      columns,
      classNames.map((name, label) => [name, count(train.classCounts[label]!), count(test.classCounts[label]!)]),
    );
    yield '';
  }
  const columns = [
    { title: inputShape.length === 1 ? 'column' : 'channel', align: 'left' },
    { title: 'mean', align: 'right' },
    { title: 'standard deviation', align: 'right' },
    { title: 'minimum', align: 'right' },
    { title: 'maximum', align: 'right' },
  ] as const;
  yield* table(
    columns,
    statistics.mean.map((mean, channel) => [
      columnNames[channel] ?? String(channel),
      ...[mean, statistics.std[channel]!, range.least[channel]!, range.most[channel]!].map(figure),
    ]),
  );
  yield '';
  yield* duplicateLines('identical', duplicates, classNames);
}

function* duplicateLines(what: string, found: DuplicateFigures, classNames: readonly string[]) {
  if (found.total === 0) {
    yield `${what}: none`;
    return;
  }
  yield (
    `${what}: ${counted(found.total, 'group')}, ` +
    `${count(found.testInTrain)} test samples have a duplicate among the training samples, ` +
    `${count(found.contradictory)} with different labels`
  );
  for (const group of found.groups.slice(0, mostShown)) yield `  ${groupLine(group, classNames)}`;
  if (found.total > mostShown) yield `  and ${count(found.total - mostShown)} more`;
}

function groupLine({ members, size, correlation }: DuplicateGroup, classNames: readonly string[]): string {
  const names = members.map(({ split, index, address = String(index), label }) => {
    const named = label === null ? '' : ` (${classNames[label] ?? label})`;
    return `${split} ${address}${named}`;
  });
  const more = size > members.length ? `, … (${count(size)})` : '';
  return `${correlation.toFixed(4)}  ${names.join(', ')}${more}`;
}
