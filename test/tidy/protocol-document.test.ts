import { type DescField, type DescFile, ScalarType } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { decodeClientMessage, encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { CLOSE_CODES } from '../../src/protocol/codes.ts';
import { file_holdfast_v1_client_messages } from '../../src/protocol/generated/holdfast/v1/client_messages_pb.ts';
import { file_holdfast_v1_server_messages } from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import { file_holdfast_v1_user_message } from '../../src/protocol/generated/holdfast/v1/user_message_pb.ts';
import { MESSAGE_LANES } from '../../src/protocol/lanes.ts';
import { MESSAGE_KIND_BYTES, type MessageKind } from '../../src/protocol/message-kinds.ts';
import type { ClientMessage, PlainServerMessage } from '../../src/protocol/messages.ts';
import { decodeServerMessage, encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { readTable } from './markdown-table.ts';
import { readText } from './source-file.ts';

const DOCUMENT = readText('docs/PROTOCOL.md');
const FILES: readonly DescFile[] = [
  file_holdfast_v1_client_messages,
  file_holdfast_v1_server_messages,
  file_holdfast_v1_user_message,
];
const MESSAGES = FILES.flatMap((file) => file.messages);
const KINDS = Object.keys(MESSAGE_KIND_BYTES) as MessageKind[];
/** Snapshots are no Protobuf: snapshot-vectors.test.ts. */
const PLAIN_KINDS = KINDS.filter((kind) => kind !== 'snapshot');

function pascalCase(kind: string): string {
  return kind.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** As the document writes it, which is as the schema does. */
function typeOf(field: DescField): string {
  const scalar = field.scalar === undefined ? undefined : ScalarType[field.scalar].toLowerCase();
  const name = field.message?.name ?? field.enum?.name ?? scalar ?? 'unknown';
  if (field.fieldKind === 'list') return `repeated ${name}`;
  return field.proto.proto3Optional ? `optional ${name}` : name;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe('docs/PROTOCOL.md', () => {
  test('names the version', () => {
    expect(DOCUMENT).toContain(`This is version **${PROTOCOL_VERSION}**`);
  });

  test('lists every kind with its byte, message and lane', () => {
    const rows = readTable(DOCUMENT, 'Kinds and lanes');
    expect(rows.map(([byte, kind, message, , lane]) => [byte, kind, message, lane])).toEqual(
      KINDS.map((kind) => [
        `0x${MESSAGE_KIND_BYTES[kind].toString(16).padStart(2, '0')}`,
        kind,
        pascalCase(kind),
        MESSAGE_LANES[kind],
      ]),
    );
  });

  test('has a message of the schema for every kind but the snapshot', () => {
    const names = MESSAGES.map(({ name }) => name);
    for (const kind of PLAIN_KINDS) expect(names).toContain(pascalCase(kind));
  });

  test.each(MESSAGES.map((message) => [message.name, message] as const))(
    'lists every field of %s',
    (name, message) => {
      expect(DOCUMENT).toContain(`\n### ${name}\n`);
      const rows = readTable(DOCUMENT, name).map(([field, number, type]) => [field, number, type]);
      expect(rows).toEqual(
        message.fields.map((field) => [field.name, String(field.number), typeOf(field)]),
      );
    },
  );

  test('lists every close code', () => {
    expect(readTable(DOCUMENT, 'Close codes')).toEqual(
      Object.entries(CLOSE_CODES).map(([code, { webSocketCode, retryable }]) => [
        code,
        String(webSocketCode),
        retryable ? 'yes' : 'no',
      ]),
    );
  });

  test('lists every limit', () => {
    const rows = readTable(DOCUMENT, 'Limits').map(([name, value]) => [name, value]);
    expect(rows).toEqual(
      Object.entries(WIRE_LIMITS).map(([name, value]) => [name, value.toLocaleString('en')]),
    );
  });
});

describe('the test vectors', () => {
  const fromClients = readTable(DOCUMENT, 'From clients');
  const fromServers = readTable(DOCUMENT, 'From servers');

  test.each(fromClients)('%s is frame %s', (json = '', hex = '') => {
    const message = JSON.parse(json) as ClientMessage;
    expect(hexOf(encodeClientMessage(message))).toBe(hex);
    expect(decodeClientMessage(bytesOf(hex))).toEqual(message);
  });

  test.each(fromServers)('%s is frame %s', (json = '', hex = '') => {
    const message = JSON.parse(json) as PlainServerMessage;
    expect(hexOf(encodeServerMessage(message))).toBe(hex);
    expect(decodeServerMessage(bytesOf(hex))).toEqual(message);
  });

  test('show every kind but the snapshot, which has its own', () => {
    const shown = [...fromClients, ...fromServers].map(
      ([json = '']) => (JSON.parse(json) as { kind: string }).kind,
    );
    expect(new Set(shown)).toEqual(new Set(PLAIN_KINDS));
  });

  test.each(readTable(DOCUMENT, 'Refused'))('frame %s is %s: %s', (hex = '', code) => {
    expect(decodeClientMessage(bytesOf(hex))).toEqual({ kind: 'rejected', code });
  });
});
