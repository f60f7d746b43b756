import type { Sample } from './split-writer.ts';
import type { OpenedSource, OpenRequest } from './source.ts';
import { splitOf } from './source.ts';
import { chooseTest } from './choose-test.ts';
import { drawsFrom, normalsFrom } from '../../../core/random.ts';

const classes = 3;
const pointsOfClass = 1000;

/**
 * Three intertwined spiral arms in the plane (Karpathy, CS231n): for the radius r from 0 to 1 the angle is
 * 4 · (class + r) plus normal noise of deviation 0.2.
 */
export function openSpirals({ settings }: Pick<OpenRequest, 'settings'>): OpenedSource {
  const split = splitOf(settings);
  return {
    kind: 'generated',
    form: { inputShape: [2], values: 'floats', targets: null },
    classNames: Array.from({ length: classes }, (_, label) => `arm ${label + 1}`),
    columnNames: ['x', 'y'],
    targetNames: [],
    isSplit: false,
    notes: [],
    samples: () => points(split),
  };
}

function* points(split: ReturnType<typeof splitOf>): Generator<Sample> {
  const labels = Int32Array.from({ length: classes * pointsOfClass }, (_, index) => Math.floor(index / pointsOfClass));
  const isTest = chooseTest(labels.length, labels, split);
  const normal = normalsFrom(drawsFrom(split.seed));
  for (const [index, label] of labels.entries()) {
    const radius = (index % pointsOfClass) / (pointsOfClass - 1);
    const angle = 4 * (label + radius) + 0.2 * normal();
    const input = Float32Array.of(radius * Math.sin(angle), radius * Math.cos(angle));
    yield { input, target: label, isTest: isTest[index] === 1 };
  }
}
