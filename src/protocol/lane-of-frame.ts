/** The lane that a frame belongs to by its first byte alone; what is no message is `reliable`. */
import { MESSAGE_LANES } from './lanes.ts';
import type { Lane } from './lanes.ts';
import { peekMessageKind } from './message-kinds.ts';

export function laneOfFrame(frame: Uint8Array): Lane {
  const kind = peekMessageKind(frame);
  return kind === undefined ? 'reliable' : MESSAGE_LANES[kind];
}
