import { describe, expect, it } from 'vitest';
import { rememberRun, rememberedRun } from '../../../renderer/app/remembered-run.ts';

/** A browser's storage, by its interface; `bytes`: more cannot be kept. */
function storage(bytes = Infinity): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    removeItem: (key) => kept.delete(key),
    setItem: (key, value) => {
      if (value.length > bytes) throw new DOMException('full', 'QuotaExceededError');
      kept.set(key, value);
    },
  };
}

describe('the run shown last with a document', () => {
  it('is known again, each by its document', () => {
    const place = storage();
    rememberRun('a', 'run-1', place);
    rememberRun('b', 'run-2', place);
    rememberRun('a', 'run-3', place);
    expect(['a', 'b', 'c'].map((document) => rememberedRun(document, place))).toEqual(['run-3', 'run-2', null]);
  });

  it('is one of the last hundred', () => {
    const place = storage();
    for (let index = 0; index <= 100; index++) rememberRun(`d${index}`, `run-${index}`, place);
    expect(rememberedRun('d0', place)).toBeNull();
    expect(rememberedRun('d1', place)).toBe('run-1');
  });

  it('is none where the storage is full or holds something else', () => {
    const full = storage(10);
    rememberRun('a', 'run-1', full);
    expect(rememberedRun('a', full)).toBeNull();
    const foreign = storage();
    for (const text of ['{', '{}', '[1]', '[["a"]]']) {
      foreign.setItem('torchwright-runs-of-documents', text);
      expect(rememberedRun('a', foreign)).toBeNull();
    }
  });
});
