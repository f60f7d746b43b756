import { checkFiles } from '../../datasets/check-files.ts';
import { folderOf, getDataset } from '../../datasets/datasets.ts';
import { knownDataset, knownDatasets } from '../../datasets/known-datasets.ts';
import type { KnownDataset } from '../../datasets/known-datasets.ts';
import { fail } from '../../failures.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { bytes, count, table } from '../format.ts';
import type { Output } from '../output.ts';
import { bar, ProgressLine } from '../progress-line.ts';

export async function listData(output: Output): Promise<ExitCode> {
  const folders = await Promise.all(knownDatasets.map(folderOf));
  if (output.isJson) {
    for (const [index, dataset] of knownDatasets.entries()) output.json(description(dataset, folders[index] ?? null));
    return exitCodes.done;
  }
  const columns = [
    { title: 'data set', align: 'left' },
    { title: 'images', align: 'left' },
    { title: 'size', align: 'right' },
    { title: 'here', align: 'left' },
  ] as const;
  const rows = knownDatasets.map((dataset, index) => [
    dataset.name,
    `${count(dataset.trainSamples)} + ${count(dataset.testSamples)} of ${dataset.inputShape.join(' × ')}`,
    bytes(dataset.bytes),
    folders[index] ? 'yes' : `no: torchwright data get ${dataset.name}`,
  ]);
  for (const line of table(columns, rows)) output.line(line);
  return exitCodes.done;
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
  output.line(`images   ${count(dataset.trainSamples)} for training, ${count(dataset.testSamples)} for testing`);
  output.line(`shape    ${dataset.inputShape.join(' × ')} (channels × height × width), uint8`);
  output.line(`classes  ${dataset.classNames.join(', ')}`);
  output.line(`source   ${dataset.source}`);
  output.line(`licence  ${dataset.licence}`);
  output.line(`size     ${bytes(dataset.bytes)}`);
  output.line(`place    ${folder === null ? `not here: ${dataset.arrival}` : `${folder} (checksums right)`}`);
  return exitCodes.done;
}

export async function getData(output: Output, name: string): Promise<ExitCode> {
  const dataset = named(name);
  const progress = new ProgressLine(process.stderr);
  let lastStage = '';
  const folder = await getDataset(dataset, ({ stage, done, total }) => {
    if (output.isJson) output.json({ event: 'progress', stage, done, total });
    else if (total !== null && process.stderr.isTTY)
      progress.show(`${stage} ${bar(done / total, 20)} ${done} / ${total}`);
    else if (stage !== lastStage) output.note(stage);
    lastStage = stage;
  });
  progress.clear();
  if (output.isJson) output.json({ event: 'dataReady', name, folder });
  else output.line(`${dataset.name} is at ${folder}`);
  return exitCodes.done;
}

function named(name: string): KnownDataset {
  const names = knownDatasets.map((dataset) => dataset.name).join(', ');
  return knownDataset(name) ?? fail('notFound', `There is no data set '${name}'; known are ${names}.`, { at: name });
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
