/**
 * Which messages are counted: those that a session is to get once and in order over all its
 * connections. They carry no number: both ends count the same frames of the ordered lane.
 * What the counts are for: docs/PROTOCOL.md, "Counted messages".
 */
import type { MessageKind } from './message-kinds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';

export const COUNTED_KINDS = [
  'shoot-input',
  'roster',
  'combat-event',
  'verdict-report',
  'user-message',
] as const satisfies readonly MessageKind[];

export type CountedKind = (typeof COUNTED_KINDS)[number];

const IS_COUNTED: readonly boolean[] = (() => {
  const counted = Array.from({ length: 256 }, () => false);
  for (const kind of COUNTED_KINDS) counted[MESSAGE_KIND_BYTES[kind]] = true;
  return counted;
})();

/** Whether a frame is one of them, by its first byte alone: undecodable ones count, too. */
export function isCountedFrame(frame: Uint8Array): boolean {
  const byte = frame[0];
  return byte !== undefined && IS_COUNTED[byte] === true;
}
