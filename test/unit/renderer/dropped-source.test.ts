import { describe, expect, it } from 'vitest';
import { sourceOfPaths } from '../../../renderer/features/data/dropped-source.ts';

describe('what was dropped', () => {
  it('is a folder or a file as it lies', () => {
    expect(sourceOfPaths(['/home/me/flowers'])).toBe('/home/me/flowers');
    expect(sourceOfPaths(['/home/me/iris.csv'])).toBe('/home/me/iris.csv');
    expect(sourceOfPaths(['/home/me/digits.npz'])).toBe('/home/me/digits.npz');
  });

  it('is the folder of arrays or tables that belong together', () => {
    expect(sourceOfPaths(['/a/set/x.npy', '/a/set/y.npy'])).toBe('/a/set');
    expect(sourceOfPaths(['/a/set/x.npy'])).toBe('/a/set');
    expect(sourceOfPaths(['C:\\set\\train.csv', 'C:\\set\\test.csv'])).toBe('C:\\set');
  });

  it('is refused where it is several things', () => {
    for (const paths of [
      ['/a/x.npy', '/b/y.npy'],
      ['/a/roses', '/a/tulips'],
      ['/a/x.npz', '/a/y.csv'],
    ]) {
      expect(sourceOfPaths(paths)).toMatchObject({ code: 'badUsage' });
    }
  });
});
