/**
 * The built page, held in memory: a few files that never change while the server runs.
 * In: a folder. Out: answers to GET and HEAD. There is no path to escape from: what isn't in the
 * map is a 404.
 */
import { readFileSync, readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Scripts and connections from here only; nobody frames the page. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

interface PageFile {
  readonly bytes: Buffer;
  readonly contentType: string;
  /** Names with a hash of their content never change. */
  readonly cacheControl: string;
}

export class PageFiles {
  readonly #files = new Map<string, PageFile>();

  /** Reads the whole folder; throws when there is no index.html in it. */
  constructor(folder: string) {
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      const contentType = CONTENT_TYPES[extname(name)];
      if (contentType === undefined) continue;
      const path = `/${name.split(sep).join('/')}`;
      const isHashed = path.startsWith('/assets/');
      this.#files.set(path, {
        bytes: readFileSync(join(folder, name)),
        contentType,
        cacheControl: isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      });
    }
    this.#alias('/', '/index.html');
    this.#alias('/favicon.ico', '/favicon.svg');
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const file = this.#files.get(path);
    if (file === undefined) {
      response.writeHead(404, { ...SECURITY_HEADERS, 'content-type': 'text/plain' });
      response.end('Not found\n');
      return;
    }
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': file.contentType,
      'content-length': file.bytes.length,
      'cache-control': file.cacheControl,
    });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  }

  #alias(path: string, existing: string): void {
    const file = this.#files.get(existing);
    if (file === undefined) throw new Error(`${existing} is missing in the built page`);
    this.#files.set(path, file);
  }
}
