import fc from 'fast-check';
import { expect, it } from 'vitest';
import { asFileName, isFileName } from '../../../../core/project/file-name.ts';

it.each([
  ['zwei / Bilder: a*? lang', 'zwei Bilder a lang'],
  ['a/b', 'a-b'],
  ['  .hidden. ', 'hidden'],
  ['x'.repeat(300), 'x'.repeat(100)],
  ['mnist conv', 'mnist conv'],
  ['-5 °C', '-5 °C'],
  ['???', 'project'],
  ['', 'project'],
])('%j becomes %j', (name, file) => expect(asFileName(name)).toBe(file));

it('whatever a project is called, the name is one', () => {
  const unit = fc.constantFrom('a', 'é', '😀', '/', '\\', ':', '*', '.', ' ', '-', '\n', '\u0000', '\ud800');
  fc.assert(fc.property(fc.string({ unit, maxLength: 200 }), (name) => isFileName(asFileName(name))));
});
