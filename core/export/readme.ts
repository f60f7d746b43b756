import { partsOf } from '../network/resolved.ts';
import type { ResolvedNode } from '../network/resolved.ts';
import { isMismatch } from './difference.ts';
import { formatTitles } from './format-titles.ts';
import type { Proof } from './proof.ts';
import type { ExportFormat, ExportSubject } from './subject.ts';

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
  const { project, checkpoint, run, classNames } = subject;
  const whole = checkpoint.epoch === 1 ? '1 epoch' : `${checkpoint.epoch} epochs`;
  const epochs = checkpoint.step === 0 ? whole : `${whole} and a part`;
  const sections = [
    `# ${project.name}: ${formatTitles[format]}`,
    [
      project.description ?? '',
      `Trained with Torchwright ${version} for ${epochs} (run ${run}, ${checkpoint.which} checkpoint, ${checkpoint.weights} weights).`,
      measuredText(subject),
    ]
      .filter((text) => text !== '')
      .join('\n\n'),
    `## How to use it\n\n${written.usage.trim()}`,
    `## Input\n\n${inputText(subject, written.preprocesses === true)}`,
    stateText(subject, format),
    classNames.length === 0
      ? ''
      : `## Classes\n\nIn the order of the outputs:\n\n${classNames.map((name, index) => `${index}. ${name}`).join('\n')}`,
    `## Proof\n\n${written.proofs.map(proofText).join('\n')}`,
    `## Files\n\n${written.files.map(({ name, about }) => `- \`${name}\`: ${about}`).join('\n')}\n- \`SHA256SUMS\`: check with \`sha256sum -c SHA256SUMS\``,
    `## Licence\n\n${licenceLine}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function measuredText({ measured }: ExportSubject): string {
  if (measured === null) return '';
  const accuracy = measured.accuracy === null ? '' : `accuracy ${(100 * measured.accuracy).toFixed(2)} %, `;
  return `On the test set: ${accuracy}loss ${measured.loss.toPrecision(4)}.`;
}

function inputText({ networks, preprocessing }: ExportSubject, preprocesses: boolean): string {
  const { shape, isBytes, scale, offset } = preprocessing;
  const lines = networks.flatMap(({ name, inputs }) =>
    inputs.map((input, index) => {
      const of = networks.length > 1 ? ` of the ${name === 'main' ? 'generator' : name}` : '';
      const isStored = preprocesses && isBytes && index === 0 && input.name !== 'noise';
      const sizes = ['batch', ...input.samples.shape.slice(1)].join(', ');
      return `- \`${input.name}\`${of}: ${isStored ? 'uint8' : 'float32'} [${sizes}]`;
    }),
  );
  const what = isBytes ? 'Pixels 0…255 of' : 'Numbers of';
  const where = preprocesses ? ', which is done here' : '';
  const formula = `x · scale + offset with scale ${numbers(scale)} and offset ${numbers(offset)}`;
  return `${lines.join('\n')}\n\n${what} a sample [${shape.join(', ')}] become the network's input by ${formula}${where}.`;
}

/** Where a state goes on from batch to batch while the network is trained, what becomes of it here. */
function stateText({ networks }: ExportSubject, format: ExportFormat): string {
  const carrying = networks.flatMap(({ resolved }) => carryingParts(resolved)).map(({ path }) => `\`${path}\``);
  if (carrying.length === 0) return '';
  const here = sourceFormats.has(format)
    ? 'So does this module, from call to call: `network.eval()` sets it back to zeros, which the samples of a new sequence need.'
    : 'This file does not: in every call it begins with zeros. Hand a sequence over whole, or use the Python source, which goes on from call to call.';
  return `## State\n\nIn training, the state of ${carrying.join(', ')} goes on from batch to batch, and each epoch begins with zeros. ${here}`;
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
  const far = `largest difference ${difference.absolute.toExponential(1)}, ${difference.relative.toExponential(1)} of the largest output`;
  const right =
    accuracy === null
      ? ''
      : `; right ${percent(accuracy.consumer, samples)} (the engine ${percent(accuracy.engine, samples)})`;
  return `- ${proof.consumer}${network} ${verdict} on ${samples.toLocaleString('en-US')} test samples: ${far}${right}`;
}

function percent(part: number, samples: number): string {
  return `${(100 * part).toFixed(samples < 1000 ? 1 : 2)} %`;
}
