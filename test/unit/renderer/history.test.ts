import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginHistory, changed, redone, settled, undone } from '../../../renderer/features/project/history.ts';

const documents = fc.array(fc.integer(), { minLength: 1, maxLength: 20 });

/** One document after another, each changed about something of its own. */
function historyOf([first, ...rest]: readonly number[]) {
  return rest.reduce(
    (history, document, index) => changed(history, document, `place ${index}`, 0),
    beginHistory(first!),
  );
}

describe('history of a document', () => {
  it('undoes every change, and redoes it', () => {
    fc.assert(
      fc.property(documents, (values) => {
        const full = historyOf(values);
        const back = values.slice(1).reduce(undone, full);
        expect(back.present).toBe(values[0]);
        expect(values.slice(1).reduce(redone, back).present).toBe(values.at(-1));
      }),
    );
  });

  it('stays as it is where there is nothing to undo or redo', () => {
    const history = beginHistory('document');
    expect(undone(history)).toBe(history);
    expect(redone(history)).toBe(history);
  });

  it('forgets the future with a new change', () => {
    const history = changed(undone(historyOf([1, 2])), 3, 'elsewhere', 0);
    expect(redone(history).present).toBe(3);
    expect(undone(history).present).toBe(1);
  });

  it('undoes quick changes of one place together, slow ones and those of another place apart', () => {
    const quick = changed(changed(beginHistory(1), 2, 'rate', 0), 3, 'rate', 900);
    expect(undone(quick).present).toBe(1);
    expect(undone(changed(quick, 4, 'rate', 2000)).present).toBe(3);
    expect(undone(changed(quick, 4, 'epochs', 950)).present).toBe(3);
  });

  it('undoes changes of one field apart where it was left between them', () => {
    const history = changed(settled(changed(beginHistory(1), 2, 'rate', 0)), 3, 'rate', 100);
    expect(undone(history).present).toBe(2);
  });

  it('does not join a change to one that was undone', () => {
    const history = changed(undone(changed(beginHistory(1), 2, 'rate', 0)), 3, 'rate', 100);
    expect(undone(history).present).toBe(1);
  });
});
