/**
 * Valid messages of every kind, plain and at their bounds, drawn by chance: what frames are mutated
 * from. In: chance. Out: messages that the encoders accept.
 */
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type {
  ClientMessage,
  CombatEvent,
  PlainServerMessage,
} from '../../src/protocol/messages.ts';
import type { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import type { FuzzRandom } from './fuzz-random.ts';

const TEXTS = ['', 'a', '__proto__', 'naïve', '€uro', '🎯', 'x'.repeat(64), 'a-code', 'line\n'];
const IDS = TEXTS.filter((text) => text !== '');
const TICKS = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
const NUMBERS = [0, -0, 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 3e38, 1e-45];
const FINITE = [0, -0, 1, -1, 0.5, 12.25, 1e30];
const TOKENS = ['', 'AAECAwQFBgcICQoLDA0ODw', '-_'.repeat(32)];
/** What is under test is loaded, not imported; the type holds the number. */
const VERSION: typeof PROTOCOL_VERSION = 3;
const PAYLOADS = ['', 'null', '"hello"', '{"a":[1,2]}', '{"__proto__":1}', '[1e999]', '{'];

export function sampleClientMessages(random: FuzzRandom): ClientMessage[] {
  const tick = random.pick(TICKS);
  const number = (): number => random.pick(NUMBERS);
  // A tick that has three before it, and is a number of 53 bits.
  const later = Math.min(tick, Number.MAX_SAFE_INTEGER - 3) + 3;
  return [
    { kind: 'login', protocolVersion: VERSION, credentials: random.pick(PAYLOADS) },
    { kind: 'login', protocolVersion: random.pick([0, 1, VERSION, 2 ** 32 - 1]), credentials: '' },
    { kind: 'login', protocolVersion: VERSION, credentials: `{"playerId":"${random.pick(IDS)}"}` },
    sampleResume(random),
    { kind: 'leave' },
    {
      kind: 'heartbeat-answer',
      nonce: random.pick(TEXTS),
      serverTick: tick,
      reliableReceived: random.pick(TICKS),
    },
    { kind: 'snapshot-ack', tick, earlier: 2 ** 32 - 1 },
    { kind: 'move-input', tick, directionX: number(), directionY: number(), yaw: number() },
    { kind: 'move-input', tick, directionX: 1, directionY: 0, yaw: 0.25 },
    {
      kind: 'move-input',
      tick: later,
      directionX: 1,
      directionY: 0,
      yaw: 0.25,
      earlier: [1, 2, 3].map((by) => ({
        tick: later - by,
        directionX: number(),
        directionY: 0,
        yaw: 0,
      })),
    },
    {
      kind: 'shoot-input',
      tick,
      targetPlayerId: random.oneIn(3) ? undefined : (random.pick(IDS) as PlayerId),
      directionX: number(),
      directionY: number(),
      viewTick: random.below(100_000) / 16,
    },
    { kind: 'user-message', name: random.pick(IDS), payload: random.pick(PAYLOADS) },
    { kind: 'user-update', name: random.pick(IDS), payload: random.pick(PAYLOADS) },
  ].filter((message) => isCurrent(message as ClientMessage)) as ClientMessage[];
}

function sampleResume(random: FuzzRandom): ClientMessage {
  return {
    kind: 'resume',
    protocolVersion: VERSION,
    sessionId: (random.oneIn(4) ? '' : random.pick(IDS)) as SessionId,
    token: random.pick(TOKENS),
    lastTick: random.pick(TICKS),
    reliableReceived: maybeCount(random),
  };
}

function maybeCount(random: FuzzRandom): number | undefined {
  return random.oneIn(3) ? undefined : random.pick(TICKS);
}

/** A Login of another version carries nothing else, or it would not survive the wire. */
function isCurrent(message: ClientMessage): boolean {
  return (
    message.kind !== 'login' || message.protocolVersion === VERSION || message.credentials === ''
  );
}

export function sampleServerMessages(random: FuzzRandom): PlainServerMessage[] {
  const tick = random.pick(TICKS);
  const code = random.pick(IDS);
  return [
    sampleLoginAccepted(random),
    {
      kind: 'login-rejected',
      code,
      retryable: random.oneIn(2),
      retryAfterMs: random.below(70_000),
      message: random.pick(TEXTS),
    },
    {
      kind: 'heartbeat',
      nonce: random.pick(TEXTS),
      serverTick: tick,
      tickFraction: random.below(16) / 16,
      roundTripTimeMs: random.below(4_000) / 16,
      reliableReceived: random.pick(TICKS),
    },
    {
      kind: 'roster',
      isComplete: random.oneIn(2),
      entered: list(random, 4, () => ({
        entity: random.bits32(),
        playerId: random.pick(IDS) as PlayerId,
      })),
      left: list(random, 6, () => random.below(400)),
    },
    { kind: 'input-ack', lastInputTick: tick, marginTicks: random.below(200) / 16 },
    ...sampleCombatEvents(random),
    {
      kind: 'verdict-report',
      tick,
      entries: list(random, 3, () => {
        const isRejected = random.oneIn(2);
        return {
          input: random.pick(IDS),
          inputTick: random.pick(TICKS),
          outcome: isRejected
            ? 'rejected'
            : random.pick(['stale', 'duplicate', 'clamped'] as const),
          code: isRejected ? random.pick(IDS) : undefined,
        } as const;
      }),
      omitted: random.below(300),
    },
    {
      kind: 'resynced',
      fromTick: tick,
      ticksLost: random.pick(TICKS),
      eventsMissed: maybeCount(random),
      reliableSent: random.pick(TICKS),
    },
    { kind: 'close', code, retryable: random.oneIn(2), message: random.pick(TEXTS) },
    { kind: 'user-message', name: random.pick(IDS), payload: random.pick(PAYLOADS) },
    { kind: 'user-update', name: random.pick(IDS), payload: random.pick(PAYLOADS) },
  ];
}

function sampleLoginAccepted(random: FuzzRandom): PlainServerMessage {
  return {
    kind: 'login-accepted',
    protocolVersion: VERSION,
    sessionId: random.pick(IDS) as SessionId,
    epoch: random.pick(TICKS),
    playerId: random.pick(IDS) as PlayerId,
    worldId: random.pick(IDS) as WorldId,
    entity: random.bits32(),
    tickRateHz: 20,
    inputAheadTicksMax: 8,
    inputHoldTicksMax: 2,
    heartbeatIntervalMs: 2_000,
    livenessTimeoutMs: 10_000,
    reconnectWindowMs: random.below(70_000),
    snapshotFields: list(random, 4, () => ({
      name: random.pick(IDS),
      precision: random.pick([1, 0.001, 1e9]),
      interpolation: random.pick(['linear', 'angle', 'step'] as const),
    })),
    resumeToken: random.pick(TOKENS),
    isResumed: random.oneIn(2),
    reliableReceived: maybeCount(random),
  };
}

function sampleCombatEvents(random: FuzzRandom): CombatEvent[] {
  const kind = 'combat-event';
  const tick = random.pick(TICKS);
  const shooterId = random.pick(IDS) as PlayerId;
  const targetId = random.pick(IDS) as PlayerId;
  const metres = (): number => Math.fround(random.pick(FINITE));
  const places = { originX: metres(), originY: metres(), impactX: metres(), impactY: metres() };
  return [
    { kind, tick, event: 'hit', shooterId, targetId, ...places },
    { kind, tick, event: 'shot-missed', shooterId, ...places },
    { kind, tick, event: 'damage-applied', targetId, amount: metres(), hitPoints: metres() },
    { kind, tick, event: 'death', targetId, killerId: shooterId },
    { kind, tick, event: 'shoot-rejected', inputTick: random.pick(TICKS), code: 'cooldown' },
  ];
}

function list<Value>(random: FuzzRandom, lengthMax: number, one: () => Value): Value[] {
  return Array.from({ length: random.below(lengthMax) }, one);
}
