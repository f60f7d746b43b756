import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findLayerType } from '../../../core/catalogue/catalogue.ts';

it('builds only layers of the catalogue', () => {
  const folder = path.resolve('native/src/engine/layers');
  const built = readdirSync(folder)
    .filter((name) => name.endsWith('.cpp'))
    .flatMap((name) => [...readFileSync(path.join(folder, name), 'utf8').matchAll(/^ +\{"([A-Z]\w+)"/gm)])
    .map(([, name]) => name!);
  expect(built.length).toBeGreaterThan(100);
  expect(built.filter((name) => findLayerType(name) === undefined)).toEqual([]);
});
