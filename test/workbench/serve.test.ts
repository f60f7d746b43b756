import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket as Client } from 'ws';
import type { Workbench } from '../../core/contract/contract.ts';
import { connectSocket, socketProtocol } from '../../core/contract/socket.ts';
import type { SocketTransport } from '../../core/contract/socket.ts';
import type { WatchedEvent } from '../../core/contract/training.ts';
import { workbenchOver } from '../../core/contract/workbench.ts';
import { countRight, judge } from '../../core/evaluation/judgement.ts';
import { serve } from '../../main/serve/server.ts';
import type { RunningServer } from '../../main/serve/server.ts';
import { holdTrainings, releaseTrainings } from '../step-gate.ts';

const token = 'a-token-for-this-test';
let home: string;
let server: RunningServer;
let address: URL;
let transports: SocketTransport[] = [];

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'torchwright-'));
  process.env['TORCHWRIGHT_HOME'] = home;
  server = await serve({ host: '127.0.0.1', port: 0, token, pages: path.resolve('renderer') });
  address = new URL(server.address);
});
afterAll(async () => {
  for (const transport of transports) transport.close();
  transports = [];
  await server.close();
  await rm(home, { recursive: true, force: true });
});

function connect(): { readonly workbench: Workbench; readonly transport: SocketTransport } {
  const transport = connectSocket(`ws://${address.host}/socket`, token);
  transports.push(transport);
  return { workbench: workbenchOver(transport), transport };
}

/** The status of a page asked for with these headers. */
function status(place: string, headers: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: address.hostname, port: address.port, path: place, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });
}

/** `open`, or the status that refused the socket. */
function socketOutcome(given: string, headers: Readonly<Record<string, string>> = {}): Promise<string | number> {
  return new Promise((resolve, reject) => {
    const socket = new Client(`ws://${address.host}/socket`, socketProtocol(given), { headers });
    socket.on('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.on('unexpected-response', (_request, response) => {
      socket.on('error', () => undefined);
      socket.terminate();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

describe('who may come', () => {
  it('opens the page with the token, and not without or with another', async () => {
    expect(await status(`/?token=${token}`)).toBe(200);
    expect(await status('/')).toBe(403);
    expect(await status('/index.html')).toBe(403);
    expect(await status(`/?token=${token}x`)).toBe(403);
  });

  it('opens the socket with the token, and not with another', async () => {
    expect(await socketOutcome(token)).toBe('open');
    expect(await socketOutcome('another-token-than-ours')).toBe(403);
  });

  it('refuses pages of other sites, and other names for this machine', async () => {
    expect(await socketOutcome(token, { origin: `http://${address.host}` })).toBe('open');
    expect(await socketOutcome(token, { origin: 'http://elsewhere.example' })).toBe(403);
    expect(await socketOutcome(token, { host: 'elsewhere.example' })).toBe(403);
    expect(await status(`/?token=${token}`, { host: `elsewhere.example:${address.port}` })).toBe(403);
  });

  it('reaches no file outside its folder', async () => {
    expect(await status('/%2e%2e/package.json')).toBe(404);
    expect(await status('/..%2fpackage.json')).toBe(404);
  });
});

describe('the workbench over a socket', () => {
  it('refuses what is no call, and what a call does not take', async () => {
    const { transport } = connect();
    const unknown = await transport.call('app.format' as 'app.info', undefined);
    expect(unknown).toMatchObject({ ok: false, failure: { code: 'badUsage' } });
    const misfit = await transport.call('runs.get', { run: '../../etc' });
    expect(misfit).toMatchObject({ ok: false, failure: { code: 'badUsage', at: 'runs.get' } });
  });

  it('lists recipes and devices', async () => {
    const { workbench } = connect();
    const recipes = await workbench.call('recipes.list');
    expect(recipes.map(({ name }) => name)).toContain('mnist-logit');
    const devices = await workbench.call('devices.list');
    expect(devices[0]).toMatchObject({ id: 'cpu' });
  });

  it('saves projects by name in its own folder, and opens no other', async () => {
    const { workbench } = connect();
    const [recipe] = await workbench.call('recipes.list');
    const text = recipe?.text ?? '';
    const saved = await workbench.call('projects.saveAs', { name: 'first try', text });
    expect(saved?.file).toBe(path.join(home, 'projects', 'first try.torchwright.json'));
    expect(await workbench.call('projects.open', { file: saved?.file ?? '' })).toMatchObject({ text });
    await expect(workbench.call('projects.saveAs', { name: 'first try', text })).rejects.toThrow('already');
    await expect(workbench.call('projects.saveAs', { name: '../out', text })).rejects.toThrow('file');
    await expect(workbench.call('projects.open', { file: path.resolve('package.json') })).rejects.toThrow('folder');
    const named = await workbench.call('projects.saveAs', { name: 'Formen & Größen (2)', text });
    expect(path.basename(named?.file ?? '')).toBe('Formen & Größen (2).torchwright.json');
    for (const name of ['a/b', '.hidden', 'a:b', 'a.', '']) {
      await expect(workbench.call('projects.saveAs', { name, text })).rejects.toThrow('not a valid file name');
    }
  });

  it('does not overwrite what somebody else wrote to a project’s file, unless told to', async () => {
    const { workbench } = connect();
    const [recipe] = await workbench.call('recipes.list');
    const text = recipe?.text ?? '';
    const { file } = (await workbench.call('projects.saveAs', { name: 'of two', text }))!;
    await workbench.call('projects.save', { file, text: `${text} ` });
    await writeFile(file, `${text}\n\n`);
    await expect(workbench.call('projects.save', { file, text })).rejects.toMatchObject({
      failure: { code: 'inUse', choices: ['replace'] },
    });
    expect(await readFile(file, 'utf8')).toBe(`${text}\n\n`);
    await workbench.call('projects.save', { file, text, replace: true });
    await workbench.call('projects.save', { file, text: `${text} ` });
    expect(await readFile(file, 'utf8')).toBe(`${text} `);
  });

  it('does not let two documents that are saved as one file overwrite each other unasked', async () => {
    const [one, other] = [connect(), connect()];
    const { file } = (await one.workbench.call('projects.saveAs', { name: 'of both', text: '1', document: 'one' }))!;
    const replacing = { name: 'of both', text: '2', document: 'other', replace: true };
    await other.workbench.call('projects.saveAs', replacing);
    const again = one.workbench.call('projects.save', { file, text: '3', document: 'one' });
    await expect(again).rejects.toMatchObject({ failure: { code: 'inUse', choices: ['replace'] } });
    expect(await readFile(file, 'utf8')).toBe('2');
    await other.workbench.call('projects.save', { file, text: '4', document: 'other' });
    await one.workbench.call('projects.save', { file, text: '5', document: 'one', replace: true });
    await expect(other.workbench.call('projects.save', { file, text: '6', document: 'other' })).rejects.toThrow();
    expect(await readFile(file, 'utf8')).toBe('5');
  });

  it('trains while two watch, pauses, changes its rate, goes on without the first, and tells a third all of it', async () => {
    const first = connect();
    const second = connect();
    const told = { first: hear(first.workbench), second: hear(second.workbench) };
    const recipes = await first.workbench.call('recipes.list');
    const recipe = recipes.find(({ name }) => name === 'mnist-logit')!;
    const project = { ...recipe.project, recipe: { ...recipe.project.recipe, epochs: 2, batchSize: 50 } };
    const stepsPerEpoch = 1200;
    await holdTrainings(200);
    const { run } = await first.workbench.call('training.start', {
      projectText: JSON.stringify(project),
      device: 'cpu',
      threads: 1,
      seed: 3,
    });
    await told.first.until(({ event }) => event === 'step');
    await first.workbench.call('training.pause', { run });
    await Promise.all([told.first, told.second].map(({ until }) => until(({ event }) => event === 'runPaused')));
    first.transport.close();
    const schedule = { type: 'Constant', rate: 0.001 } as const;
    await second.workbench.call('training.watchMismatches', { run, limit: 5 });
    const mismatches = new Promise<number>((resolve) => {
      second.workbench.on('mismatches', ({ pixels }) => resolve(pixels.length));
    });
    await holdTrainings(stepsPerEpoch + 200);
    await second.workbench.call('training.continue', { run, changes: { schedule } });
    await told.second.until(({ event }) => event === 'epochFinished');
    const third = connect();
    const [live] = await third.workbench.call('training.active');
    expect(live).toMatchObject({ run, state: { kind: 'running' } });
    expect(live?.markers.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['started', 'paused', 'settingsChanged', 'continued']),
    );
    expect(live?.series.step.length).toBeGreaterThan(0);
    expect(await mismatches).toBe(5 * 28 * 28);
    await releaseTrainings();
    const finished = await told.second.until(({ event }) => event === 'runFinished');
    if (finished.event !== 'runFinished') throw new Error('not finished');
    expect(finished.test.accuracy).toBeGreaterThan(0.85);
    await expect.poll(() => third.workbench.call('training.active')).toEqual([]);

    const { runs, total } = await third.workbench.call('runs.list', { search: 'LOGIT finished', offset: 0, limit: 10 });
    expect(total).toBe(1);
    expect(runs[0]).toMatchObject({
      id: run,
      epochsDone: 2,
      testAccuracy: finished.test.accuracy,
      seed: 3,
      threads: 1,
    });
    await third.workbench.call('runs.update', { run, tags: ['slow'], note: 'paused once', isStarred: true });
    const details = await third.workbench.call('runs.get', { run });
    expect(details).toMatchObject({ tags: ['slow'], note: 'paused once', isStarred: true });
    const changed = details.markers.find(({ kind }) => kind === 'settingsChanged');
    expect(changed?.changes).toEqual({ schedule });
    const [steps] = await third.workbench.call('runs.steps', { runs: [run], points: 100 });
    expect(steps?.batchLoss.step.at(-1)).toBe(2 * stepsPerEpoch);
    expect(steps?.batchLoss.mean.length).toBeLessThanOrEqual(100);
    // The last step of every epoch is there, with the epoch's own figures.
    expect(steps?.series.step.at(-1)).toBe(2 * stepsPerEpoch);
    expect(steps?.series.step).toContain(stepsPerEpoch);
    expect(steps?.series.figures.loss?.at(-1)).toBeCloseTo(finished.train.loss, 6);
    expect(steps?.series.figures.learningRate?.at(-1)).toBeCloseTo(0.001);
    const said = await third.workbench.call('evaluation.predictions', { run, checkpoint: 'last' });
    expect(countRight(judge(said))).toBe(Math.round(finished.test.accuracy! * said.samples));
    const history = await third.workbench.call('evaluation.history', { run, weights: 'last' });
    expect(history.epochs.at(-1)).toBe(said.epoch);
    expect(Int32Array.from(history.predicted.at(-1)!)).toEqual(judge(said).predicted);
    const wrong = await third.workbench.call('evaluation.mismatches', { run, limit: 4 });
    expect(wrong).toMatchObject({ run, epoch: 2, weights: 'last', samples: said.samples });
    expect(wrong!.total).toBe(said.samples - countRight(judge(said)));
    for (const [place, index] of wrong!.indices.entries()) {
      expect([wrong!.labels[place], wrong!.predicted[place]]).toEqual([
        said.labels[index],
        judge(said).predicted[index],
      ]);
    }
    expect(wrong!.pixels).toEqual(await third.workbench.call('evaluation.images', { run, indices: wrong!.indices }));
    const pixels = await third.workbench.call('evaluation.images', { run, indices: Int32Array.of(7, 9999) });
    expect(pixels).toHaveLength(2 * 28 * 28);
    const none = third.workbench.call('evaluation.images', { run, indices: Int32Array.of(10_000) });
    await expect(none).rejects.toThrow('ends before');
    await third.workbench.call('runs.remove', { runs: [run] });
    await expect(third.workbench.call('runs.get', { run })).rejects.toThrow(run);
  });
});

/** Every training event from now on; `until` waits for the first that is wanted, heard already or not. */
function hear(workbench: Workbench): {
  readonly until: (wanted: (event: WatchedEvent) => boolean) => Promise<WatchedEvent>;
} {
  const heard: WatchedEvent[] = [];
  const waiting = new Set<() => void>();
  workbench.on('training', (event) => {
    heard.push(event);
    for (const look of waiting) look();
  });
  return {
    until: (wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = heard.find(wanted);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
