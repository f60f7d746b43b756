import { expect, test } from 'vitest';
import { setPath } from '../../../../core/project/set-path.ts';

const document = { recipe: { batchSize: 100, optimizer: { type: 'SGD' } }, children: [{ p: 1 }, { p: 2 }] };

test.each([
  ['recipe.batchSize', '50', { ...document, recipe: { ...document.recipe, batchSize: 50 } }],
  [
    'recipe.optimizer.momentum',
    '0.5',
    { ...document, recipe: { ...document.recipe, optimizer: { type: 'SGD', momentum: 0.5 } } },
  ],
  ['recipe.optimizer', '{"type":"Adam"}', { ...document, recipe: { ...document.recipe, optimizer: { type: 'Adam' } } }],
  ['recipe.clip.at', '1', { ...document, recipe: { ...document.recipe, clip: { at: 1 } } }],
  ['children[1].p', '0.3', { ...document, children: [{ p: 1 }, { p: 0.3 }] }],
  ['name', 'two words', { ...document, name: 'two words' }],
])('%s=%s', (path, value, expected) => {
  const before = structuredClone(document);
  expect(setPath(document, path, value)).toEqual({ ok: true, document: expected });
  expect(document).toEqual(before);
});

test.each([
  '',
  '.recipe',
  'recipe..batchSize',
  'recipe.batch size',
  'children[x].p',
  'children[2].p',
  'recipe[0]',
  'recipe.batchSize.of',
  'children.p',
])('"%s" is refused with itself', (path) => {
  const result = setPath(document, path, '1');
  expect(result).toMatchObject({ ok: false, failures: [{ code: 'badUsage', at: path }] });
});
