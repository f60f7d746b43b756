import { describe, expect, it } from 'vitest';
import { beforeLastLinear } from '../../../../core/evaluation/before-last-linear.ts';
import type { PlanNode } from '../../../../core/training/plan.ts';

const layer = (name: string): PlanNode =>
  ({ type: 'Layer', path: '', key: '', layer: name, options: {}, initialise: [], frozen: false }) as const;
const sequence = (...children: readonly PlanNode[]): PlanNode => ({ type: 'Sequential', path: '', key: '', children });

describe('the last hidden layer', () => {
  it('is what the last Linear takes, whatever comes after it', () => {
    const [flatten, linear, relu, softmax] = ['Flatten', 'Linear', 'ReLU', 'LogSoftmax'].map(layer) as [
      PlanNode,
      PlanNode,
      PlanNode,
      PlanNode,
    ];
    const network = sequence(flatten, linear, relu, layer('Linear'), softmax);
    expect(beforeLastLinear(network)).toEqual(sequence(flatten, linear, relu));
    expect(beforeLastLinear(sequence(flatten, network, softmax))).toEqual(
      sequence(flatten, sequence(flatten, linear, relu)),
    );
  });

  it('is none where the network ends in something else', () => {
    expect(beforeLastLinear(sequence(layer('Conv2d'), layer('Flatten')))).toBeNull();
    const fork: PlanNode = {
      type: 'Fork',
      path: '',
      key: '',
      join: { kind: 'add', dim: 0 },
      branches: [sequence(layer('Linear'))],
    };
    expect(beforeLastLinear(sequence(layer('Linear'), fork))).toBeNull();
  });
});
