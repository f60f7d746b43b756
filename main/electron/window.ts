import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { Rectangle } from 'electron';
import type { WindowState } from '../../core/contract/settings.ts';
import { pageAddress } from './pages.ts';
import { windowOptions } from './window-options.ts';

/** Crashes of the page in a row that are answered by loading it again. */
const patience = 3;

/** Opens the window where it was last. */
export function openWindow(state: WindowState | null): BrowserWindow {
  const window = new BrowserWindow({ ...windowOptions(nativeTheme.shouldUseDarkColors), ...placeOf(state) });
  if (state?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  let crashes = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    crashes += 1;
    // The page holds nothing that is not elsewhere: it finds the trainings and the unsaved project again.
    if (crashes <= patience) window.reload();
  });
  void window.loadURL(pageAddress);
  return window;
}

export function stateOf(window: BrowserWindow): WindowState {
  const { x, y, width, height } = window.getNormalBounds();
  return { x, y, width, height, isMaximized: window.isMaximized() };
}

/** A window remembered from a screen that is no longer there opens in the middle. */
function placeOf(state: WindowState | null): Partial<Rectangle> {
  if (state === null) return {};
  const { x, y, width, height } = state;
  const isSeen = screen.getAllDisplays().some(({ workArea }) => {
    const overlapX = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    const overlapY = Math.min(y + height, workArea.y + workArea.height) - Math.max(y, workArea.y);
    return overlapX > 100 && overlapY > 100;
  });
  return isSeen ? { x, y, width, height } : { width, height };
}
