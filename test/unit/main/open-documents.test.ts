import { describe, expect, it, vi } from 'vitest';
import type { HeldDocument } from '../../../core/contract/projects.ts';
import { EventHub } from '../../../main/workbench/event-hub.ts';
import { OpenDocuments } from '../../../main/workbench/open-documents.ts';

const document = (key: string, text: string, file: string | null = null): HeldDocument => ({
  ...{ key, text, file },
  name: 'net',
  isSaved: false,
});

function opened() {
  const events = new EventHub();
  const documents = new OpenDocuments(events);
  const hold = (holder: string, held: HeldDocument, take = false) => documents.hold({ ...held, holder, take });
  return { events, documents, hold };
}

describe('projects open in several windows', () => {
  it('have one owner; others get its document', async () => {
    const { hold } = opened();
    expect(await hold('a', document('k', 'one'))).toEqual({ isOwner: true, document: null });
    expect(await hold('b', document('k', 'stale'))).toEqual({ isOwner: false, document: document('k', 'one') });
    expect(await hold('a', document('k', 'two'))).toEqual({ isOwner: true, document: null });
    expect((await hold('b', document('k', 'stale'))).document?.text).toBe('two');
  });

  it('are the same where they are the same file, whatever their keys', async () => {
    const { hold } = opened();
    await hold('a', document('k', 'one', '/projects/net.json'));
    const answer = await hold('b', document('other', 'as on the disk', '/projects/./net.json'));
    expect(answer).toEqual({ isOwner: false, document: document('k', 'one', '/projects/net.json') });
  });

  it('change hands with what the owner had not handed in', async () => {
    const { events, hold } = opened();
    await hold('a', document('k', 'one'));
    events.on('documentWanted', ({ key }) => void hold('a', document(key, 'typed just now')));
    const owners: string[] = [];
    events.on('documentChanged', ({ holder }) => owners.push(holder));
    const taken = await hold('b', document('k', 'one'), true);
    expect(taken).toEqual({ isOwner: true, document: document('k', 'typed just now') });
    expect(owners.at(-1)).toBe('b');
    expect((await hold('a', document('k', 'later'))).isOwner).toBe(false);
  });

  it('are taken from an owner that does not answer', async () => {
    const { hold } = opened();
    await hold('a', document('k', 'one'));
    expect(await hold('b', document('k', 'one'), true)).toEqual({ isOwner: true, document: document('k', 'one') });
  });

  it('stay with an owner that is loaded again, and say when it is away', async () => {
    const { documents, hold } = opened();
    documents.join('a');
    await hold('a', document('k', 'one'));
    documents.join('a');
    documents.leave('a');
    expect(documents.list()[0]?.isAway).toBe(false);
    documents.leave('a');
    expect(documents.list()[0]?.isAway).toBe(true);
    expect((await hold('b', document('k', 'one'))).isOwner).toBe(false);
    expect((await hold('a', document('k', 'one'))).isOwner).toBe(true);
    expect(documents.list()[0]?.isAway).toBe(false);
  });

  it('are free when their owner was away for long, and those who read are told', async () => {
    vi.useFakeTimers();
    try {
      const { events, documents, hold } = opened();
      const left: string[] = [];
      events.on('documentLeft', ({ key }) => left.push(key));
      documents.join('a');
      await hold('a', document('k', 'one'));
      documents.leave('a');
      vi.advanceTimersByTime(9000);
      expect(left).toEqual([]);
      expect((await hold('b', document('k', 'one'))).isOwner).toBe(false);
      vi.advanceTimersByTime(2000);
      expect(left).toEqual(['k']);
      expect((await hold('b', document('k', 'one'))).isOwner).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are free when their owner opens another', async () => {
    const { documents, hold } = opened();
    await hold('a', document('k', 'one'));
    documents.release('k', 'b');
    expect((await hold('b', document('k', 'two'))).isOwner).toBe(false);
    documents.release('k', 'a');
    expect((await hold('b', document('k', 'two'))).isOwner).toBe(true);
  });
});
