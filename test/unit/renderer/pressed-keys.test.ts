import { expect, it } from 'vitest';
import { commandOfKeys } from '../../../renderer/app/pressed-keys.ts';

it.each([
  ['z', false, 'undo'],
  ['Z', true, 'redo'],
  ['y', false, 'redo'],
])('%s with the command key, and Shift: %s', (key, shiftKey, command) => {
  const pressed = { key, shiftKey, altKey: false };
  expect(commandOfKeys({ ...pressed, ctrlKey: true, metaKey: false }, false)?.id).toBe(command);
  expect(commandOfKeys({ ...pressed, ctrlKey: false, metaKey: true }, true)?.id).toBe(command);
});
