import { describe, expect, test } from 'vitest';
import { listRecipes } from '../../main/projects/open-project.ts';
import { expectedBytes, isMeasured, measureSameBytes, readSameBytes } from './same-bytes/same-bytes.ts';

/**
 * Stored by `npm run baselines -- same_bytes`, which is to be run where a change of the last bit is wanted: then the
 * commit says why.
 */
describe.skipIf(!isMeasured)('to the last byte as before', async () => {
  const stored = await readSameBytes();
  const measured = await measureSameBytes();

  test('by the libtorch that the checksums are of', () => {
    expect(measured.libtorch).toBe(stored.libtorch);
  });

  test.each(await listRecipes())('%s: project, exports of fresh weights, weights after some steps', (name) => {
    const expected = stored.recipes[name];
    if (expected === undefined) throw new Error('nothing stored: npm run baselines -- same_bytes');
    expect(measured.recipes[name]).toEqual(expectedBytes(expected, measured.recipes[name]));
  });

  test.each(Object.keys(measured.catalogue))('%s without any option', (kind) => {
    expect(measured.catalogue[kind]).toEqual(expectedBytes(stored.catalogue[kind]!, measured.catalogue[kind]));
  });
});
