import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeBlock } from '../../../core/editing/make-block.ts';
import { parseProject } from '../../../core/project/parse.ts';
import type { Project } from '../../../core/project/project.ts';
import { numbersWithin, parametersOf } from '../../../renderer/features/design/numbers-within.ts';

const file = path.resolve(import.meta.dirname, '../../../resources/recipes/mnist-conv.json');

function mnistConv(): Project {
  const result = parseProject(readFileSync(file, 'utf8'));
  if (!result.ok) throw new Error(result.failures[0]!.message);
  return result.project;
}

describe('numbers that may become parameters of a Block', () => {
  const project = mnistConv();
  const addresses = [0, 1, 2, 3].map((index) => `networks.main.children[${index}]`);
  const numbers = numbersWithin(project, addresses);
  const written = numbers.filter(({ isStandard }) => !isStandard);

  it('are those that are written, and defaults beside them', () => {
    expect(written.map(({ module, option, value }) => [module, option, value])).toEqual([
      ['Conv2d 0', 'out_channels', 20],
      ['Conv2d 0', 'kernel_size', 5],
      ['MaxPool2d 3', 'kernel_size', 2],
    ]);
    expect(numbers.find(({ option }) => option === 'stride')).toMatchObject({ value: 1, isStandard: true });
  });

  it('make a Block that leaves the network as it was, each parameter with its number', () => {
    const texts = numbers.map(({ option }) =>
      option === 'out_channels' ? 'out' : option === 'groups' ? 'out//20' : '',
    );
    const replaced = numbers.map((number, index) => [number, texts[index]!] as const);
    const parameters = parametersOf(replaced);
    expect(parameters).toEqual([{ name: 'out', default: 20 }]);
    const bindings = replaced.flatMap(([{ address, option }, parameter]) =>
      parameter === '' ? [] : [{ address, option, parameter }],
    );
    const made = makeBlock(project, addresses, 'Lesson', parameters, bindings);
    expect(made.project.networks.main).toHaveProperty('children[0]', { type: 'Block', block: 'Lesson' });
    expect(parseProject(made.project)).toMatchObject({ ok: true });
  });

  it('an expression before the name itself does not take the default away', () => {
    const [first, second] = numbers;
    expect(
      parametersOf([
        [first!, '2*out'],
        [second!, 'out'],
      ]),
    ).toEqual([{ name: 'out', default: second!.value }]);
  });

  it('what cannot be read names no parameter', () => {
    expect(parametersOf([[numbers[0]!, '4*']])).toEqual([]);
  });
});
