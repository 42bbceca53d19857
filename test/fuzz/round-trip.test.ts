import { describe, expect, test } from 'vitest';
import { decodeClientMessage, encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { MESSAGE_KIND_BYTES, peekMessageKind } from '../../src/protocol/message-kinds.ts';
import type { ClientMessage, PlainServerMessage } from '../../src/protocol/messages.ts';
import { decodeServerMessage, encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { fuzz } from './fuzz-run.ts';
import { CLIENT_MESSAGES, SERVER_MESSAGES } from './message-arbitraries.ts';

const CLIENT_KINDS = Object.keys(CLIENT_MESSAGES) as ClientMessage['kind'][];
const SERVER_KINDS = Object.keys(SERVER_MESSAGES) as PlainServerMessage['kind'][];

describe('decode after encode', () => {
  test.each(CLIENT_KINDS)('is identity for %s of a client', (kind) => {
    fuzz<ClientMessage>(
      CLIENT_MESSAGES[kind],
      (message) => {
        const frame = encodeClientMessage(message);
        expect(decodeClientMessage(frame)).toEqual(message);
        expect(peekMessageKind(frame)).toBe(kind);
        expect(frame.length).toBeLessThanOrEqual(WIRE_LIMITS.clientFrameBytesMax);
      },
      { share: 0.3 },
    );
  });

  test.each(SERVER_KINDS)('is identity for %s of a server', (kind) => {
    fuzz<PlainServerMessage>(
      SERVER_MESSAGES[kind],
      (message) => {
        const frame = encodeServerMessage(message);
        expect(decodeServerMessage(frame)).toEqual(message);
        expect(peekMessageKind(frame)).toBe(kind);
      },
      { share: 0.3 },
    );
  });

  test('covers every kind of the table', () => {
    // Snapshots have a test of their own: snapshots.test.ts.
    const covered = new Set<string>([...CLIENT_KINDS, ...SERVER_KINDS, 'snapshot']);
    expect(covered).toEqual(new Set(Object.keys(MESSAGE_KIND_BYTES)));
  });
});
