/**
 * One connection of a player to a modelled world, from its login to its end, and what it is owed:
 * rosters and events in their order, and the state of its own inputs after each pass.
 */
import type { PlayerId } from '../../../protocol/ids.ts';
import type { CombatEvent, Roster } from '../../../protocol/messages.ts';
import type { TapedSession } from '../../environment-tape.ts';
import type { ModelWorld } from './model-world.ts';

/** Shared by all who are owed it. */
export interface OwedMessage {
  readonly at: number;
  readonly message: Roster | CombatEvent;
  /** Bytes that were found to say just this. */
  seen: Uint8Array | undefined;
}

/** What an InputAck of that pass, or later, says. */
export interface OwedAck {
  readonly at: number;
  readonly tick: number;
  readonly marginTicks: number;
}

/**
 * What one stay of a player in a world is told, over all of its connections, but for the whole
 * rosters with which a connection may begin.
 */
export interface ModelStay {
  readonly told: OwedMessage[];
}

export class ModelHandle {
  readonly key: string;
  /** The peer whose connection it is. */
  readonly peer: string;
  readonly playerId: PlayerId;
  readonly world: ModelWorld;
  readonly #session: TapedSession;
  readonly stay: ModelStay;
  /** How much of it was told before this connection. */
  readonly toldBefore: number;
  /** With which it begins, unless it goes on where the one before has stopped. */
  roster: OwedMessage | undefined;
  readonly acks: OwedAck[] = [];
  /** Where the login says the player's body is. */
  entity = 0;
  endedAt = Infinity;

  constructor(session: TapedSession, world: ModelWorld, stay: ModelStay) {
    const { sessionId, epoch, peerId, playerId } = session;
    this.key = handleKey(sessionId, epoch);
    const end = peerId.lastIndexOf('#');
    this.peer = end === -1 ? peerId : peerId.slice(0, end);
    this.playerId = playerId;
    this.world = world;
    this.#session = session;
    this.stay = stay;
    this.toldBefore = stay.told.length;
  }

  /** A session that was brought back has a seat, and nobody is there. */
  get isOfConnection(): boolean {
    return !this.#session.peerId.startsWith('restored:');
  }

  /** The same player in a later process, with nothing told yet. */
  withoutPast(): ModelHandle {
    const handle = new ModelHandle(this.#session, this.world, { told: [] });
    handle.entity = this.entity;
    handle.endedAt = -Infinity;
    return handle;
  }
}

/** Names one connection of a session, in all of a run. */
export function handleKey(sessionId: string, epoch: number): string {
  return `${epoch} ${sessionId}`;
}
