import path from 'node:path';
import type { Handlers } from '../../core/contract/contract.ts';
import type { WeightCalls } from '../../core/contract/weights.ts';
import { fail } from '../failures.ts';
import { withWeightsFile } from '../imports/weights-file.ts';

export function weightCalls(): Pick<Handlers, keyof WeightCalls> {
  return {
    'weights.read': async ({ file }) => {
      if (!path.isAbsolute(file)) fail('badUsage', `${file} is not an absolute path.`, { at: file });
      return withWeightsFile(file, (entries) =>
        Promise.resolve({
          entries: entries.map(({ name, tensors }) => ({
            name,
            tensors: tensors.map((tensor) => ({ name: tensor.name, shape: tensor.shape })),
          })),
        }),
      );
    },
  };
}
