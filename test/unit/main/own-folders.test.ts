import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  cacheFolder,
  downloadsFolder,
  homeFolder,
  importsFolder,
  inspectionsFolder,
  uploadsFolder,
} from '../../../main/paths.ts';

test('a test that sets nothing up sees none of the user’s folders', () => {
  for (const folder of [homeFolder(), cacheFolder()]) {
    expect(path.relative(tmpdir(), folder)).toMatch(/^torchwright-test-/);
  }
  for (const folder of [importsFolder(), inspectionsFolder(), downloadsFolder(), uploadsFolder()]) {
    expect(existsSync(folder)).toBe(false);
  }
});
