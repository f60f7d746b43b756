import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { homeFolder, printed, run, start, temporaryFolder, useTemporaryHome } from './command.ts';
import type { Ended } from './command.ts';

useTemporaryHome();

function expectNoStack({ stderr, stdout }: Ended): void {
  expect(stderr + stdout).not.toMatch(/\n\s+at |node:internal|Error:/);
}

/** Runs a command in a home of this name below the temporary folder. */
async function runIn(home: string, ...words: string[]): Promise<Ended> {
  const before = process.env['TORCHWRIGHT_CACHE'];
  process.env['TORCHWRIGHT_CACHE'] = path.join(temporaryFolder(), home);
  try {
    return await run(...words);
  } finally {
    if (before === undefined) delete process.env['TORCHWRIGHT_CACHE'];
    else process.env['TORCHWRIGHT_CACHE'] = before;
  }
}

describe('bad input ends with 2 and a sentence', () => {
  it('a port that does not exist', async () => {
    const ended = await run('serve', '--port', '99999');
    expectNoStack(ended);
    expect(ended.code).toBe(2);
  });

  it('paths longer than the system takes', async () => {
    const name = 'n'.repeat(300);
    const table = path.join(temporaryFolder(), 'table.csv');
    await writeFile(table, 'a,b\n1,2\n2,3\n3,4\n4,5\n5,6\n6,7\n');
    const ended = await Promise.all([
      run('summary', `./${Array(20).fill('n'.repeat(200)).join('/')}.json`),
      run('data', 'import', `./${name}`),
      runIn(name, 'data', 'import', table),
    ]);
    for (const each of ended) {
      expectNoStack(each);
      expect(each.code).toBe(2);
    }
  });

  it('modules nested without end', async () => {
    const file = path.join(temporaryFolder(), 'deep.json');
    const deep = '{"type":"Sequential","children":['.repeat(5000) + ']}'.repeat(5000);
    await writeFile(file, `{"format":"torchwright-project","version":1,"networks":{"main":${deep}}}`);
    const ended = await run('summary', file, '--json');
    expectNoStack(ended);
    expect(ended.code).toBe(2);
    expect(printed(ended).at(-1)).toMatchObject({ event: 'error', error: { code: 'badProject' } });
  });
});

describe('a mistake in the program', () => {
  it('ends with 70 and one sentence that names a file with the details', async () => {
    const plant = path.join(temporaryFolder(), 'plant.mjs');
    await writeFile(
      plant,
      `import fs from 'node:fs/promises';
       import { syncBuiltinESMExports } from 'node:module';
       fs.readdir = () => { throw new TypeError('planted\\nin two lines'); };
       syncBuiltinESMExports();`,
    );
    process.env['NODE_OPTIONS'] = `--import=${plant}`;
    const { ended: ending } = start('recipes', '--json');
    delete process.env['NODE_OPTIONS'];
    const ended = await ending;
    expectNoStack(ended);
    expect(ended.code).toBe(70);
    expect(printed(ended)).toMatchObject([{ event: 'error', error: { code: 'internal' } }]);
    const [name = ''] = await readdir(path.join(homeFolder(), 'logs'));
    expect(ended.stderr).toContain(name);
    expect(await readFile(path.join(homeFolder(), 'logs', name), 'utf8')).toMatch(/TypeError: planted[^]*\n\s+at /);
  });
});
