import type { ImportedDataset } from '../../../core/contract/data.ts';
import { checkFiles } from '../../datasets/check-files.ts';
import { folderOf } from '../../datasets/datasets.ts';
import { getDataset } from '../../datasets/get-dataset.ts';
import { knownDataset, knownDatasets } from '../../datasets/known-datasets.ts';
import type { KnownDataset } from '../../datasets/known-datasets.ts';
import { listImports } from '../../datasets/import/import-dataset.ts';
import { fail } from '../../failures.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, count, sizes, table } from '../format.ts';
import type { Output } from '../output.ts';
import { dataProgress } from '../data-progress.ts';
import { untilInterrupted } from '../until-interrupted.ts';

export async function listData(output: Output): Promise<ExitCode> {
  const folders = await Promise.all(knownDatasets.map(folderOf));
  const own = (await listImports()).filter(({ kind }) => kind !== 'generated');
  if (output.isJson) {
    for (const [index, dataset] of knownDatasets.entries()) output.json(description(dataset, folders[index] ?? null));
    for (const dataset of own) output.json(dataset);
    return exitCodes.done;
  }
  const columns = [
    { title: 'data set', align: 'left' },
    { title: 'samples', align: 'left' },
    { title: 'size', align: 'right' },
    { title: 'available', align: 'left' },
  ] as const;
  const rows = knownDatasets.map((dataset, index) => [
    dataset.name,
    `${count(dataset.trainSamples)} + ${count(dataset.testSamples)} of ${sizes(dataset.inputShape)}`,
    bytes(dataset.bytes),
    folders[index] ? 'yes' : `no: torchwright data get ${dataset.name}`,
  ]);
  for (const line of table(columns, [...rows, ...own.map(ownRow)])) output.line(line);
  return exitCodes.done;
}

function ownRow({ source, trainSamples, testSamples, inputShape, bytes: size }: ImportedDataset): string[] {
  return [source, `${count(trainSamples)} + ${count(testSamples)} of ${sizes(inputShape)}`, bytes(size), 'imported'];
}

export async function dataInfo(output: Output, name: string): Promise<ExitCode> {
  const dataset = named(name);
  const folder = await folderOf(dataset);
  if (folder !== null) await checkFiles(dataset, folder);
  if (output.isJson) {
    output.json(description(dataset, folder));
    return exitCodes.done;
  }
  output.line(`${dataset.title} (${dataset.name})`);
  output.line(`samples  ${count(dataset.trainSamples)} for training, ${count(dataset.testSamples)} for testing`);
  const isImages = dataset.layout !== 'generated';
  output.line(`shape    ${sizes(dataset.inputShape)}${isImages ? ' (channels × height × width), uint8' : ''}`);
  output.line(`classes  ${dataset.classNames.join(', ')}`);
  output.line(`source   ${dataset.source}`);
  output.line(`licence  ${dataset.licence}`);
  output.line(`size     ${bytes(dataset.bytes)}`);
  output.line(`folder   ${folder === null ? `not downloaded: ${dataset.arrival}` : `${folder} (checksums verified)`}`);
  return exitCodes.done;
}

export async function getData(output: Output, name: string): Promise<ExitCode> {
  const dataset = named(name);
  const progress = dataProgress(output);
  const stopped = `The download of ${dataset.name} was cancelled.`;
  const folder = await untilInterrupted(stopped, (signal) =>
    getDataset(dataset, { onProgress: progress.show, signal }),
  ).finally(() => progress.end());
  if (output.isJson) output.json({ event: 'dataReady', name, folder });
  else output.line(`${dataset.name} is at ${folder}`);
  return exitCodes.done;
}

function named(name: string): KnownDataset {
  const names = knownDatasets.map((dataset) => dataset.name).join(', ');
  return (
    knownDataset(name) ?? fail('notFound', `There is no data set '${name}'. Known data sets: ${names}.`, { at: name })
  );
}

function description(dataset: KnownDataset, folder: string | null): object {
  const { name, title, inputShape, trainSamples, testSamples, classNames, source, licence } = dataset;
  return {
    name,
    title,
    inputShape,
    trainSamples,
    testSamples,
    classNames,
    source,
    licence,
    bytes: dataset.bytes,
    folder,
  };
}
