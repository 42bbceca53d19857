/**
 * The status of a WebSocket close as the close code that it stands for. Loaded by browsers too.
 * The other direction is `CLOSE_CODES[code].webSocketCode`.
 */
import { CLOSE_CODES } from '../protocol/codes.ts';
import type { CloseCode } from '../protocol/codes.ts';

const CODES_BY_STATUS: ReadonlyMap<number, CloseCode> = new Map([
  ...Object.entries(CLOSE_CODES).map(
    ([code, { webSocketCode }]) => [webSocketCode, code as CloseCode] as const,
  ),
  // What a WebSocket library answers by itself to bytes that it can't accept (RFC 6455 §7.4.1):
  // protocol error, unsupported data, invalid text, policy, too big. The same bytes fail again.
  ...[1002, 1003, 1007, 1008, 1009].map((status) => [status, 'protocol-error'] as const),
]);

/** Undefined for a bare close (1000, 1001, 1005) and a loss (1006): both may be tried again. */
export function closeCodeOf(status: number): CloseCode | undefined {
  return CODES_BY_STATUS.get(status);
}
