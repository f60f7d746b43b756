import { afterEach, expect, it, vi } from 'vitest';
import { imported } from './rendered.ts';

/** What is used here of an element of the page. */
interface Place {
  readonly isConnected: boolean;
  closest(selector: string): unknown;
  focus(): void;
}
interface Keyboard {
  readonly bringKeyboard: (from: Place | null) => void;
}

let focused: string;

function place(name: string, network: boolean, isConnected = true): Place {
  return { isConnected, closest: () => (network ? {} : null), focus: () => (focused = name) };
}

afterEach(() => vi.unstubAllGlobals());

it.each([
  ['stays in the outline', place('outline', true), 'outline'],
  ['comes from the button that led to the place', place('button', false), 'canvas'],
  ['comes from what an edit has taken away', place('gone', true, false), 'canvas'],
  ['comes from nowhere', null, 'canvas'],
])('the keyboard after an edit: it %s', async (_, from, to) => {
  vi.stubGlobal('document', { querySelector: () => place('canvas', true) });
  const { bringKeyboard } = await imported<Keyboard>('features/design/keyboard.ts');
  bringKeyboard(from);
  expect(focused).toBe(to);
});
