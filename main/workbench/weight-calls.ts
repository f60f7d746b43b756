import path from 'node:path';
import type { Handlers } from '../../core/contract/contract.ts';
import type { WeightCalls } from '../../core/contract/weights.ts';
import { fail } from '../failures.ts';
import { readWeightsFile } from '../imports/read-weights-file.ts';

export function weightCalls(): Pick<Handlers, keyof WeightCalls> {
  return {
    'weights.read': async ({ file }) => {
      if (!path.isAbsolute(file))
        fail('badUsage', `${file} is no whole path: it must begin at the root.`, { at: file });
      const tensors = await readWeightsFile(file);
      return { tensors: tensors.map(({ name, shape }) => ({ name, shape })) };
    },
  };
}
