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
import { isWholePage, pageFile, readPageFile, securityHeaders } from './pages.ts';
import { guardRequest } from './request-guard.ts';
import { serveSocket } from './socket.ts';
import { targetOf } from './target.ts';

export interface ServeSettings {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Absent: drawn. */
  readonly token?: string;
  /** Absent: clients may name data anywhere. */
  readonly dataFolders?: readonly string[];
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
  const server = createServer((request, response) => {
    guardRequest(
      () => answer(request, response, access, settings.pages),
      () => (response.headersSent ? response.destroy() : respond(response, 500, 'Internal server error.\n')),
    );
  });
  await listen(server, settings);
  const workbench = await openOrClose(server, settings);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessage });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // From here on nobody else listens: a client that resets the connection would end the process.
    socket.on('error', () => undefined);
    guardRequest(
      () => {
        if (targetOf(request)?.place !== '/socket' || !access.mayOpenSocket(request)) refuseUpgrade(socket);
        else sockets.handleUpgrade(request, socket, head, (opened) => serveSocket(opened, workbench));
      },
      () => socket.destroy(),
    );
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

/** A server without a workbench would keep the port and the process for nothing. */
async function openOrClose(server: Server, { dataFolders }: ServeSettings): Promise<WorkbenchServices> {
  try {
    return await openWorkbench({
      kind: 'browser',
      versions: {},
      openEngine: forkEngine,
      dialogs: null,
      dataFolders: dataFolders ?? null,
      disableCommands: () => undefined,
    });
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  access: Access,
  pages: string,
): Promise<void> {
  const refuse = (status: number, sentence: string): void => respond(response, status, sentence);
  const target = targetOf(request);
  if (!access.isKnownHost(request)) {
    refuse(403, strangerSentence);
  } else if (target === null) {
    refuse(400, 'The path must begin with a slash.\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(405, 'Only GET is supported.\n');
  } else {
    const file = pageFile(pages, target.place);
    const page = file === null ? null : await readPageFile(file);
    // Scripts and styles are no secret. The file that is sent decides, however its address is written.
    const isWhole = file !== null && isWholePage(file);
    if (page === null) {
      refuse(404, 'This page does not exist.\n');
    } else if (isWhole && !access.mayOpenPage(request, target)) {
      refuse(403, strangerSentence);
    } else {
      const cookie = isWhole && target.token !== null ? { 'set-cookie': access.pageCookie(request) } : {};
      const body = request.method === 'HEAD' ? undefined : page.body;
      response.writeHead(200, { ...page.headers, ...cookie }).end(body);
    }
  }
}

const strangerSentence =
  'Open the complete address that `torchwright serve` printed, including the token at its end.\n';

function respond(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...securityHeaders }).end(sentence);
}

function refuseUpgrade(socket: Duplex): void {
  const headers = Object.entries({ connection: 'close', 'content-length': '0', ...securityHeaders });
  // Destroyed once it is written: a client that keeps its half open would keep the socket.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 403 Forbidden\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
}

function listen(server: Server, { host, port }: ServeSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = `The server cannot listen on ${hostInAddress(host)}:${port} (${error.code ?? error.message}).`;
      const advice = error.code === 'EADDRINUSE' ? 'Choose another port with --port, or 0 for any.' : undefined;
      reject(new FailureError({ code: 'unavailable', message, ...(advice === undefined ? {} : { advice }) }));
    });
    server.listen(port, host, resolve);
  });
}
