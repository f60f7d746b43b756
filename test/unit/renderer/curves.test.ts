import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { matrixSvg } from '../../../renderer/features/evaluate/matrix-svg.ts';
import { curvesCsv } from '../../../renderer/ui/chart/curves-csv.ts';
import { coverOf } from '../../../renderer/ui/chart/curve-cover.ts';
import { curvesSvg } from '../../../renderer/ui/chart/curves-svg.ts';
import type { DrawnChart } from '../../../renderer/ui/chart/curves-svg.ts';
import { placeLabels } from '../../../renderer/ui/chart/place-labels.ts';
import { powersBetween, ticksBetween } from '../../../renderer/ui/chart/ticks.ts';

import { shortened } from '../../../renderer/ui/shortened.ts';

const colour = '#123456';
const marks = { failure: colour, data: colour, settings: colour, best: colour, pause: colour };
const theme = {
  series: [colour],
  text: colour,
  grid: colour,
  mark: colour,
  marks,
  paper: '#fff',
  ink: '#000',
  font: 'sans',
};
const chart: DrawnChart = {
  title: 'Loss & <more>',
  series: [
    { label: 'train, "mean"', points: [0.5, 1, 2].map((x) => ({ x, y: 1 / x })), colour: 1 },
    { label: 'test', points: [1, 2].map((x) => ({ x, y: 2 / x })), colour: 1, hasDots: true },
  ],
  marks: [{ x: 1, label: 'best', kind: 'best' }],
  isLogarithmic: false,
  against: 'epoch',
  formatAxis: String,
};
const empty: DrawnChart = { ...chart, title: 'Speed', series: [{ label: 'none', points: [], colour: 1 }], marks: [] };

describe('curves', () => {
  it('are saved point by point as a table', () => {
    const rows: unknown = parse(curvesCsv([chart, empty]));
    expect(rows).toEqual([
      ['chart', 'series', 'axis', 'position', 'value'],
      ...[0.5, 1, 2].map((x) => ['Loss & <more>', 'train, "mean"', 'epoch', String(x), String(1 / x)]),
      ...[1, 2].map((x) => ['Loss & <more>', 'test', 'epoch', String(x), String(2 / x)]),
    ]);
  });

  it.for([false, true])('are saved as a picture, logarithmic: %s, in which every point lies on the paper', (isLog) => {
    const svg = curvesSvg('run <1>', [{ ...chart, isLogarithmic: isLog }, empty], null, theme);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).toContain('Loss &amp; &lt;more&gt;');
    expect(svg).not.toContain('Speed');
    const lines = [...svg.matchAll(/<polyline [^>]*points="([^"]+)"/g)].map(([, points]) =>
      points!.split(' ').map((point) => point.split(',').map(Number)),
    );
    expect(lines.map((points) => points.length)).toEqual([3, 2]);
    for (const [x, y] of lines.flat()) {
      expect(x).toBeGreaterThanOrEqual(70);
      expect(x).toBeLessThanOrEqual(544);
      expect(y).toBeGreaterThanOrEqual(62);
      expect(y).toBeLessThanOrEqual(284);
    }
    // Twice the loss at the same epoch stands higher, and epoch 2 at the right edge.
    expect(lines[1]![0]![1]!).toBeLessThan(lines[0]![1]![1]!);
    expect(lines[0]!.at(-1)![0]).toBeCloseTo(544);
  });

  it('have a heading and labels that fit the paper, shortened in their middle', () => {
    const run = (number: number): string => `a-run-with-a-rather-long-name-of-its-own-${number}`;
    const series = [1, 2, 3].map((number) => ({ ...chart.series[0]!, label: run(number) }));
    const svg = curvesSvg([1, 2, 3].map(run).join(', '), [{ ...chart, series }], null, theme);
    const heading = /font-size="14"[^>]*>([^<]+)</.exec(svg)![1]!;
    expect(heading).toMatch(/^a-run.*….*-3$/);
    expect(heading.length * 7.8).toBeLessThan(560 - 32);
    const labels = [...svg.matchAll(/<text x="([\d.]+)" y="42.0" >([^<]+)</g)].map(([, x, label]) => ({
      x: Number(x),
      label: label!,
    }));
    expect(labels.map(({ label }) => label.at(-1))).toEqual(['1', '2', '3']);
    for (const { x, label } of labels) expect(x + 6.2 * label.length).toBeLessThan(560);
    expect(shortened('short', 5)).toBe('short');
    expect(shortened('abcdefgh', 5)).toBe('ab…gh');
    expect(shortened('abcdefgh', 1)).toBe('…');
  });

  it('are not hidden by the labels of marks where there is room beside them', () => {
    const flat = (y: number, isFaint = false) => ({
      points: [
        { x: 0, y },
        { x: 100, y },
      ],
      isDotsOnly: false,
      isFaint,
    });
    const box = { left: 40, right: 60, top: 10, bottom: 20 };
    expect(coverOf([flat(15)], box)).toBe(2);
    expect(coverOf([flat(15, true), flat(50)], box)).toBe(1);
    expect(coverOf([flat(50)], box)).toBe(0);
    // From one corner to the other, it misses a box beside the diagonal.
    const steep = {
      points: [
        { x: 0, y: 0 },
        { x: 100, y: 100 },
      ],
      isDotsOnly: false,
      isFaint: false,
    };
    expect(coverOf([steep], box)).toBe(0);
    expect(coverOf([steep], { ...box, top: 45, bottom: 55 })).toBe(2);
    expect(coverOf([{ ...steep, isDotsOnly: true }], { ...box, top: 45, bottom: 55 })).toBe(0);
    const peak = {
      points: [
        { x: 0, y: 90 },
        { x: 50, y: 15 },
        { x: 100, y: 100 },
      ],
      isDotsOnly: false,
      isFaint: false,
    };
    expect(coverOf([peak], box)).toBe(3);
    expect(coverOf([{ ...peak, isFaint: true }], box)).toBe(1);
    expect(coverOf([peak], { ...box, top: 30, bottom: 40 })).toBe(2);
    const rows = (cover: (row: number) => number) =>
      placeLabels([{ x: 50, width: 20 }], [50], 0, 100, 3, (_from, _to, row) => cover(row)).map(({ row }) => row);
    expect(rows((row) => (row === 0 ? 2 : 0))).toEqual([1]);
    expect(rows((row) => (row === 2 ? 1 : 2))).toEqual([2]);
    expect(rows(() => 2)).toEqual([0]);
  });

  it('have round numbers on their axes', () => {
    expect(ticksBetween(0, 3, 6)).toEqual([0, 0.5, 1, 1.5, 2, 2.5, 3]);
    expect(ticksBetween(0.9, 0.94, 4)).toEqual([0.9, 0.91, 0.92, 0.93, 0.94]);
    expect(ticksBetween(0, 40_000, 6)).toEqual([0, 10_000, 20_000, 30_000, 40_000]);
    expect(powersBetween(0.02, 50)).toEqual([0.1, 1, 10]);
    expect(powersBetween(2, 5)).toEqual([2, 5]);
  });
});

it('a confusion matrix is saved as a picture with every name and number', () => {
  const names = ['cat', 'dog & co'];
  const picture = {
    title: 'run',
    matrix: [
      [7, 1],
      [0, 12],
    ],
    nameOf: (label: number) => names[label]!,
    textOf: String,
  };
  const svg = matrixSvg(picture, {
    paper: '#fff',
    ink: '#000',
    quiet: '#888',
    right: '#00f',
    wrong: '#f80',
    font: 'x',
  });
  const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts.slice(2)).toEqual(['cat', 'dog &amp; co', 'cat', 'dog &amp; co', '7', '1', '·', '12']);
  expect(svg).not.toMatch(/NaN|undefined/);
  expect([...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, share]) => Number(share))[3]).toBeCloseTo(0.45);
});
