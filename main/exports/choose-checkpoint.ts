import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Weights } from '../engine/addon.ts';
import { fail } from '../failures.ts';
import { readSoundIndex } from '../runs/sound-checkpoint.ts';
import { usedWeights } from '../runs/checkpoint-index.ts';
import type { CheckpointIndex, CheckpointPosition } from '../runs/checkpoint-index.ts';
import { checkpointsFolder } from '../runs/run-folder.ts';

/** `averaged`: the average of the last checkpoint. A number: the checkpoint after that epoch. */
export type CheckpointChoice = 'best' | 'last' | 'averaged' | number;

export interface ChosenCheckpoint {
  readonly position: CheckpointPosition;
  /** Where it lies. */
  readonly directory: string;
  readonly weights: Weights;
}

export async function chooseCheckpoint(run: string, choice: CheckpointChoice): Promise<ChosenCheckpoint> {
  const folder = checkpointsFolder(run);
  const index = await readSoundIndex(folder);
  if (index === null) return fail('notFound', `The run ${run} has no checkpoint yet.`, { at: run });
  const position = positionOf(run, choice, index);
  const directory = path.join(folder, position.directory);
  const hasAverage = await access(path.join(directory, 'averaged.safetensors')).then(
    () => true,
    () => false,
  );
  if (choice === 'averaged' && !hasAverage) {
    return fail('notFound', `The run ${run} has no averaged weights.`, {
      at: run,
      advice: 'Train with recipe.averaging to get averaged weights.',
    });
  }
  const weights = choice === 'last' || choice === 'averaged' ? choice : usedWeights(position, hasAverage);
  return { position, directory, weights };
}

function positionOf(run: string, choice: CheckpointChoice, index: CheckpointIndex): CheckpointPosition {
  if (choice === 'last' || choice === 'averaged') return index.last;
  // Of adversarial training no epoch is the best.
  if (choice === 'best') return index.best ?? index.last;
  const kept = [index.last, ...(index.best === null ? [] : [index.best])].filter(({ step }) => step === 0);
  const found = kept.find(({ epoch }) => epoch === choice);
  if (found !== undefined) return found;
  const epochs = [...new Set(kept.map(({ epoch }) => epoch))].sort((a, b) => a - b).join(' and ');
  return fail(
    'notFound',
    `The run ${run} has no checkpoint of epoch ${choice}. Only the last and the best checkpoint are kept.`,
    {
      at: run,
      advice: epochs === '' ? 'Finish an epoch first.' : `Available: epoch ${epochs}.`,
    },
  );
}
