import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { viewsInWords } from '../../core/catalogue/evaluate-views.ts';
import { homeFolder, run, trainToEnd, useTemporaryHome } from './command.ts';

useTemporaryHome('file');
const common = ['--epochs', '1', '--threads', '1', '--set', 'recipe.batchSize=500', '--seed'];

interface Printed {
  readonly accuracy: number;
  readonly interval: { readonly low: number; readonly high: number };
  readonly matrix: readonly (readonly number[])[];
  readonly compared: Readonly<Record<'bothRight' | 'onlyFirst' | 'onlySecond' | 'bothWrong', number>>;
}

describe('evaluate and mismatches', () => {
  let first: Awaited<ReturnType<typeof trainToEnd>>;
  let second: typeof first;
  beforeAll(async () => {
    first = await trainToEnd('train', 'mnist-logit', ...common, '1');
    second = await trainToEnd('train', 'mnist-linear', ...common, '2');
  });

  it('answer from what the training kept, with the figures that it told', async () => {
    const folder = path.join(homeFolder(), 'runs', first.run, 'predictions');
    expect(await readdir(folder)).toEqual(['epoch-1-last.bin']);
    const { accuracy, interval, matrix } = await evaluated(first.run);
    expect(accuracy).toBe(first.test.accuracy);
    expect(interval.low).toBeLessThan(accuracy);
    expect(interval.high).toBeGreaterThan(accuracy);
    const right = matrix.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(right / 10_000).toBe(accuracy);
  });

  it('compare two runs on the same images, and write every figure as a table', async () => {
    const csv = path.join(homeFolder(), 'tables');
    const { accuracy, compared } = await evaluated(first.run, '--against', second.run, '--csv', csv);
    const { bothRight, onlyFirst, onlySecond, bothWrong } = compared;
    expect(bothRight + onlyFirst).toBe(Math.round(accuracy * 10_000));
    expect(bothRight + onlySecond).toBe(Math.round(second.test.accuracy! * 10_000));
    expect(bothRight + onlyFirst + onlySecond + bothWrong).toBe(10_000);
    const names = ['calibration.csv', 'classes.csv', 'confusion-matrix.csv', 'confusions.csv', 'samples.csv'];
    expect((await readdir(csv)).toSorted()).toEqual(names);
    const samples = (await readFile(path.join(csv, 'samples.csv'), 'utf8')).trim().split('\r\n').slice(1);
    const wrong = samples.filter((row) => row.split(',')[1] !== row.split(',')[2]);
    expect(wrong).toHaveLength(onlySecond + bothWrong);
  });

  it('take one cell of the matrix, as a picture or a table', async () => {
    const { matrix } = await evaluated(first.run);
    const count = matrix[4]![9]!;
    const cell = ['--class', '4', '--predicted', '9', '--out'];
    const [table, picture] = ['four.csv', 'four.png'].map((name) => path.join(homeFolder(), name));
    const { stdout } = await run('mismatches', first.run, ...cell, table!, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ mismatches: count });
    const rows = (await readFile(table!, 'utf8')).trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(1, 3))).toEqual(rows.map(() => ['4', '9']));
    expect(rows).toHaveLength(count);
    await run('mismatches', first.run, ...cell, picture!);
    const formerly = await run('mismatches', first.run, '--class', '4', '--said', '9', '--out', table!, '--json');
    expect(JSON.parse(formerly.stdout)).toMatchObject({ mismatches: count });
    expect(decode(await readFile(picture!)).width).toBeGreaterThan(100);
    const refused = await run('mismatches', first.run, '--class', 'ten', '--out', picture!);
    expect(refused.stderr).toContain("There is no class 'ten'");
    expect(refused.code).toBe(2);
  });

  it('give the accuracy of the views that the recipe asks for, as the training did, and name them', async () => {
    const views = ['--set', 'recipe.evaluateViews=mirrored', '--set', 'recipe.dropLast=true'];
    const half = ['--set', 'recipe.batchSize=7000'];
    const seen = await trainToEnd('train', 'mnist-logit', ...common, '1', ...half, ...views);
    const plain = await trainToEnd('train', 'mnist-logit', ...common, '1', ...half, '--set', 'recipe.dropLast=true');
    // Mirrored digits are others.
    expect(seen.test.accuracy).toBeLessThan(plain.test.accuracy!);
    const printed = await evaluated(seen.run);
    expect(printed).toMatchObject({ evaluateViews: 'mirrored', accuracy: seen.test.accuracy });
    expect(await evaluated(plain.run)).not.toHaveProperty('evaluateViews');
    expect((await run('evaluate', seen.run)).stdout).toContain(viewsInWords({ evaluateViews: 'mirrored' }));
    const again = await run('evaluate', seen.run, '--device', 'cpu', '--json');
    expect((JSON.parse(again.stdout) as Printed).accuracy).toBe(printed.accuracy);
  });

  async function evaluated(name: string, ...more: string[]): Promise<Printed> {
    return JSON.parse((await run('evaluate', name, ...more, '--json')).stdout) as Printed;
  }
});
