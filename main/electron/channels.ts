import { ipcMain } from 'electron';
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { Answer } from '../../core/contract/call.ts';
import type { EventName } from '../../core/contract/contract.ts';
import { isEventName } from '../../core/contract/names.ts';
import { failureOf } from '../failures.ts';
import { answerCall } from '../workbench/answer-call.ts';
import type { WorkbenchServices } from '../workbench/workbench.ts';
import { pageOrigin } from './pages.ts';

/** Connects windows with the workbench. `onListening` is told when a window begins to listen to an event. */
export function openChannels(workbench: Promise<WorkbenchServices>, onListening: (event: EventName) => void): void {
  const heard = new WeakMap<WebContents, Map<EventName, () => void>>();

  ipcMain.handle('call', async (event, name: unknown, argument: unknown): Promise<Answer> => {
    if (!isOwnPage(event)) throw new Error('not a page of Torchwright');
    try {
      return await answerCall((await workbench).handlers, name, argument);
    } catch (error) {
      // The workbench itself did not open.
      const failure = failureOf(error) ?? { code: 'internal', message: String(error) };
      return { ok: false, failure };
    }
  });

  ipcMain.on('listen', (event, name: unknown, isWanted: unknown) => {
    if (!isOwnPage(event) || !isEventName(name)) return;
    const { sender } = event;
    const ofPage = heard.get(sender) ?? forget(sender, heard);
    void workbench.then(
      ({ events }) => {
        ofPage.get(name)?.();
        ofPage.delete(name);
        if (isWanted !== true || sender.isDestroyed()) return;
        ofPage.set(
          name,
          events.on(name, (payload) => sender.send('event', name, payload)),
        );
        onListening(name);
      },
      () => undefined,
    );
  });
}

/** A page that is reloaded, crashed or closed listens no more. */
function forget(
  sender: WebContents,
  heard: WeakMap<WebContents, Map<EventName, () => void>>,
): Map<EventName, () => void> {
  const ofPage = new Map<EventName, () => void>();
  heard.set(sender, ofPage);
  const end = (): void => {
    for (const stop of ofPage.values()) stop();
    ofPage.clear();
  };
  sender.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) end();
  });
  sender.on('render-process-gone', end);
  sender.on('destroyed', end);
  return ofPage;
}

/** Only the main frame of our own page may ask. */
function isOwnPage({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && senderFrame.origin === pageOrigin;
}
