import { expect, it } from 'vitest';
import { proofText } from '../../../../core/export/readme.ts';

const proof = { consumer: 'libtorch', network: 'main', samples: 100, accuracy: null } as const;

it('a proof says how far the outputs are from the engine, and where they are the same', () => {
  expect(proofText({ ...proof, difference: { absolute: 1.2e-7, relative: 3.4e-8, sample: 3 } })).toContain(
    'agrees with the engine on 100 test samples: largest difference 1.2e-7, 3.4e-8 of the largest output',
  );
  expect(proofText({ ...proof, difference: { absolute: 0, relative: 0, sample: 0 } })).toMatch(
    /samples: no difference$/,
  );
});
