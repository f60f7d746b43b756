import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** A room includes itself and those before it. ARCHITECTURE.md says what each holds. */
const rooms = [
  'runtime',
  'plan',
  'kernels',
  'layers',
  'formats',
  'network',
  'losses',
  'optimizers',
  'data',
  'figures',
  'training',
  'evaluation',
  'session',
];

const engine = path.resolve('native/src/engine');
const files = readdirSync(engine, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(engine, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));

function includesOf(file: string): string[] {
  const text = readFileSync(path.join(engine, file), 'utf8');
  return [...text.matchAll(/^#include "(.+)"$/gm)].map((match) => match[1]!);
}

describe('the engine in rooms', () => {
  it('has every file in one of its rooms', () => {
    const outside = files.filter((file) => !(file.split('/').length === 2 && rooms.includes(file.split('/')[0]!)));
    expect(outside).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
  });

  it('includes files of the same room and of rooms below it', () => {
    const upwards = files.flatMap((file) => {
      const room = rooms.indexOf(file.split('/')[0]!);
      const isBelow = (name: string) => {
        const [folder, other] = name.split('/');
        return folder === 'engine' && rooms.includes(other!) && rooms.indexOf(other!) <= room;
      };
      return includesOf(file)
        .filter((name) => !isBelow(name))
        .map((name) => `${file} includes ${name}`);
    });
    expect(upwards).toEqual([]);
  });
});
