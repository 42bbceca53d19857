/**
 * One write on its way to a store: what its caller asked for, with records encoded already.
 * In: OpenedStore's calls. Out: what an engine applies, all of a commit or nothing.
 */
import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { StoredEpoch } from './session-store.ts';

export interface PutSessionWrite {
  readonly kind: 'put-session';
  readonly sessionId: SessionId;
  readonly epoch: number;
  readonly expectedEpoch: number;
  readonly replaced: StoredEpoch | undefined;
  readonly bytes: Uint8Array;
}

export interface DeleteSessionWrite extends StoredEpoch {
  readonly kind: 'delete-session';
}

/** `put-checkpoint` also removes the journal up to its tick. */
export interface TickWrite {
  readonly kind: 'put-checkpoint' | 'append-journal';
  readonly worldId: WorldId;
  readonly tick: number;
  readonly bytes: Uint8Array;
}

export interface DeleteWorldWrite {
  readonly kind: 'delete-world';
  readonly worldId: WorldId;
}

export type SessionWrite = PutSessionWrite | DeleteSessionWrite;
export type WorldWrite = TickWrite | DeleteWorldWrite;
export type StoreWrite = SessionWrite | WorldWrite;

export function isSessionWrite(write: StoreWrite): write is SessionWrite {
  return write.kind === 'put-session' || write.kind === 'delete-session';
}
