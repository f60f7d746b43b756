import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { isThere } from '../../datasets/check-files.ts';
import { fail } from '../../failures.ts';
import { repositoryFolder } from '../../paths.ts';
import { isLoopback } from '../../serve/access.ts';
import { serve } from '../../serve/server.ts';
import { exitCodes } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { onInterrupt } from '../interrupts.ts';
import type { Output } from '../output.ts';
import { beginServing } from '../unexpected-end.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly open?: boolean;
  readonly dataFolder?: readonly string[];
}

/** Serves the workbench to browsers until Ctrl+C. */
export async function serveBrowsers(output: Output, options: ServeOptions): Promise<ExitCode> {
  const { host, port, token, open } = options;
  if (!isLoopback(host) && token === undefined) {
    fail('badUsage', `${host} can be reached from other machines, which requires a token: add --token.`, {
      at: '--host',
      advice: 'Or keep the default host and use an SSH tunnel: ssh -L 8765:localhost:8765 machine',
    });
  }
  if (token !== undefined && !/^[\w-]{16,}$/.test(token)) {
    fail('badUsage', 'A token must have at least 16 letters, digits, dashes or underscores.', { at: '--token' });
  }
  const pages = path.join(repositoryFolder, 'out', 'renderer');
  if (!(await isThere(path.join(pages, 'index.html')))) {
    fail('notFound', `The pages of the window have not been built: ${pages} is empty.`, {
      at: pages,
      advice: 'npm run build',
    });
  }
  const dataFolders = options.dataFolder?.map((folder) => path.resolve(folder));
  for (const folder of dataFolders ?? []) {
    const isFolder = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) fail('notFound', `${folder} is not a folder.`, { at: '--data-folder' });
  }
  const chosen = { ...(token === undefined ? {} : { token }), ...(dataFolders === undefined ? {} : { dataFolders }) };
  const server = await serve({ host, port, pages, ...chosen });
  beginServing();
  if (output.isJson) output.json({ event: 'serving', address: server.address });
  else output.line(`The workbench is at ${server.address}\nCtrl+C saves what is being trained and ends.`);
  if (open === true) openInBrowser(server.address);
  await new Promise<void>((resolve) => {
    const release = onInterrupt({
      first: () => {
        release();
        resolve();
      },
      second: () => undefined,
    });
  });
  await server.close();
  return exitCodes.done;
}

/** Where there is no browser nothing happens: the address was printed. */
function openInBrowser(address: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return;
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
