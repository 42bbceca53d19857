import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import {
  CloseSchema,
  CombatEventSchema,
  HeartbeatSchema,
  LoginAcceptedSchema,
  LoginRejectedSchema,
  ResyncedSchema,
  RosterSchema,
  VerdictOutcome,
  VerdictReportSchema,
} from './generated/holdfast/v1/server_messages_pb.ts';
import type { PlayerId, SessionId, WorldId } from './ids.ts';
import { MESSAGE_KIND_BYTES, type MessageKind } from './message-kinds.ts';
import type {
  LoginAccepted,
  PlainServerMessage,
  Resynced,
  Roster,
  VerdictReport,
} from './messages.ts';
import { decodeServerMessage, encodeServerMessage } from './server-codec.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const OUT_OF_RANGE = { kind: 'rejected', code: 'out-of-range' };
const ID_MAX = WIRE_LIMITS.idLengthMax;

/** Decodes bytes that our own encoder would refuse to make. */
function decodeRaw<Desc extends DescMessage>(
  kind: MessageKind,
  schema: Desc,
  init: MessageInitShape<Desc>,
): unknown {
  const body = toBinary(schema, create(schema, init));
  return decodeServerMessage(Uint8Array.of(MESSAGE_KIND_BYTES[kind], ...body));
}

function survives(message: PlainServerMessage): void {
  expect(decodeServerMessage(encodeServerMessage(message))).toEqual(message);
}

function refuses(message: PlainServerMessage): void {
  expect(() => encodeServerMessage(message)).toThrow();
}

function times<Value>(count: number, value: Value): Value[] {
  return Array.from({ length: count }, () => value);
}

describe('the frame', () => {
  test('an empty one is refused as such', () => {
    const empty = { kind: 'rejected', code: 'frame-empty' };
    expect(decodeServerMessage(new Uint8Array(0))).toEqual(empty);
  });

  test('the largest is looked at, one byte more is too large', () => {
    const size = WIRE_LIMITS.serverFrameBytesMax;
    // An unknown field that fills the frame: kind, tag, three bytes of length.
    const filled = (bytes: number): Uint8Array => {
      const length = bytes - 5;
      const whole = new Uint8Array(bytes);
      whole.set([0x26, 0x7a, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]);
      return whole;
    };
    expect(decodeServerMessage(filled(size - 1))).toMatchObject({ kind: 'input-ack' });
    expect(decodeServerMessage(filled(size))).toMatchObject({ kind: 'input-ack' });
    const tooLarge = { kind: 'rejected', code: 'frame-too-large' };
    expect(decodeServerMessage(filled(size + 1))).toEqual(tooLarge);
  });

  test('a message of a client is no message of a server', () => {
    const unknown = { kind: 'rejected', code: 'unknown-kind' };
    expect(decodeServerMessage(Uint8Array.of(MESSAGE_KIND_BYTES.leave))).toEqual(unknown);
  });

  test('a snapshot says nothing by itself', () => {
    const unknown = { kind: 'rejected', code: 'unknown-baseline' };
    expect(decodeServerMessage(Uint8Array.of(MESSAGE_KIND_BYTES.snapshot, 1, 0))).toEqual(unknown);
  });
});

describe('LoginAccepted', () => {
  const ACCEPTED: LoginAccepted = {
    kind: 'login-accepted',
    protocolVersion: 3,
    sessionId: '00ff' as SessionId,
    epoch: 3,
    playerId: 'p1' as PlayerId,
    worldId: 'arena' as WorldId,
    entity: 7,
    tickRateHz: 20,
    inputAheadTicksMax: 8,
    inputHoldTicksMax: 2,
    heartbeatIntervalMs: 2_000,
    livenessTimeoutMs: 10_000,
    reconnectWindowMs: 30_000,
    snapshotFields: [{ name: 'x', precision: 0.002, interpolation: 'linear' }],
    resumeToken: 'AAECAwQFBgcICQoLDA0ODw',
    isResumed: true,
    reliableReceived: 0,
  };
  const RAW = { sessionId: 's', playerId: 'p', worldId: 'w', tickRateHz: 20 };

  test('survives, and the precision keeps all its digits', () => {
    survives(ACCEPTED);
  });

  test.each(['sessionId', 'playerId', 'worldId'])('the length of %s is bounded', (name) => {
    for (const length of [1, ID_MAX - 1, ID_MAX]) {
      survives({ ...ACCEPTED, [name]: 'x'.repeat(length) });
    }
    for (const length of [0, ID_MAX + 1]) {
      refuses({ ...ACCEPTED, [name]: 'x'.repeat(length) });
      const raw = { ...RAW, [name]: 'x'.repeat(length) };
      expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
    }
  });

  test('the number of snapshot fields is bounded', () => {
    const field = { name: 'x', precision: 1, interpolation: 'step' } as const;
    const max = WIRE_LIMITS.snapshotFieldsMax;
    survives({ ...ACCEPTED, snapshotFields: times(max - 1, field) });
    survives({ ...ACCEPTED, snapshotFields: times(max, field) });
    refuses({ ...ACCEPTED, snapshotFields: times(max + 1, field) });
  });

  test.each([
    {
      name: 'x'.repeat(WIRE_LIMITS.snapshotFieldNameLengthMax + 1),
      precision: 1,
      interpolation: 1,
    },
    { name: '', precision: 1, interpolation: 1 },
    { name: 'x', precision: 0, interpolation: 1 },
    { name: 'x', precision: Number.NaN, interpolation: 1 },
    { name: 'x', precision: Number.POSITIVE_INFINITY, interpolation: 1 },
    { name: 'x', precision: 1, interpolation: 0 },
    { name: 'x', precision: 1, interpolation: 4 },
  ])('snapshot field %j is out of range', (field) => {
    const raw = { ...RAW, snapshotFields: [field] } as MessageInitShape<typeof LoginAcceptedSchema>;
    expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'tick rate %d is out of range',
    (rate) => {
      const raw = { ...RAW, tickRateHz: rate };
      expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
      refuses({ ...ACCEPTED, tickRateHz: rate });
    },
  );

  test('the length of the resume token is bounded', () => {
    const max = WIRE_LIMITS.tokenLengthMax;
    for (const length of [0, max - 1, max]) {
      survives({ ...ACCEPTED, resumeToken: '-'.repeat(length) });
    }
    const raw = { ...RAW, resumeToken: '-'.repeat(max + 1) };
    refuses({ ...ACCEPTED, resumeToken: raw.resumeToken });
    expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
  });

  test.each(['a=', 'a b', '+', '/', 'é', 'a\n'])('resume token %j is out of range', (text) => {
    const raw = { ...RAW, resumeToken: text };
    expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
    refuses({ ...ACCEPTED, resumeToken: text });
  });

  test('a count of nothing is told from no count', () => {
    survives({ ...ACCEPTED, reliableReceived: 0 });
    survives({ ...ACCEPTED, reliableReceived: undefined });
    survives({ ...ACCEPTED, isResumed: false, reliableReceived: undefined });
  });

  test('the largest values of all fields fit', () => {
    const text = '€'.repeat(ID_MAX);
    const most = 2 ** 32 - 1;
    survives({
      kind: 'login-accepted',
      protocolVersion: most,
      sessionId: text as SessionId,
      epoch: Number.MAX_SAFE_INTEGER,
      playerId: text as PlayerId,
      worldId: text as WorldId,
      entity: most,
      tickRateHz: 1e300,
      inputAheadTicksMax: most,
      inputHoldTicksMax: most,
      heartbeatIntervalMs: most,
      livenessTimeoutMs: most,
      reconnectWindowMs: most,
      snapshotFields: times(WIRE_LIMITS.snapshotFieldsMax, {
        name: '€'.repeat(WIRE_LIMITS.snapshotFieldNameLengthMax),
        precision: 1e-300,
        interpolation: 'step' as const,
      }),
      resumeToken: '_'.repeat(WIRE_LIMITS.tokenLengthMax),
      isResumed: true,
      reliableReceived: Number.MAX_SAFE_INTEGER,
    });
  });

  test('a count of 2^53 is out of range', () => {
    const raw = { ...RAW, reliableReceived: 2n ** 53n };
    expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
    refuses({ ...ACCEPTED, reliableReceived: 2 ** 53 });
    refuses({ ...ACCEPTED, reliableReceived: -1 });
  });

  test('an epoch of 2^53 is out of range', () => {
    const raw = { ...RAW, epoch: 2n ** 53n };
    expect(decodeRaw('login-accepted', LoginAcceptedSchema, raw)).toEqual(OUT_OF_RANGE);
  });
});

describe('LoginRejected and Close', () => {
  const CODE_MAX = WIRE_LIMITS.codeLengthMax;
  const TEXT_MAX = WIRE_LIMITS.textLengthMax;
  const REJECTED = { kind: 'login-rejected', retryable: true, retryAfterMs: 5 } as const;
  const CLOSE = { kind: 'close', retryable: true } as const;

  test('the length of a code is bounded', () => {
    for (const length of [1, CODE_MAX - 1, CODE_MAX]) {
      survives({ ...REJECTED, code: 'c'.repeat(length), message: '' });
      survives({ ...CLOSE, code: 'c'.repeat(length), message: '' });
    }
    for (const length of [0, CODE_MAX + 1]) {
      const raw = { code: 'c'.repeat(length) };
      refuses({ ...REJECTED, ...raw, message: '' });
      expect(decodeRaw('login-rejected', LoginRejectedSchema, raw)).toEqual(OUT_OF_RANGE);
      expect(decodeRaw('close', CloseSchema, raw)).toEqual(OUT_OF_RANGE);
    }
  });

  test('an explanation is cut when encoded, and refused beyond its bound when decoded', () => {
    for (const length of [TEXT_MAX - 1, TEXT_MAX, TEXT_MAX + 1]) {
      const frame = encodeServerMessage({ ...CLOSE, code: 'c', message: 'm'.repeat(length) });
      const message = 'm'.repeat(Math.min(length, TEXT_MAX));
      expect(decodeServerMessage(frame)).toEqual({ ...CLOSE, code: 'c', message });
    }
    const raw = { code: 'c', message: 'm'.repeat(TEXT_MAX + 1) };
    expect(decodeRaw('close', CloseSchema, raw)).toEqual(OUT_OF_RANGE);
    expect(decodeRaw('login-rejected', LoginRejectedSchema, raw)).toEqual(OUT_OF_RANGE);
  });

  test.each([
    [0, 0],
    [0.1, 1],
    [2 ** 32 - 1, 2 ** 32 - 1],
    [2 ** 32, 2 ** 32 - 1],
  ])('a wait of %d ms is sent as %d', (retryAfterMs, sent) => {
    const frame = encodeServerMessage({ ...REJECTED, code: 'c', retryAfterMs, message: '' });
    expect(decodeServerMessage(frame)).toMatchObject({ retryAfterMs: sent });
  });
});

describe('Heartbeat', () => {
  test.each([
    { tickFraction: Number.NaN },
    { tickFraction: Number.POSITIVE_INFINITY },
    { tickFraction: -0.5 },
    { roundTripTimeMs: Number.NaN },
    { roundTripTimeMs: -1 },
    { nonce: 'n'.repeat(WIRE_LIMITS.nonceLengthMax + 1) },
    { serverTick: 2n ** 53n },
    { reliableReceived: 2n ** 53n },
  ])('$tickFraction$roundTripTimeMs$nonce$serverTick$reliableReceived is out of range', (raw) => {
    expect(decodeRaw('heartbeat', HeartbeatSchema, raw)).toEqual(OUT_OF_RANGE);
  });

  test.each([WIRE_LIMITS.nonceLengthMax - 1, WIRE_LIMITS.nonceLengthMax])(
    'a nonce of %d characters survives',
    (length) => {
      const nonce = 'n'.repeat(length);
      const numbers = { serverTick: 5, tickFraction: 1.5, roundTripTimeMs: 0, reliableReceived: 9 };
      survives({ kind: 'heartbeat', nonce, ...numbers });
    },
  );
});

describe('Resynced', () => {
  const RESYNCED: Resynced = {
    kind: 'resynced',
    fromTick: 300,
    ticksLost: 5,
    eventsMissed: 0,
    reliableSent: 12,
  };

  test('tells no missed events from an unknown number', () => {
    survives(RESYNCED);
    survives({ ...RESYNCED, eventsMissed: undefined });
  });

  test.each(['fromTick', 'ticksLost', 'eventsMissed', 'reliableSent'])(
    '%s is taken up to 2^53 - 1, and out of range beyond',
    (name) => {
      survives({ ...RESYNCED, [name]: 2 ** 53 - 1 });
      const raw = { [name]: 2n ** 53n };
      expect(decodeRaw('resynced', ResyncedSchema, raw)).toEqual(OUT_OF_RANGE);
      for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) refuses({ ...RESYNCED, [name]: value });
    },
  );
});

describe('Roster', () => {
  const entry = { entity: 1, playerId: '€'.repeat(ID_MAX) as PlayerId };
  const MAX = WIRE_LIMITS.rosterEntriesMax;
  const roster = (entered: number, left: number): Roster => ({
    kind: 'roster',
    isComplete: true,
    entered: times(entered, entry),
    left: times(left, 2 ** 32 - 1),
  });

  test('the most entries with the longest ids fit a frame, one more is refused', () => {
    survives(roster(MAX - 1, MAX - 1));
    survives(roster(MAX, MAX));
    expect(encodeServerMessage(roster(MAX, MAX)).length).toBeLessThan(
      WIRE_LIMITS.serverFrameBytesMax,
    );
    refuses(roster(MAX + 1, 0));
    refuses(roster(0, MAX + 1));
    const raw = { left: times(MAX + 1, 1) };
    expect(decodeRaw('roster', RosterSchema, raw)).toEqual(OUT_OF_RANGE);
  });

  test.each(['', 'x'.repeat(ID_MAX + 1)])('player id %j is out of range', (playerId) => {
    const raw = { entered: [{ entity: 1, playerId }] };
    expect(decodeRaw('roster', RosterSchema, raw)).toEqual(OUT_OF_RANGE);
  });
});

describe('CombatEvent', () => {
  const ids = { shooterId: 'a', targetId: 'b' };

  test('an event that this version does not know is out of range', () => {
    expect(decodeRaw('combat-event', CombatEventSchema, { tick: 1n })).toEqual(OUT_OF_RANGE);
  });

  test.each([
    { case: 'hit', value: { ...ids, impactX: Number.NaN } },
    { case: 'hit', value: { ...ids, originY: Number.NEGATIVE_INFINITY } },
    { case: 'hit', value: { shooterId: 'a', targetId: '' } },
    { case: 'shotMissed', value: { shooterId: 'x'.repeat(ID_MAX + 1) } },
    { case: 'damageApplied', value: { targetId: 'b', amount: Number.NaN } },
    { case: 'damageApplied', value: { targetId: 'b', hitPoints: Number.NaN } },
    { case: 'death', value: { targetId: 'b', killerId: '' } },
    { case: 'shootRejected', value: { code: '' } },
    { case: 'shootRejected', value: { code: 'c'.repeat(WIRE_LIMITS.codeLengthMax + 1) } },
    { case: 'shootRejected', value: { code: 'c', inputTick: 2n ** 53n } },
  ] as const)('$case with $value is out of range', (event) => {
    expect(decodeRaw('combat-event', CombatEventSchema, { event })).toEqual(OUT_OF_RANGE);
  });
});

describe('VerdictReport', () => {
  const entry = { input: 'move-input', inputTick: 4, outcome: 'stale', code: undefined } as const;
  const report = (entries: VerdictReport['entries']): VerdictReport => ({
    kind: 'verdict-report',
    tick: 5,
    entries,
    omitted: 9,
  });

  test('the number of entries is bounded', () => {
    const max = WIRE_LIMITS.verdictEntriesMax;
    survives(report(times(max - 1, entry)));
    survives(report(times(max, entry)));
    refuses(report(times(max + 1, entry)));
    const raw = { entries: times(max + 1, { input: 'chat', outcome: VerdictOutcome.STALE }) };
    expect(decodeRaw('verdict-report', VerdictReportSchema, raw)).toEqual(OUT_OF_RANGE);
  });

  test.each([
    { input: '', outcome: 1 },
    { input: 'x'.repeat(WIRE_LIMITS.userMessageNameLengthMax + 1), outcome: 1 },
    { input: 'chat', outcome: 0 },
    { input: 'chat', outcome: 5 },
    { input: 'chat', outcome: 4, code: '' },
    { input: 'chat', outcome: 4, code: 'c'.repeat(WIRE_LIMITS.codeLengthMax + 1) },
  ])('%j is out of range', (raw) => {
    const init = { entries: [raw] } as MessageInitShape<typeof VerdictReportSchema>;
    expect(decodeRaw('verdict-report', VerdictReportSchema, init)).toEqual(OUT_OF_RANGE);
  });
});
