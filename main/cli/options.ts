import { InvalidArgumentError, Option } from 'commander';
import { opsets } from '../../core/export/onnx/opset.ts';
import type { CheckpointChoice } from '../exports/choose-checkpoint.ts';
import type { Assignment } from '../projects/open-project.ts';

/** Options that several commands have, and what reads the values of options. A refused value is an error of usage. */

export function set(): Option {
  return new Option(
    '--set <path=value>',
    'Project setting to change, such as recipe.batchSize=50; repeatable',
  ).argParser((text, previous: readonly Assignment[] | undefined) => {
    const equals = text.indexOf('=');
    if (equals < 1) throw new InvalidArgumentError('Expected a path and a value, such as recipe.batchSize=50.');
    return [...(previous ?? []), { path: text.slice(0, equals), value: text.slice(equals + 1) }];
  });
}

export function checkpointChoice(text: string): CheckpointChoice {
  if (text === 'best' || text === 'last' || text === 'averaged') return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected best, last, averaged or the number of an epoch.');
}

export function opsetNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= opsets.lowest && value <= opsets.highest) return value;
  throw new InvalidArgumentError(`Expected a whole number from ${opsets.lowest} to ${opsets.highest}.`);
}

export function device(): Option {
  return new Option('--device <name>', 'Device: auto, cpu, cuda or cuda:1').argParser((text: string) => {
    if (/^(auto|cpu|cuda(:\d{1,3})?)$/.test(text)) return text;
    throw new InvalidArgumentError('Expected auto, cpu, cuda or cuda:N.');
  });
}

export function explainOption(): Option {
  return new Option('--explain', 'Also print what was chosen on this machine, and why');
}

export function seed(): Option {
  return new Option('--seed <n>', 'Random seed for weights, data order and dropout').argParser(wholeNumber(0));
}

export function threads(): Option {
  return new Option('--threads <n>', 'Number of CPU threads').argParser(wholeNumber(1));
}

export function checkpoint(): Option {
  return new Option('--checkpoint <which>', 'Checkpoint to use').choices(['last', 'best']).default('last');
}

export function weights(): Option {
  return new Option(
    '--weights <which>',
    'Weights to use of a run with averaging (default: those that are better on the test set)',
  ).choices(['averaged', 'last']);
}

export function rateOption(flags: string, description: string, standard: number): Option {
  return new Option(flags, description).default(standard).argParser((text: string) => {
    const value = Number(text);
    if (value > 0 && Number.isFinite(value)) return value;
    throw new InvalidArgumentError('Expected a number above 0.');
  });
}

export function imageSize(text: string): readonly [number, number] {
  const match = /^(\d{1,4})[x×](\d{1,4})$/.exec(text);
  if (match === null || Number(match[1]) < 1 || Number(match[2]) < 1) {
    throw new InvalidArgumentError('Expected height and width, such as 64x64.');
  }
  return [Number(match[1]), Number(match[2])];
}

export function hexColour(text: string): string {
  if (!/^#?[0-9a-f]{6}$/i.test(text)) throw new InvalidArgumentError('Expected a colour as #rrggbb, such as #ffffff.');
  return text.startsWith('#') ? text : `#${text}`;
}

export function openFraction(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Expected a number between 0 and 1.');
  return value;
}

export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Expected a whole number ${range}.`);
    }
    return value;
  };
}
