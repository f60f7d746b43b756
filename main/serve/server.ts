import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { FailureError } from '../../core/failure.ts';
import { forkEngine } from '../engine/engine-host.ts';
import { openWorkbench } from '../workbench/workbench.ts';
import type { WorkbenchServices } from '../workbench/workbench.ts';
import { Access, hostInAddress } from './access.ts';
import { readPage } from './pages.ts';
import { serveSocket } from './socket.ts';

export interface ServeSettings {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Absent: drawn. */
  readonly token?: string;
  /** Folder of the built pages. */
  readonly pages: string;
}

export interface RunningServer {
  /** For a browser, with the token. */
  readonly address: string;
  readonly workbench: WorkbenchServices;
  /** Browsers are sent away; trainings are saved and stopped. */
  close(): Promise<void>;
}

/** The largest message of a browser: a project's text. Bytes. */
const largestMessage = 32 * 2 ** 20;

/** Serves the whole workbench to browsers. */
export async function serve(settings: ServeSettings): Promise<RunningServer> {
  const access = new Access(settings.host, settings.token);
  const server = createServer((request, response) => void answer(request, response, access, settings.pages));
  await listen(server, settings);
  const workbench = await openWorkbench({
    kind: 'browser',
    versions: {},
    openEngine: forkEngine,
    dialogs: null,
    disableCommands: () => undefined,
  });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (new URL(request.url ?? '', 'http://localhost').pathname !== '/socket' || !access.mayOpenSocket(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => serveSocket(opened, workbench));
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://${hostInAddress(settings.host)}:${port}/?token=${access.token}`,
    workbench,
    async close() {
      for (const client of sockets.clients) client.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await workbench.trainings.stopAll();
      workbench.close();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  pages: string,
): Promise<void> {
  const address = new URL(request.url ?? '/', 'http://localhost');
  // The pages' scripts and styles are no secret; the page itself tells a stranger that he needs the address.
  const isPage = address.pathname === '/' || address.pathname === '/index.html';
  if (isPage ? !access.mayOpenPage(request, address) : !access.isKnownHost(request)) {
    respond(response, 403, 'Open the whole address that `torchwright serve` printed: it ends with a token.\n');
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    respond(response, 405, 'Only GET here.\n');
    return;
  }
  const page = await readPage(pages, address.pathname);
  if (page === null) {
    respond(response, 404, 'There is no such page.\n');
    return;
  }
  response.writeHead(200, page.headers).end(request.method === 'HEAD' ? undefined : page.body);
}

function respond(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(sentence);
}

function listen(server: Server, { host, port }: ServeSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = `The server cannot listen at ${hostInAddress(host)}:${port} (${error.code ?? error.message}).`;
      const advice = error.code === 'EADDRINUSE' ? 'Choose another port with --port, or 0 for any.' : undefined;
      reject(new FailureError({ code: 'unavailable', message, ...(advice === undefined ? {} : { advice }) }));
    });
    server.listen(port, host, resolve);
  });
}
