/** Every message that the wire carries, within its bounds and often at them, for fast-check. */
import fc from 'fast-check';
import { isId, type PlayerId, type SessionId, type WorldId } from '../../src/protocol/ids.ts';
import type { ClientMessage, PlainServerMessage } from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';

/** Any text without lone surrogates, which no UTF-8 can say, and without a byte order mark. */
function text(lengthMax: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'binary', maxLength: lengthMax, size: 'medium' })
    .map((any) => any.replaceAll('\uFEFF', '').slice(0, lengthMax))
    .map((any) => any.replaceAll(/\p{Surrogate}/gu, ''));
}

function word(lengthMax: number): fc.Arbitrary<string> {
  return fc.oneof(text(lengthMax), fc.constant('x'.repeat(lengthMax))).filter((any) => any !== '');
}

const ID_EDGES = fc.constantFrom('a', '€'.repeat(WIRE_LIMITS.idLengthMax), '__proto__');

function id<Id extends string>(): fc.Arbitrary<Id> {
  const any = fc.oneof(fc.uuid(), text(WIRE_LIMITS.idLengthMax), ID_EDGES).filter(isId);
  return any.map((value) => value as Id);
}

const code = word(WIRE_LIMITS.codeLengthMax);
const uint32 = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const TICK_EDGES = [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1];
export const tick = fc.oneof(fc.nat(1e6), fc.maxSafeNat(), fc.constantFrom(...TICK_EDGES));
const anyFloat = fc.oneof(
  fc.float(),
  fc.constantFrom(0, -0, 1, Number.NaN, Number.POSITIVE_INFINITY),
);
const metres = fc.float({ noNaN: true, noDefaultInfinity: true });
const amount = fc.double({ noNaN: true, noDefaultInfinity: true });
const duration = fc.float({ min: 0, noNaN: true, noDefaultInfinity: true });
const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
const maybeCount = fc.option(tick, { nil: undefined });
const token = fc.oneof(
  fc.stringMatching(/^[\w-]{0,64}$/),
  fc.constant('-'.repeat(WIRE_LIMITS.tokenLengthMax)),
);
const viewTick = fc.oneof(fc.nat(1e6), fc.maxSafeNat()).map((sixteenths) => sixteenths / 16);

function list<Value>(one: fc.Arbitrary<Value>, lengthMax: number): fc.Arbitrary<Value[]> {
  const shortest = Math.min(lengthMax, 6);
  return fc.oneof(
    { weight: 9, arbitrary: fc.array(one, { maxLength: shortest }) },
    { weight: 1, arbitrary: fc.array(one, { maxLength: lengthMax, size: 'max' }) },
  );
}

const userMessage = fc.record({
  kind: fc.constant('user-message' as const),
  name: word(WIRE_LIMITS.userMessageNameLengthMax),
  payload: fc.oneof(fc.json({ maxDepth: 3 }), fc.constant('x'.repeat(2_048))).filter(isShort),
});

const userUpdate = userMessage.map((message) => ({ ...message, kind: 'user-update' as const }));

function isShort(payload: string): boolean {
  return Buffer.byteLength(payload) <= WIRE_LIMITS.userPayloadBytesMax;
}

const vector = fc.record({ directionX: anyFloat, directionY: anyFloat, yaw: anyFloat });

/** Everything a client of this version may say, one arbitrary per kind. */
export const CLIENT_MESSAGES: {
  readonly [K in ClientMessage['kind']]: fc.Arbitrary<Extract<ClientMessage, { kind: K }>>;
} = {
  login: fc.record({
    kind: fc.constant('login' as const),
    protocolVersion: fc.constant(PROTOCOL_VERSION),
    credentials: fc.oneof(fc.json(), fc.constant('€'.repeat(682))).filter(isShort),
  }),
  resume: fc.record({
    kind: fc.constant('resume' as const),
    protocolVersion: fc.constant(PROTOCOL_VERSION),
    sessionId: fc.oneof(id<SessionId>(), fc.constant('' as SessionId)),
    token,
    lastTick: tick,
    reliableReceived: maybeCount,
  }),
  leave: fc.record({ kind: fc.constant('leave' as const) }),
  'heartbeat-answer': fc.record({
    kind: fc.constant('heartbeat-answer' as const),
    nonce: text(WIRE_LIMITS.nonceLengthMax),
    serverTick: tick,
    reliableReceived: tick,
  }),
  'move-input': fc
    .tuple(tick, vector, fc.array(fc.tuple(fc.integer({ min: 1, max: 0xffff_ffff }), vector)))
    .map(([tickAt, own, copies]) => {
      const earlier = copies
        .filter(([by]) => by <= tickAt)
        .slice(0, WIRE_LIMITS.earlierMovesMax)
        .map(([by, copy]) => ({ tick: tickAt - by, ...copy }));
      const input = { kind: 'move-input' as const, tick: tickAt, ...own };
      return earlier.length === 0 ? input : { ...input, earlier };
    }),
  'snapshot-ack': fc.record({
    kind: fc.constant('snapshot-ack' as const),
    tick,
    earlier: uint32,
  }),
  'shoot-input': fc.record({
    kind: fc.constant('shoot-input' as const),
    tick,
    targetPlayerId: fc.option(id<PlayerId>(), { nil: undefined }),
    directionX: anyFloat,
    directionY: anyFloat,
    viewTick,
  }),
  'user-message': userMessage,
  'user-update': userUpdate,
};

const combatBase = { kind: fc.constant('combat-event' as const), tick };
const positions = { originX: metres, originY: metres, impactX: metres, impactY: metres };
const combatEvent = fc.oneof(
  fc.record({
    ...combatBase,
    event: fc.constant('hit' as const),
    shooterId: id<PlayerId>(),
    targetId: id<PlayerId>(),
    ...positions,
  }),
  fc.record({
    ...combatBase,
    event: fc.constant('shot-missed' as const),
    shooterId: id<PlayerId>(),
    ...positions,
  }),
  fc.record({
    ...combatBase,
    event: fc.constant('damage-applied' as const),
    targetId: id<PlayerId>(),
    amount,
    hitPoints: amount,
  }),
  fc.record({
    ...combatBase,
    event: fc.constant('death' as const),
    targetId: id<PlayerId>(),
    killerId: id<PlayerId>(),
  }),
  fc.record({
    ...combatBase,
    event: fc.constant('shoot-rejected' as const),
    inputTick: tick,
    code,
  }),
);

const snapshotField = fc.record({
  name: word(WIRE_LIMITS.snapshotFieldNameLengthMax),
  precision: positive,
  interpolation: fc.constantFrom('linear' as const, 'angle' as const, 'step' as const),
});

const verdictEntry = fc.record({
  input: word(WIRE_LIMITS.userMessageNameLengthMax),
  inputTick: tick,
  outcome: fc.constantFrom('stale' as const, 'duplicate', 'clamped', 'rejected'),
  code: fc.option(code, { nil: undefined }),
});

/** Everything a server of this version may say, one arbitrary per kind. */
export const SERVER_MESSAGES: {
  readonly [K in PlainServerMessage['kind']]: fc.Arbitrary<
    Extract<PlainServerMessage, { kind: K }>
  >;
} = {
  'login-accepted': fc.record({
    kind: fc.constant('login-accepted' as const),
    protocolVersion: uint32,
    sessionId: id<SessionId>(),
    epoch: tick,
    playerId: id<PlayerId>(),
    worldId: id<WorldId>(),
    entity: uint32,
    tickRateHz: positive,
    inputAheadTicksMax: uint32,
    inputHoldTicksMax: uint32,
    heartbeatIntervalMs: uint32,
    livenessTimeoutMs: uint32,
    reconnectWindowMs: uint32,
    snapshotFields: list(snapshotField, WIRE_LIMITS.snapshotFieldsMax),
    resumeToken: token,
    isResumed: fc.boolean(),
    reliableReceived: maybeCount,
  }),
  'login-rejected': fc.record({
    kind: fc.constant('login-rejected' as const),
    code,
    retryable: fc.boolean(),
    retryAfterMs: uint32,
    message: text(WIRE_LIMITS.textLengthMax),
  }),
  heartbeat: fc.record({
    kind: fc.constant('heartbeat' as const),
    nonce: text(WIRE_LIMITS.nonceLengthMax),
    serverTick: tick,
    tickFraction: duration,
    roundTripTimeMs: duration,
    reliableReceived: tick,
  }),
  roster: fc.record({
    kind: fc.constant('roster' as const),
    isComplete: fc.boolean(),
    entered: list(
      fc.record({ entity: uint32, playerId: id<PlayerId>() }),
      WIRE_LIMITS.rosterEntriesMax,
    ),
    left: list(uint32, WIRE_LIMITS.rosterEntriesMax),
  }),
  'input-ack': fc.record({
    kind: fc.constant('input-ack' as const),
    lastInputTick: tick,
    marginTicks: uint32.map((sixteenths) => sixteenths / 16),
  }),
  'combat-event': combatEvent,
  'verdict-report': fc.record({
    kind: fc.constant('verdict-report' as const),
    tick,
    entries: list(verdictEntry, WIRE_LIMITS.verdictEntriesMax),
    omitted: uint32,
  }),
  close: fc.record({
    kind: fc.constant('close' as const),
    code,
    retryable: fc.boolean(),
    message: text(WIRE_LIMITS.textLengthMax),
  }),
  resynced: fc.record({
    kind: fc.constant('resynced' as const),
    fromTick: tick,
    ticksLost: tick,
    eventsMissed: maybeCount,
    reliableSent: tick,
  }),
  'user-message': userMessage,
  'user-update': userUpdate,
};

export const anyClientMessage: fc.Arbitrary<ClientMessage> = fc.oneof(
  ...Object.values<fc.Arbitrary<ClientMessage>>(CLIENT_MESSAGES),
);
export const anyServerMessage: fc.Arbitrary<PlainServerMessage> = fc.oneof(
  ...Object.values<fc.Arbitrary<PlainServerMessage>>(SERVER_MESSAGES),
);
