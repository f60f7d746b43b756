// `npm run dev`: the workbench in a browser, from the sources. What is changed of the window appears at once (Vite), and
// what serves it begins anew with its changed sources (node --watch). The engine is compiled once, at the start.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createSocketServer } from 'node:net';
import path from 'node:path';
import { createServer } from 'vite';
import { projectNode, repositoryFolder } from './paths.mjs';
import { say } from './report.mjs';
import { ensureWindow } from './window.mjs';

export async function develop(args) {
  // `serve` wants built pages, though these are never shown.
  await ensureWindow();
  const token = randomBytes(24).toString('base64url');
  const port = await freePort();
  const window = await serveSources(port);
  const { port: windowPort } = window.httpServer.address();
  const program = path.join(repositoryFolder, 'main', 'cli', 'main.ts');
  const serve = ['serve', '--port', String(port), '--token', token, '--json', ...args];
  // The sources that it has loaded are watched.
  const child = spawn(projectNode, ['--watch', '--watch-preserve-output', program, ...serve], {
    cwd: repositoryFolder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const code = ended(child);
  // Its first line comes when it can be reached; what it says after being started anew is not read by anyone.
  await Promise.race([once(child.stdout, 'data'), code]);
  child.stdout.resume();
  say(`the workbench, made anew as its sources change, is at http://localhost:${windowPort}/?token=${token}`);
  say('Ctrl+C ends it; after a change of native/ start it again');
  await code;
  await window.close();
  return code;
}

async function serveSources(port) {
  const { default: config } = await import('../electron.vite.config.ts');
  const { root, plugins } = config.renderer;
  const server = await createServer({
    configFile: false,
    root: path.join(repositoryFolder, root),
    plugins,
    logLevel: 'warn',
    // The workbench's own socket; Vite's lies at another address.
    server: { host: 'localhost', proxy: { '/socket': { target: `ws://127.0.0.1:${port}`, ws: true } } },
  });
  return server.listen();
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createSocketServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Its exit code. What this process is told to do, it is told as well. */
function ended(child) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === null ? 70 : 0)));
  });
}
