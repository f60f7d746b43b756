import { spawn } from 'node:child_process';
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

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly open?: boolean;
}

/** Serves the workbench to browsers until Ctrl+C. */
export async function serveBrowsers(output: Output, { host, port, token, open }: ServeOptions): Promise<ExitCode> {
  if (!isLoopback(host) && token === undefined) {
    fail('badUsage', `${host} can be reached from other machines: choose a token for it with --token.`, {
      at: '--host',
      advice: 'Or stay at the loopback address and come by an SSH tunnel: ssh -L 8765:localhost:8765 machine',
    });
  }
  if (token !== undefined && !/^[\w-]{16,}$/.test(token)) {
    fail('badUsage', 'A token has at least 16 letters, digits, dashes or underlines.', { at: '--token' });
  }
  const pages = path.join(repositoryFolder, 'out', 'renderer');
  if (!(await isThere(path.join(pages, 'index.html')))) {
    fail('notFound', `The window's pages are not built: ${pages} is empty.`, { at: pages, advice: 'npm run build' });
  }
  const server = await serve({ host, port, pages, ...(token === undefined ? {} : { token }) });
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
