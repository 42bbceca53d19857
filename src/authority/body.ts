/** What movement keeps of one player, as values and as the bytes of a checkpoint. */
import type { PlayerId } from '../protocol/ids.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import { ghostCodeOf, readGhost } from './ghost-code.ts';
import type { MovementState } from './movement-step.ts';
import type { RewindHistory } from './rewind-history.ts';
import { StateReader } from './state-reader.ts';
import { StateWriter } from './state-writer.ts';

export interface Body {
  /** Of its places in the world's history. */
  readonly slot: number;
  /**
   * Deliberate: written over, never replaced. A new one for each step lives until the next tick,
   * which may be longer than the young generation waits: then all of them end up in the old one.
   */
  readonly state: { -readonly [Name in keyof MovementState]: MovementState[Name] };
  /** What the player wants; repeated while inputs are missing. */
  readonly intent: { directionX: number; directionY: number; yaw: number };
  /** Steps since the last input; 0 = it came for this tick. */
  heldTicks: number;
  isFrozen: boolean;
  /** Set while the connection is gone. */
  ghost: GhostPolicy | undefined;
}

const FORMAT = 2;
/** Id, six numbers, held ticks, two flags, how much is remembered. */
const BODY_BYTES_MIN = 53;

/** In the order of the map; each with the places that `history` remembers of it. */
export function encodeBodies(
  bodies: ReadonlyMap<PlayerId, Body>,
  history: RewindHistory,
): Uint8Array {
  const writer = new StateWriter();
  writer.byte(FORMAT);
  writer.varint(bodies.size);
  for (const [playerId, { slot, state, intent, heldTicks, isFrozen, ghost }] of bodies) {
    writer.text(playerId);
    writer.double(state.x);
    writer.double(state.y);
    writer.double(state.yaw);
    writer.double(intent.directionX);
    writer.double(intent.directionY);
    writer.double(intent.yaw);
    writer.varint(heldTicks);
    writer.boolean(isFrozen);
    writer.byte(ghostCodeOf(ghost));
    history.write(writer, slot);
  }
  return writer.finish();
}

/** Fills an empty `history`, too. Throws HoldfastError `world-state-corrupt`. */
export function decodeBodies(bytes: Uint8Array, history: RewindHistory): Map<PlayerId, Body> {
  const reader = new StateReader(bytes, 'the state of movement');
  reader.check(reader.byte() === FORMAT, 'has another format');
  const bodies = new Map<PlayerId, Body>();
  const count = reader.count(BODY_BYTES_MIN);
  for (let index = 0; index < count; index += 1) {
    const playerId = reader.text() as PlayerId;
    reader.check(!bodies.has(playerId), 'has a player twice');
    const state = { x: reader.finite(), y: reader.finite(), yaw: reader.finite() };
    const slot = history.add(playerId, state, 0);
    bodies.set(playerId, {
      slot,
      state,
      intent: {
        directionX: reader.finite(),
        directionY: reader.finite(),
        yaw: reader.finite(),
      },
      heldTicks: reader.varint(),
      isFrozen: reader.boolean(),
      ghost: readGhost(reader),
    });
    history.read(reader, slot, state);
  }
  reader.end();
  return bodies;
}
