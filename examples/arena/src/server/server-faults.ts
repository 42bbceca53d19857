/**
 * The buttons that kill or restart the server, for development on this machine alone. In: HTTP
 * requests under `/faults`. Out: the token to the page itself, faults to whoever brings it back.
 * A page of another origin can neither read the token nor send its header; a name that somebody
 * points at this machine (DNS rebinding), or a proxy in between, is no loopback.
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { FAULT_TOKEN_HEADER, SERVER_FAULTS, SERVER_FAULTS_PATH } from '../shared/server-faults.ts';
import type { ServerFault, ServerFaultsOffer } from '../shared/server-faults.ts';

/** 127.0.0.0/8 and ::1, also as IPv4 in IPv6. */
const LOOPBACK_ADDRESS = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;
const PROXY_HEADERS = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** Whether only this machine reaches a server that listens on `hostname`. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || LOOPBACK_ADDRESS.test(hostname);
}

interface FaultRequest {
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string | undefined;
}

/** Whether it comes from this machine and, if from a page, from the server's own. */
export function isFromOwnPage({ headers, remoteAddress }: FaultRequest): boolean {
  const { host, origin } = headers;
  const site = headers['sec-fetch-site'];
  return (
    LOOPBACK_ADDRESS.test(remoteAddress ?? '') &&
    LOOPBACK_HOST.test(host ?? '') &&
    (origin === undefined || origin === `http://${host}`) &&
    (site === undefined || site === 'same-origin') &&
    PROXY_HEADERS.every((name) => headers[name] === undefined)
  );
}

export class ServerFaults {
  readonly #token: string;
  readonly #commit: (fault: ServerFault) => void;

  /** `commit` is called when the answer has been sent. */
  constructor(options: { token: string; commit: (fault: ServerFault) => void }) {
    this.#token = options.token;
    this.#commit = options.commit;
  }

  /** Answers what is under `/faults`; false for everything else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '', method, headers, socket } = request;
    const fault = SERVER_FAULTS.find((name) => url === `${SERVER_FAULTS_PATH}/${name}`);
    if (url !== SERVER_FAULTS_PATH && fault === undefined) return false;
    if (!isFromOwnPage({ headers, remoteAddress: socket.remoteAddress })) {
      answer(response, 403);
    } else if (fault === undefined) {
      if (method === 'GET') this.#offer(response);
      else answer(response, 405, { allow: 'GET' });
    } else if (method !== 'POST') {
      answer(response, 405, { allow: 'POST' });
    } else if (!this.#isToken(headers[FAULT_TOKEN_HEADER])) {
      answer(response, 403);
    } else {
      response.once('finish', () => this.#commit(fault));
      answer(response, 202);
    }
    return true;
  }

  #offer(response: ServerResponse): void {
    const offer: ServerFaultsOffer = { token: this.#token };
    // Without a CORS header only this page's own origin can read it.
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(offer));
  }

  #isToken(word: string | string[] | undefined): boolean {
    const given = Buffer.from(typeof word === 'string' ? word : '');
    const token = Buffer.from(this.#token);
    return given.length === token.length && timingSafeEqual(given, token);
  }
}

function answer(response: ServerResponse, status: number, headers: { allow?: string } = {}): void {
  response.writeHead(status, { ...headers, connection: 'close' }).end();
}
