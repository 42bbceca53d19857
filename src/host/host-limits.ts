/**
 * How much one peer, one address and all together may ask of a host. Every limit has a default, a
 * counter in `host.counters` and a test at the bound.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';

export interface HostLimits {
  /** Connections of all peers together. Default 10 000. */
  readonly connectionsMax: number;
  /** Connections that have not logged in, all together. Default 1 000. */
  readonly preLoginConnectionsMax: number;
  /**
   * Seats of one remote address, those held in their reconnect window included; and as many
   * connections that have not logged in. Default 32.
   */
  readonly sessionsPerAddressMax: number;
  /** How often one player's seat may pass to another connection, on average. Default 60. */
  readonly seatMovesPerMinute: number;
  /** How often it may do so at once. Default 20. */
  readonly seatMoveBurst: number;
  /**
   * Messages per second on the sync lane, per peer. Default 4 × tick rate: an input and an
   * acknowledgement for each tick, and as many messages of the game.
   */
  readonly syncMessagesPerSecond: number;
  /** Messages per second on the reliable lane, per peer. Default 2 × tick rate. */
  readonly reliableMessagesPerSecond: number;
  /**
   * Messages that may come at once on each lane. At least tick rate × liveness timeout × 1.2: a
   * stalled TCP connection delivers seconds of input in one go. As many again may be dropped
   * before the peer is closed with `rate-limited`. Default: that product, with
   * `reliableMessagesPerSecond` where that is more than the tick rate; at least 64. Below it what a
   * peer has said in good faith during a stall, or sends again at a resume, is dropped unheard.
   */
  readonly messageBurst: number;
  /** Malformed or misplaced messages in a row before `protocol-error`; one is forgiven a second. */
  readonly strikesMax: number;
  /** Untaken bytes of the reliable lane before `slow-consumer`. Default 262 144. */
  readonly reliableQueueBytesMax: number;
  /** Untaken bytes from which on the sync lane keeps only the latest. Default 32 768. */
  readonly syncBufferedBytesMax: number;
  /**
   * Bytes of counted messages kept for each session until they are acknowledged; the newest. At
   * most half of `reliableQueueBytesMax`: all of it may be sent again at once. Default 65 536.
   */
  readonly retransmitBytesMax: number;
  /** Bytes that a world may hold back until its tick is durable. Default 1 048 576. */
  readonly heldOutcomeBytesMax: number;
  /** Worlds at the same time. Default 1 000. */
  readonly worldsMax: number;
  /** Players of one world, seats held included. At most 1 024. Default 256. */
  readonly playersPerWorldMax: number;
  /** Steps that one pass makes up for after a stall; the rest is dropped. Default 5. */
  readonly catchUpStepsMax: number;
}

export interface LimitRelations {
  readonly tickRateHz: number;
  readonly livenessTimeoutMs: number;
}

/** What comes in one go after the longest silence that is no loss, at so many in a second. */
function stalledMessages(perSecond: number, livenessTimeoutMs: number): number {
  return Math.ceil(perSecond * (livenessTimeoutMs / 1000) * 1.2);
}

function burstMin({ tickRateHz, livenessTimeoutMs }: LimitRelations): number {
  return stalledMessages(tickRateHz, livenessTimeoutMs);
}

function defaultLimits(given: Partial<HostLimits>, relations: LimitRelations): HostLimits {
  const { tickRateHz, livenessTimeoutMs } = relations;
  const { reliableQueueBytesMax = 262_144, reliableMessagesPerSecond = 2 * tickRateHz } = given;
  const mostPerSecond = Math.max(tickRateHz, reliableMessagesPerSecond);
  return {
    connectionsMax: 10_000,
    preLoginConnectionsMax: 1_000,
    sessionsPerAddressMax: 32,
    seatMovesPerMinute: 60,
    seatMoveBurst: 20,
    syncMessagesPerSecond: 4 * tickRateHz,
    reliableMessagesPerSecond,
    messageBurst: Math.max(64, stalledMessages(mostPerSecond, livenessTimeoutMs)),
    strikesMax: 32,
    reliableQueueBytesMax,
    syncBufferedBytesMax: 32_768,
    retransmitBytesMax: Math.min(65_536, halfOf(reliableQueueBytesMax)),
    heldOutcomeBytesMax: 1_048_576,
    worldsMax: 1_000,
    playersPerWorldMax: 256,
    catchUpStepsMax: 5,
  };
}

function halfOf(bytes: number): number {
  return Math.max(1, Math.floor(bytes / 2));
}

function refuse(name: string, problem: string): never {
  throw new HoldfastError('invalid-configuration', `limits.${name} ${problem}`);
}

/** Fills in the defaults; throws `invalid-configuration` naming the option. */
export function validateHostLimits(
  given: Partial<HostLimits>,
  relations: LimitRelations,
): HostLimits {
  const defaults = defaultLimits(given, relations);
  // `undefined` is no value: it must never replace a default.
  const values = Object.entries(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of values) {
    if (!Object.hasOwn(defaults, name)) refuse(name, 'is not an option');
    if (!Number.isSafeInteger(value) || value < 1) {
      refuse(name, `must be a whole number of at least 1, not ${String(value)}`);
    }
  }
  const limits: HostLimits = { ...defaults, ...Object.fromEntries(values) };
  if (limits.messageBurst < burstMin(relations)) {
    refuse(
      'messageBurst',
      `must be at least tickRateHz × livenessTimeoutMs × 1.2 = ${burstMin(relations)}`,
    );
  }
  const half = halfOf(limits.reliableQueueBytesMax);
  if (limits.retransmitBytesMax > half) {
    refuse('retransmitBytesMax', `must be at most ${half}: half of reliableQueueBytesMax`);
  }
  if (limits.playersPerWorldMax > WIRE_LIMITS.snapshotPlayersMax) {
    const most = WIRE_LIMITS.snapshotPlayersMax;
    refuse('playersPerWorldMax', `must be at most ${most}: a snapshot has room for no more`);
  }
  return limits;
}
