import { viewsInWords } from '../catalogue/evaluate-views.ts';
import { partsOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { isMismatch } from './difference.ts';
import { formatTitles } from './format-titles.ts';
import type { Proof } from './proof.ts';
import { isPicture } from './python-scripts.ts';
import type { ExportFormat, ExportNetwork, ExportSubject } from './subject.ts';
import type { TargetMapping } from '../training/plan-targets.ts';
import { isWholeInput } from './whole-inputs.ts';
import { counted } from '../format.ts';
import { pictureForm, pictureFormText } from '../project/import-settings.ts';

/** A licence that a project of one's own gives is one's own to write. */
const licenceLine =
  'The weights and the project belong to whoever trained them. Code that Torchwright wrote into this folder may be used without any condition.';

const sourceFormats: ReadonlySet<ExportFormat> = new Set<ExportFormat>(['safetensors', 'state-dict', 'python']);

/** What an export's folder says about itself. Markdown. */
export function readmeText(
  subject: ExportSubject,
  format: ExportFormat,
  written: {
    readonly files: readonly { readonly name: string; readonly about: string }[];
    readonly usage: string;
    readonly preprocesses?: boolean;
    readonly proofs: readonly Proof[];
  },
  version: string,
): string {
  const { project, checkpoint, run, classNames, targetNames } = subject;
  const whole = counted(checkpoint.epoch, 'epoch');
  const epochs = checkpoint.step === 0 ? whole : `${whole} and a part`;
  const sections = [
    `# ${project.name}: ${formatTitles[format]}`,
    [
      project.description ?? '',
      `Trained with Torchwright ${version} for ${epochs} (run ${run}, ${checkpoint.which} checkpoint${checkpoint.weights === 'averaged' ? ', averaged weights' : ''}).`,
      measuredText(subject),
    ]
      .filter((text) => text !== '')
      .join('\n\n'),
    `## How to use it\n\n${written.usage.trim()}`,
    `## Input\n\n${inputText(subject, format, written.preprocesses === true)}`,
    stateText(subject, format),
    classNames.length === 0
      ? ''
      : `## Classes\n\n${targetNames.length === 0 ? 'In' : `Of ${targetNames.join(', ')}, in`} the order of the outputs:\n\n${classNames.map((name, index) => `${index}. ${name}`).join('\n')}`,
    targetText(subject),
    `## Proof\n\n${written.proofs.map(proofText).join('\n')}`,
    `## Files\n\n${written.files.map(({ name, about }) => `- \`${name}\`: ${about}`).join('\n')}\n- \`SHA256SUMS\`: check with \`sha256sum -c SHA256SUMS\``,
    `## Licence\n\n${licenceLine}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function measuredText({ project, measured, targetMapping, targetErrors = [] }: ExportSubject): string {
  if (measured === null) return '';
  const accuracy = measured.accuracy === null ? '' : `accuracy ${(100 * measured.accuracy).toFixed(2)} %, `;
  const loss = `loss ${measured.loss.toPrecision(4)}${isScaled(targetMapping) ? ', of standardised targets' : ''}`;
  const views = viewsInWords(project.recipe);
  const seen = views === null ? '' : `, ${views}`;
  const single =
    views === null ? '' : ' The exported network computes one view of its input, so its accuracy may differ.';
  const whole = `On the test set${seen}: ${accuracy}${loss}.${single}`;
  if (targetErrors.length === 0) return whole;
  const errors = targetErrors.map(({ name, r2, rootMeanSquare }) => {
    const share = r2 === null ? '' : `R² ${r2.toFixed(4)}, `;
    return `- ${name}: ${share}RMSE ${Number(rootMeanSquare.toPrecision(4))}`;
  });
  return `${whole} RMSE (root mean square error) is in the unit of the target:\n\n${errors.join('\n')}`;
}

function inputText(subject: ExportSubject, format: ExportFormat, preprocesses: boolean): string {
  const { networks, preprocessing, columnNames } = subject;
  const { shape, isBytes, scale, offset, needsDouble } = preprocessing;
  const isWhole = (network: ExportNetwork, index: number): boolean =>
    sourceFormats.has(format) && isWholeInput(network, index);
  const lines = networks.flatMap((network) =>
    network.inputs.map((input, index) => {
      const { name } = network;
      const of = networks.length > 1 ? ` of the ${name === 'main' ? 'generator' : name}` : '';
      const isStored = preprocesses && isBytes && index === 0 && input.name !== 'noise';
      const sizes = ['batch', ...input.samples.shape.slice(1)].join(', ');
      const type = isStored ? 'uint8' : isWhole(network, index) ? 'int64' : 'float32';
      return `- \`${input.name}\`${of}: ${type} [${sizes}]`;
    }),
  );
  const what = isBytes ? 'Pixels 0…255 of' : 'Numbers of';
  const columns =
    columnNames.length === 0
      ? ''
      : `\n\nThe columns, in this order:\n\n${columnNames.map((name, index) => `${index}. ${name}`).join('\n')}`;
  const isAsItIs = scale.every((value) => value === 1) && offset.every((value) => value === 0);
  if (isWhole(networks[0], 0) && isAsItIs) {
    return `${lines.join('\n')}\n\nThe whole numbers of a sample [${shape.join(', ')}] are the network's input as they are.${columns}`;
  }
  const double =
    needsDouble === true ? ' Compute this with 64 bits: the numbers are far from zero and differ little.' : '';
  const where = preprocesses ? ', which is done here' : '';
  const formula = `x · scale + offset with scale ${numbers(scale)} and offset ${numbers(offset)}`;
  return `${lines.join('\n')}\n\n${what} a sample [${shape.join(', ')}] become the network's input by ${formula}${where}.${double}${pictureText(subject)}${columns}`;
}

/** How a picture of any size becomes a sample; what makes pictures takes none. */
function pictureText(subject: ExportSubject): string {
  if (!isPicture(subject) || subject.project.recipe.kind === 'adversarial') return '';
  const [, height, width] = subject.preprocessing.shape;
  const form = pictureForm(subject.project.data.import ?? {});
  return `\n\nA picture becomes a sample as the training pictures did. ${pictureFormText(form, height!, width!)}`;
}

/** What a regression predicts, and in what units. */
function targetText({ targetNames, targetMapping, classNames }: ExportSubject): string {
  if (classNames.length > 0 || (targetNames.length === 0 && targetMapping === null)) return '';
  const names = targetNames.map((name, index) => `${index}. ${name}`).join('\n');
  return `## Output\n\n${names === '' ? '' : `The targets, in the order of the outputs:\n\n${names}\n\n`}${mappingText(targetMapping)}`;
}

function mappingText(mapping: TargetMapping | null): string {
  if (mapping === null) return 'The output is what the network was trained to predict, in units of the targets.';
  const toDo = 'A network of your own with these weights has to do the same.';
  if (mapping === 'exponential') {
    return `The output is in units of the targets. The network was trained to give their logarithms (its loss is PoissonNLL), and the model itself takes the exponential. ${toDo}`;
  }
  return (
    `The output is in units of the targets. The network was trained on standardised targets, and the model itself ` +
    `scales them back: output · scale + offset with scale ${numbers(mapping.scale)} and offset ` +
    `${numbers(mapping.offset)}. ${toDo}`
  );
}

function isScaled(mapping: TargetMapping | null): boolean {
  return mapping !== null && mapping !== 'exponential';
}

/** Where a state goes on from batch to batch while the network is trained, what becomes of it here. */
function stateText({ networks }: ExportSubject, format: ExportFormat): string {
  const carrying = networks.flatMap(({ resolved }) => carryingParts(resolved)).map(({ path }) => `\`${path}\``);
  if (carrying.length === 0) return '';
  const here = sourceFormats.has(format)
    ? 'So does this module, from call to call: `network.eval()` sets it back to zeros, which the samples of a new sequence need.'
    : 'This file does not: every call begins with zeros. Pass a whole sequence at once, or use the Python source, which keeps the state between calls.';
  return `## State\n\nIn training, the state of ${carrying.join(', ')} is carried from batch to batch, and each epoch begins with zeros. ${here}`;
}

function carryingParts(node: ResolvedNode): readonly ResolvedNode[] {
  const own = node.type === 'Recurrent' && node.carry ? [node] : [];
  return [...own, ...partsOf(node).flatMap(carryingParts)];
}

function numbers(values: readonly number[]): string {
  const texts = values.map((value) => String(Number(value.toPrecision(9))));
  return texts.every((text) => text === texts[0]) ? texts[0]! : `[${texts.join(', ')}]`;
}

/** One line for people. */
export function proofText(proof: Proof): string {
  const network = proof.network === 'main' ? '' : ` (${proof.network})`;
  if ('notAsked' in proof) return `- ${proof.consumer}${network}: not asked, ${proof.notAsked}`;
  const { difference, accuracy, samples } = proof;
  const verdict = isMismatch(difference) ? 'differs from the engine' : 'agrees with the engine';
  const { absolute, relative } = difference;
  const far =
    absolute === 0
      ? 'no difference'
      : `largest difference ${absolute.toExponential(1)}, ${relative.toExponential(1)} of the largest output`;
  const right =
    accuracy === null
      ? ''
      : `; right ${percent(accuracy.consumer, samples)} (the engine ${percent(accuracy.engine, samples)})`;
  return `- ${proof.consumer}${network} ${verdict} on ${samples.toLocaleString('en-US')} test samples: ${far}${right}`;
}

function percent(part: number, samples: number): string {
  return `${(100 * part).toFixed(samples < 1000 ? 1 : 2)} %`;
}
