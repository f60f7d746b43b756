import type { Handlers } from '../../core/contract/contract.ts';
import { inspectionName } from '../../core/contract/inspection.ts';
import type { DataChoice, InspectionCalls, SplitName } from '../../core/contract/inspection.ts';
import { augmented } from '../datasets/inspect/augmented.ts';
import { alikeImagesOf, inspectionOf } from '../datasets/inspect/inspection-of.ts';
import { locateDataset } from '../datasets/datasets.ts';
import { readPixels } from '../datasets/read-pixels.ts';
import type { OpenEngine } from '../engine/engine-host.ts';
import type { StayingEngine } from '../engine/staying-engine.ts';
import { predictionsOfRun } from '../evaluation/predictions-of-run.ts';
import { fail } from '../failures.ts';
import type { RunIndex } from '../runs/run-index.ts';
import type { DataWork } from './data-work.ts';

export function inspectionCalls(
  index: RunIndex,
  work: DataWork,
  augmenting: StayingEngine,
  openEngine: OpenEngine,
): Pick<Handlers, keyof InspectionCalls> {
  return {
    'inspection.read': (choice) => {
      const name = inspectionName(choice);
      return work.join(name, (follower) => inspectionOf(choice, follower, openEngine), JSON.stringify([name, choice]));
    },
    'inspection.findAlike': (choice) => {
      const name = inspectionName(choice);
      return work.join(
        name,
        (follower) => alikeImagesOf(choice, follower, openEngine),
        JSON.stringify(['alike', choice]),
      );
    },
    'inspection.images': async ({ of, split, indices }) => (await pixelsOf(of, split, indices)) ?? new Uint8Array(0),
    'inspection.augment': (query) => augmented(query, augmenting, openEngine),
    'inspection.judge': async ({ run, split }) => {
      const row = (await index.get(run)) ?? fail('notFound', `There is no run '${run}'.`, { at: run });
      const settings = { checkpoint: 'best', split, openEngine, isInBackground: true } as const;
      const { predictions, checkpoint } = await predictionsOfRun(row, settings);
      const { classes, probabilities, labels, targets } = predictions;
      if (targets !== null) fail('unavailable', `The run ${run} predicts numbers, not classes.`, { at: run });
      return { run, epoch: checkpoint.epoch, classes, probabilities, labels };
    },
  };
}

async function pixelsOf(of: DataChoice, split: SplitName, indices: Int32Array): Promise<Uint8Array | null> {
  const located = await locateDataset(of);
  return readPixels(located[split], located.inputShape, indices);
}
