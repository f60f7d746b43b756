import type { Page } from 'playwright-core';
import type { Answer } from '../../core/contract/call.ts';
import type { CallName, EventName, Transport, Workbench } from '../../core/contract/contract.ts';
import { workbenchOver } from '../../core/contract/workbench.ts';

/** The page's own way to the workbench, as a script of the page would use it. */
type Bridge = Pick<Transport, 'call'> & {
  on(name: EventName, listener: (payload: unknown) => void): () => void;
};

interface PageGlobals {
  torchwright: Bridge;
  heard: Record<string, unknown[]>;
}

/** Calls made from within the page of a window, over the real bridge. Events: see `listen`. */
export function pageWorkbench(page: Page): Pick<Workbench, 'call'> {
  return workbenchOver({
    call: (name, argument) =>
      page.evaluate<Answer, readonly [CallName, unknown]>(
        ([asked, given]) => (globalThis as unknown as PageGlobals).torchwright.call(asked, given),
        [name, argument],
      ),
    on: () => {
      throw new Error('listen in the page');
    },
  });
}

/** Has the page collect an event from now on; `heard` gives what came. */
export async function listen(page: Page, name: EventName): Promise<void> {
  await page.evaluate((event) => {
    const page = globalThis as unknown as PageGlobals;
    page.heard = { ...page.heard, [event]: [] };
    page.torchwright.on(event, (payload) => page.heard[event]?.push(payload));
  }, name);
}

export function heard(page: Page, name: EventName): Promise<readonly { readonly event: string }[]> {
  return page.evaluate((event) => (globalThis as unknown as PageGlobals).heard[event] ?? [], name) as Promise<
    readonly { readonly event: string }[]
  >;
}
