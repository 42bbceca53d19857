/**
 * The first byte of a frame: which message its body is. Numbers are never used again for another
 * kind. 0x01–0x1f come from clients, 0x21–0x3f from servers, 0x41–0x5f from both; 0x00 and 0x7b
 * (`{`) stay free, so that zeroes and JSON are recognised as no message of ours.
 */
import type { ClientMessage, ServerMessage } from './messages.ts';

export type MessageKind = (ClientMessage | ServerMessage)['kind'];

export const MESSAGE_KIND_BYTES = {
  login: 0x01,
  leave: 0x02,
  'heartbeat-answer': 0x03,
  'move-input': 0x04,
  'shoot-input': 0x05,
  resume: 0x06,
  'snapshot-ack': 0x07,
  'login-accepted': 0x21,
  'login-rejected': 0x22,
  heartbeat: 0x23,
  roster: 0x24,
  snapshot: 0x25,
  'input-ack': 0x26,
  'combat-event': 0x27,
  'verdict-report': 0x28,
  close: 0x29,
  resynced: 0x2a,
  'user-message': 0x41,
  'user-update': 0x42,
} as const satisfies Record<MessageKind, number>;

const KIND_OF_BYTE: readonly (MessageKind | undefined)[] = (() => {
  const kinds: (MessageKind | undefined)[] = Array.from({ length: 256 }, () => undefined);
  for (const kind of Object.keys(MESSAGE_KIND_BYTES) as MessageKind[]) {
    kinds[MESSAGE_KIND_BYTES[kind]] = kind;
  }
  return kinds;
})();

/** The kind that the first byte names, before anything is decoded; undefined = none of ours. */
export function peekMessageKind(frame: Uint8Array): MessageKind | undefined {
  const byte = frame[0];
  return byte === undefined ? undefined : KIND_OF_BYTE[byte];
}
