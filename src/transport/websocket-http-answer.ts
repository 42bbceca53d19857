/**
 * A short HTTP answer in plain text, where there is only a raw socket to write it to, or no handler
 * of the user. In: a status, words. Out: the whole answer, then the end of the connection.
 */
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Ends `socket` with an answer; nothing keeps it open afterwards. */
export function endWithAnswer(socket: Duplex, status: number, message: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(message)}`,
      'X-Content-Type-Options: nosniff',
      '',
      message,
    ].join('\r\n'),
  );
}

/** The same through Node's response object, which may have begun an answer already. */
export function answer(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const headers: Record<string, string> = {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  };
  if (status === 426) headers['Upgrade'] = 'websocket';
  response.writeHead(status, headers).end(message);
}
