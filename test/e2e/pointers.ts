import type { Page } from 'playwright-core';

export type Pointer = 'mouse' | 'pen' | 'touch';
/** In pixels of the page. */
export type Place = readonly [x: number, y: number];

/** Draws a line as the device does, through Chromium's own input. */
export async function drawBy(page: Page, pointer: Pointer, [first, ...rest]: readonly Place[]): Promise<void> {
  if (pointer === 'mouse') {
    await page.mouse.move(...first!);
    await page.mouse.down();
    for (const place of rest) await page.mouse.move(...place, { steps: 4 });
    await page.mouse.up();
    return;
  }
  const session = await page.context().newCDPSession(page);
  const pen = { button: 'left', pointerType: 'pen', force: 0.5, clickCount: 1 } as const;
  const send = (type: 'begin' | 'move' | 'end', [x, y]: Place): Promise<unknown> =>
    pointer === 'pen'
      ? session.send('Input.dispatchMouseEvent', {
          ...pen,
          type: ({ begin: 'mousePressed', move: 'mouseMoved', end: 'mouseReleased' } as const)[type],
          buttons: type === 'end' ? 0 : 1,
          ...{ x, y },
        })
      : session.send('Input.dispatchTouchEvent', {
          type: ({ begin: 'touchStart', move: 'touchMove', end: 'touchEnd' } as const)[type],
          touchPoints: type === 'end' ? [] : [{ x, y }],
        });
  await send('begin', first!);
  for (const place of rest) await send('move', place);
  await send('end', rest.at(-1) ?? first!);
  await session.detach();
}
