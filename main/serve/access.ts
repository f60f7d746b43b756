import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { socketProtocol } from '../../core/contract/socket.ts';
import type { Target } from './target.ts';

/** Who may speak with the server: those who know the token, from pages that this server sent. */
export class Access {
  readonly token: string;
  readonly #names: ReadonlySet<string> | null;
  /** Opens the page again but not the socket: browsers send cookies to every port of this machine. */
  readonly #pageKey: string;

  /** `host` is where the server listens. */
  constructor(host: string, token = randomBytes(24).toString('base64url')) {
    this.token = token;
    this.#pageKey = createHmac('sha256', token).update('page').digest('base64url');
    // At all addresses, or at a name of the network's, the machine may be called anything: there the token decides.
    this.#names = isLoopback(host) ? new Set(['localhost', '127.0.0.1', '[::1]', hostInAddress(host)]) : null;
  }

  /** The address was made for this machine: another name that leads here is another site's trick (DNS rebinding). */
  isKnownHost(request: IncomingMessage): boolean {
    const { host } = request.headers;
    if (host === undefined) return false;
    return this.#names === null || this.#names.has(host.replace(/:\d+$/, ''));
  }

  /** With the token in the address, or, once the page has removed it from there, with the cookie that came with it. */
  mayOpenPage(request: IncomingMessage, { token }: Target): boolean {
    if (token !== null) return isSame(token, this.token);
    return cookiesOf(request).some((cookie) => isSame(cookie, `${cookieName(request)}=${this.#pageKey}`));
  }

  /** For a page that was opened: it can be reloaded without the token in its address. */
  pageCookie(request: IncomingMessage): string {
    return `${cookieName(request)}=${this.#pageKey}; Path=/; HttpOnly; SameSite=Strict`;
  }

  mayOpenSocket(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    if (!this.isKnownHost(request)) return false;
    // Browsers always send where the page came from; other programs have no page.
    if (origin !== undefined && origin !== `http://${host ?? ''}`) return false;
    return isSame(request.headers['sec-websocket-protocol'] ?? '', socketProtocol(this.token));
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

export function hostInAddress(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Servers at other ports of this machine share its cookies. */
function cookieName({ socket }: IncomingMessage): string {
  return `torchwright-page-${socket.localPort ?? 0}`;
}

function cookiesOf({ headers }: IncomingMessage): readonly string[] {
  return (headers.cookie ?? '').split(';').map((cookie) => cookie.trim());
}

function isSame(given: string, wanted: string): boolean {
  const one = Buffer.from(given);
  const other = Buffer.from(wanted);
  return one.length === other.length && timingSafeEqual(one, other);
}
