import { access } from 'node:fs/promises';
import path from 'node:path';
import type { LookTarget } from '../../../core/contract/look.ts';
import { lookedCheckpoint } from '../../evaluation/looked-checkpoint.ts';
import { Looks } from '../../evaluation/looks.ts';
import { plannedRun } from '../../evaluation/planned-run.ts';
import { prepareDrawing, preparePicture } from '../../evaluation/prepare-picture.ts';
import { fail, withFile } from '../../failures.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { runNamed } from './run-named.ts';

export interface PredictOptions extends Omit<LookTarget, 'run'> {
  /** Classes told of each picture. */
  readonly top: number;
  /** The files are drawn digits: made as MNIST's are. */
  readonly drawing?: true;
}

/** What a run's network says of picture files. */
export async function predict(
  output: Output,
  name: string,
  files: readonly string[],
  { top, drawing, checkpoint: which, weights }: PredictOptions,
): Promise<ExitCode> {
  const run = await runNamed(name);
  const { plan, classNames } = await plannedRun(run);
  if (classNames.length === 0 || plan.adversarial !== null) {
    fail('unavailable', `The network of ${run.id} tells no classes.`, { at: run.id });
  }
  const prepare = drawing === true ? prepareDrawing : preparePicture;
  const pictures: { readonly file: string; readonly pixels: Uint8Array }[] = [];
  // All are read before the engine begins: a mistake is told at once.
  for (const file of files) {
    await withFile(file, () => access(file));
    pictures.push({ file, pixels: await prepare(file, plan.inputShape, file) });
  }
  const looks = new Looks();
  try {
    const checkpoint = await lookedCheckpoint(run, { checkpoint: which, ...(weights && { weights }) });
    for (const { file, pixels } of pictures) {
      const question = { kind: 'predict', subject: { kind: 'pixels', pixels } } as const;
      const { probabilities } = await looks.ask(checkpoint, question);
      tell(output, file, likeliest(probabilities, classNames, top));
    }
  } finally {
    await looks.close();
  }
  return exitCodes.done;
}

interface ClassShare {
  readonly class: string;
  readonly probability: number;
}

function likeliest(probabilities: Float32Array, classNames: readonly string[], top: number): readonly ClassShare[] {
  return Array.from(probabilities, (probability, label) => ({ class: classNames[label] ?? String(label), probability }))
    .sort((one, other) => other.probability - one.probability)
    .slice(0, top);
}

function tell(output: Output, file: string, classes: readonly ClassShare[]): void {
  if (output.isJson) {
    output.json({ event: 'prediction', file: path.resolve(file), classes });
    return;
  }
  const words = classes.map(({ class: name, probability }) => `${name} ${(probability * 100).toFixed(2)} %`);
  output.line(`${file}: ${words.join(', ')}`);
}
