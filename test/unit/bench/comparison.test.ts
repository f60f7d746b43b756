import { describe, expect, it } from 'vitest';
import { areAimsReached } from '../../bench/aims.ts';
import { compareRounds, programsOf } from '../../bench/comparison.ts';
import type { Program, Round } from '../../bench/comparison.ts';
import { median } from '../../../core/training/median.ts';
import { findTask, leastRounds, tasks } from '../../bench/tasks.ts';
import type { Task } from '../../bench/tasks.ts';

describe('the median', () => {
  it('is the middle value of numbers, not of their digits', () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  it('is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it('leaves the values as they were, and is no number of none', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
    expect(median([])).toBeNaN();
  });
});

describe('the tasks', () => {
  it('have enough rounds for a median, and names of their own', () => {
    for (const { rounds } of tasks) expect(rounds).toBeGreaterThanOrEqual(5);
    expect(leastRounds).toBeGreaterThanOrEqual(5);
    const titles = tasks.map(({ name, precision }) => `${name} ${precision}`);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('are found by name and precision', () => {
    expect(findTask('cifar10-fast').precision).toBe('float32');
    expect(findTask('cifar10-fast', 'bfloat16').precision).toBe('bfloat16');
    expect(() => findTask('mnist-lstm', 'bfloat16')).toThrow();
  });
});

describe('a comparison', () => {
  const task: Task = { ...findTask('mnist-conv'), stepsPerEpoch: 10 };

  it('takes the median of the ratios of rounds, against the faster of the usual loops', () => {
    // Ratios to preloaded: 2, 4, 1; the ratio of the medians would be 4 / 2.
    const rounds = [round(1, 2, 3, 9), round(2, 8, 8, 6), round(4, 4, 8, 8)];
    const { ratios, loops } = compareRounds(task, rounds, []);
    expect(ratios.preloaded).toEqual([2, 4, 1]);
    expect(ratios.usual).toEqual([3, 3, 2]);
    expect(loops['engine']?.time).toBe(20);
    expect(loops['preloaded']?.peakMB).toBe(2);
  });

  it('runs each program once a round, the other way about every other time', () => {
    expect(programsOf(task, 1)).toEqual(['engine', 'preloaded', 'usual, 0 workers', 'usual, 2 workers']);
    expect(programsOf(task, 2)).toEqual(programsOf(task, 1).toReversed());
    expect(programsOf({ loops: ['preloaded'] }, 1)).toEqual(['engine', 'preloaded']);
  });

  it('has no ratio to a loop that the task does not run', () => {
    const { ratios } = compareRounds({ ...task, loops: ['preloaded'] }, [round(1, 2, 3, 4)], []);
    expect(Object.keys(ratios)).toEqual(['preloaded']);
  });

  it('counts microseconds for an aim in time, whatever the unit', () => {
    const aims = { preloaded: 3, orMicroseconds: 85 };
    const fast = round(80e-6, 100e-6, 1, 1);
    const slow = round(90e-6, 100e-6, 1, 1);
    expect(compareRounds({ ...task, aims }, [fast], []).isReached).toBe(true);
    expect(compareRounds({ ...task, aims }, [slow], []).isReached).toBe(false);
  });
});

describe('aims', () => {
  const reached = (usual: number, preloaded: number) => ({ ratios: { usual: [usual], preloaded: [preloaded] } });

  it('are reached where every ratio is', () => {
    const aims = { usual: 1.4, preloaded: 1.4 };
    expect(areAimsReached(aims, { ...reached(1.4, 2), microseconds: 1 }, [])).toBe(true);
    expect(areAimsReached(aims, { ...reached(2, 1.39), microseconds: 1 }, [])).toBe(false);
    expect(areAimsReached(aims, { ...reached(1.39, 2), microseconds: 1 }, [])).toBe(false);
    expect(areAimsReached({ usual: 1.4 }, { ...reached(1.4, 0.1), microseconds: 1 }, [])).toBe(true);
  });

  it('are reached by time or by ratio', () => {
    const aims = { preloaded: 3.2, orMicroseconds: 85 };
    expect(areAimsReached(aims, { ...reached(1, 1), microseconds: 85 }, [])).toBe(true);
    expect(areAimsReached(aims, { ...reached(1, 3.2), microseconds: 200 }, [])).toBe(true);
    expect(areAimsReached(aims, { ...reached(9, 3.1), microseconds: 86 }, [])).toBe(false);
  });

  it('hold only where the processor has what they suppose', () => {
    const aims = { preloaded: 1.5, onlyWith: 'amx_bf16' };
    const slow = { ...reached(1, 1), microseconds: 1 };
    expect(areAimsReached(aims, slow, ['avx512_bf16'])).toBeNull();
    expect(areAimsReached(aims, slow, ['amx_bf16'])).toBe(false);
    expect(areAimsReached({}, slow, [])).toBeNull();
  });
});

function round(engine: number, preloaded: number, noWorkers: number, twoWorkers: number): Round {
  const times: Record<Program, number> = {
    engine,
    preloaded,
    'usual, 0 workers': noWorkers,
    'usual, 2 workers': twoWorkers,
  };
  const measured = Object.entries(times).map(([name, secondsPerStep]) => {
    return [name, { secondsPerStep, peakBytes: 2e6 }] as const;
  });
  return Object.fromEntries(measured);
}
