import { describe, expect, it } from 'vitest';
import { runsBetween } from '../../../renderer/features/runs/run-range.ts';

const order = ['a', 'b', undefined, 'd', 'e'];

describe('runs from one to another', () => {
  it('are those between them, from where the selection began', () => {
    expect(runsBetween(order, 'a', 'd', 6)).toEqual(['a', 'b', 'd']);
    expect(runsBetween(order, 'e', 'b', 6)).toEqual(['e', 'd', 'b']);
    expect(runsBetween(order, 'b', 'b', 6)).toEqual(['b']);
  });

  it('are as many as can be compared', () => {
    expect(runsBetween(order, 'a', 'e', 2)).toEqual(['a', 'b']);
  });

  it('are the other alone where the one is gone', () => {
    expect(runsBetween(order, 'gone', 'd', 6)).toEqual(['d']);
    expect(runsBetween(order, undefined, 'd', 6)).toEqual(['d']);
  });
});
