import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Marker } from '../../../core/contract/runs.ts';
import { markKinds, markStrokes } from '../../../renderer/ui/chart/series.ts';
import { marksOf } from '../../../renderer/features/train/chart-marks.ts';
import { dashOf } from '../../../renderer/ui/chart/chart-options.ts';
import { legendOf } from '../../../renderer/ui/chart/legend.ts';
import { placeLabels } from '../../../renderer/ui/chart/place-labels.ts';
import type { Series } from '../../../renderer/ui/chart/series.ts';

const line = (xs: readonly number[], dots: Partial<Series> = {}): Series => {
  return { label: `of ${xs.length}`, points: xs.map((x) => ({ x, y: 100 * x })), colour: 1, ...dots };
};
const text = (series: readonly Series[], hover: number | null) => {
  const { at, entries } = legendOf(series, hover, String, 'epoch');
  return [at, ...entries.map(({ value, from }) => `${value} ${from}`.trim())];
};

describe('the legend of a chart', () => {
  const steps = line([0.5, 1, 1.5, 2, 2.5]);
  const epochs = line([1, 2], { hasDots: true });

  it('says the epoch, and of which epoch another figure is', () => {
    expect(text([steps, epochs], null)).toEqual(['epoch 2.50', '250', '200 after epoch 2']);
    expect(text([steps, epochs], 1.02)).toEqual(['epoch 1.02', '100', '100 after epoch 1']);
    expect(text([steps, epochs], 0.6)).toEqual(['epoch 0.60', '50', '–']);
    expect(text([epochs], 1.7)).toEqual(['epoch 1', '100']);
    expect(text([epochs], 70)).toEqual(['epoch 2', '200']);
  });

  it('marks steps of the first epoch beside a test of the last', () => {
    expect(text([line([0.5, 1]), line([1, 2, 3, 4], { hasDots: true })], null)).toEqual([
      'epoch 4',
      '100 after epoch 1',
      '400',
    ]);
  });

  it('is there before the first figure', () => {
    expect(text([line([]), line([], { isDotsOnly: true })], null)).toEqual(['', '–', '–']);
  });
});

describe('marks of a chart', () => {
  it('never lie over each other or beyond the edges, and leave out what finds no room', () => {
    const boxes = [0, 2, 50, 52, 54, 99, 100].map((x) => ({ x, width: 30 }));
    const lines = boxes.map(({ x }) => x);
    const placed = placeLabels(boxes, lines, 0, 100, 6);
    const shown = placed.flatMap(({ left, row }, index) => (row === null ? [] : [{ left, row, index }]));
    expect(shown.length).toBe(7);
    for (const one of shown) {
      expect(one.left).toBeGreaterThanOrEqual(0);
      expect(one.left).toBeLessThanOrEqual(70);
      for (const other of shown) {
        if (one !== other && one.row === other.row) expect(Math.abs(one.left - other.left)).toBeGreaterThanOrEqual(30);
      }
    }
    expect(placeLabels(boxes, lines, 0, 100, 1).filter(({ row }) => row === null).length).toBe(5);
  });

  it('stand beside their own lines, and off the others where there is room', () => {
    const boxes = [50, 60].map((x) => ({ x, width: 30 }));
    const [first, second] = placeLabels(boxes, [50, 60], 0, 100, 1);
    expect(first!.left + 30).toBeLessThan(50);
    expect(second!.left).toBeGreaterThan(60);
    // What is too long for both sides stands across.
    expect(placeLabels([{ x: 50, width: 80 }], [50], 0, 100, 1)).toEqual([{ left: 10, row: 0 }]);
  });

  it('of each kind have a stroke of their own', () => {
    const strokes = markKinds.map((kind) => JSON.stringify(markStrokes[kind].dash));
    expect(new Set(strokes).size).toBe(markKinds.length);
  });

  it('differ from every curve by stroke, and the best by its colour', async () => {
    const curves = [0, 1, 2, 3].map((dash) => JSON.stringify(dashOf({ dash })));
    for (const kind of markKinds) expect(curves).not.toContain(JSON.stringify(markStrokes[kind].dash));
    const css = await readFile('renderer/app/styles/colours.css', 'utf8');
    const colourOf = (name: string): readonly (readonly number[])[] => {
      const value = new RegExp(`--${name}: ([^;]+);`).exec(css)![1]!;
      const other = /^var\(--(.+)\)$/.exec(value)?.[1];
      if (other !== undefined) return colourOf(other);
      return [...value.matchAll(/#(..)(..)(..)/g)].map(([, ...parts]) => parts.map((part) => parseInt(part, 16)));
    };
    const best = colourOf('chart-best');
    expect(best.length).toBe(2);
    for (const curve of [1, 2, 3, 4, 5, 6].map((number) => colourOf(`chart-${number}`))) {
      for (const theme of [0, 1]) {
        const distance = Math.hypot(...curve[theme]!.map((part, index) => part - best[theme]![index]!));
        expect(distance).toBeGreaterThan(60);
      }
    }
  });

  it('of one moment are one', () => {
    const marker = (kind: Marker['kind'], epoch: number, changes: Marker['changes'] = null): Marker => {
      return { kind, epoch, step: epoch * 10, time: 0, changes };
    };
    const changes = { schedule: { type: 'Constant', rate: 0.01 } } as const;
    const markers = [
      marker('best', 1),
      marker('checkpoint', 1.5),
      marker('paused', 1.5),
      marker('settingsChanged', 1.5, changes),
      marker('continued', 1.5),
    ];
    expect(marksOf(markers)).toEqual([
      { x: 1, label: 'best', kind: 'best' },
      { x: 1.5, label: 'paused, rate 0.01', kind: 'settings' },
    ]);
  });
});
