import { describe, expect, it } from 'vitest';
import { allRead, withError } from '../../../renderer/app/notice-log.ts';
import type { LoggedError } from '../../../renderer/app/notice-log.ts';

const failure = (message: string) => ({ code: 'internal', message }) as const;

describe('the list of errors', () => {
  it('keeps them newest first, and counts the same one', () => {
    const one = withError([], failure('a'), { id: 1, time: 10, document: null });
    const two = withError(one, failure('b'), { id: 2, time: 20, document: null });
    const again = withError(allRead(two), failure('a'), { id: 3, time: 30, document: null });
    expect(again).toEqual([
      { id: 1, code: 'internal', message: 'a', document: null, time: 30, times: 2, isRead: false },
      { id: 2, code: 'internal', message: 'b', document: null, time: 20, times: 1, isRead: true },
    ]);
  });

  it('does not grow for ever', () => {
    let log: readonly LoggedError[] = [];
    for (let id = 0; id < 1000; id++) log = withError(log, failure(String(id)), { id, time: id, document: null });
    expect(log.length).toBeLessThanOrEqual(100);
    expect(log[0]?.message).toBe('999');
  });
});
