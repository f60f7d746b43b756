import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of one site's files, as reliable as it is told to be. */
export interface FileServer {
  readonly address: string;
  /** What it was asked: `GET /a` or `GET /a bytes=100-`. */
  readonly asked: string[];
  /** So many more answers break off after so many bytes. */
  breaks: number;
  /** Bytes of an answer that breaks off. */
  readonly breaksAfter: number;
  /** It waits with the rest of every answer until it is let go on. */
  holds: boolean;
  readonly close: () => Promise<void>;
}

export async function serveFiles(
  files: ReadonlyMap<string, Buffer>,
  options: { readonly knowsRanges: boolean; readonly breaks?: number; readonly breaksAfter?: number },
): Promise<FileServer> {
  const server = createServer((request, response) => answer(request, response));
  function answer(request: IncomingMessage, response: ServerResponse): void {
    const name = (request.url ?? '').slice(1);
    const range = request.headers.range;
    served.asked.push(`${request.method} /${name}${range ? ` ${range}` : ''}`);
    const content = files.get(name);
    if (content === undefined) {
      response.writeHead(404).end();
      return;
    }
    const etag = `"${content.length}-${content[0]}"`;
    const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const from = options.knowsRanges && isSame ? Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0) : 0;
    const body = content.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': body.length,
      ...(options.knowsRanges ? { etag } : {}),
      ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    if (served.breaks > 0) {
      served.breaks--;
      response.write(body.subarray(0, served.breaksAfter), () => setTimeout(() => response.destroy(), 250));
    } else if (served.holds) {
      response.write(body.subarray(0, served.breaksAfter));
    } else {
      response.end(body);
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const served: FileServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    breaks: options.breaks ?? 0,
    breaksAfter: options.breaksAfter ?? 0,
    holds: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return served;
}
