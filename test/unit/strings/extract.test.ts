import { expect, it } from 'vitest';
import { stringsOf } from '../../strings/extract.ts';

const found = (file: string, source: string) =>
  stringsOf(file, source).map(({ kind, line, text }) => [kind, line, text]);

it('finds a string of every kind, with its line', () => {
  const template = `<script setup lang="ts">
const words = computed(() => \`Saved to \${file.value}.\`);
</script>

<template>
  <FieldRow label="Weight decay" :help="isOn ? 'Pulls weights towards zero.' : ''" />
  <button class="button" @click="start('run')">{{ isLong ? 'Train more' : 'Train' }}</button>
</template>`;
  expect(found('renderer/features/train/Some.vue', template)).toEqual([
    ['text', 2, 'Saved to {…}.'],
    ['label', 6, 'Weight decay'],
    ['help', 6, 'Pulls weights towards zero.'],
    ['button', 7, 'Train more'],
    ['button', 7, 'Train'],
  ]);
  const script = `throw new FailureError({ code: 'notFound', message: \`There is no run \${id}\` + ' here.' });`;
  expect(found('main/runs/some.ts', script)).toEqual([['error', 1, 'There is no run {…} here.']]);
  expect(found('main/cli/program.ts', `program.option('--json', 'one JSON value a line');`)).toEqual([
    ['command help', 1, '--json'],
    ['command help', 1, 'one JSON value a line'],
  ]);
  expect(found('resources/recipes/some.json', `{\n  "description": "Two \\"units\\"."\n}`)).toEqual([
    ['recipe description', 2, 'Two "units".'],
  ]);
  const engine = `\n  throw EngineFailure("badData", "There is no image " + std::to_string(index) + ".", file);`;
  expect(found('native/src/engine/some.cpp', engine)).toEqual([['error', 2, 'There is no image {…}.']]);
});

it('leaves out what users do not read', () => {
  const source = `import x from './some file.ts';
    // A comment in words.
    if (kind === 'two words') look('adam', "SELECT id FROM runs");
    type Kind = 'a type in words';`;
  expect(found('core/some.ts', source)).toEqual([]);
});
