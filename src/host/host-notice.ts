/**
 * What a host tells its operator beside errors: what came back from the store and what did not, the
 * store's health, tokens that come twice. In: facts. Out: one object each; `onNotice` gets them.
 */
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { StoreHealthEvent } from '../store/session-store.ts';

export type HostNotice =
  /** The start found a store. `dropped`: records that could not be given a session again. */
  | { readonly kind: 'sessions-restored'; readonly count: number; readonly dropped: number }
  /** `tick`: the last that has run; the next one follows. `ms`: how long it took. */
  | {
      readonly kind: 'world-restored';
      readonly worldId: WorldId;
      readonly tick: number;
      readonly ticksReplayed: number;
      readonly ms: number;
    }
  /** `reason`: what of it is lost, and the code of why. */
  | {
      readonly kind: 'world-not-restored';
      readonly worldId: WorldId;
      readonly reason: string;
      readonly error: unknown;
    }
  /** A world has opened that will be gone with the process: its rules can't be written down. */
  | {
      readonly kind: 'world-not-kept';
      readonly worldId: WorldId;
      readonly reasons: readonly string[];
    }
  /** A client says to have seen so much more than was kept. Once for each larger value. */
  | { readonly kind: 'ticks-lost'; readonly worldId: WorldId; readonly ticks: number }
  | ({ readonly kind: 'store-health' } & StoreHealthEvent)
  /** With `journal: 'ahead'`: what was held until it is durable has left without that. */
  | { readonly kind: 'outcomes-not-durable'; readonly worldId: WorldId; readonly tick: number }
  /** A spent token came again. */
  | { readonly kind: 'token-reused'; readonly sessionId: SessionId; readonly playerId: PlayerId };
