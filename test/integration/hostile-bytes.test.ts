import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import type { PlayerId, SessionId } from '../../src/protocol/ids.ts';
import { MESSAGE_KIND_BYTES } from '../../src/protocol/message-kinds.ts';
import type { ClientMessage } from '../../src/protocol/messages.ts';
import { encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { expectUntouched } from '../support/control-run.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { SETTINGS, WEB_SOCKETS } from '../support/settings.ts';
import type { Setting } from '../support/settings.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

/** One of each kind that a client may send. */
const CLIENT_MESSAGES: readonly ClientMessage[] = [
  { kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials: '{"playerId":"bob"}' },
  {
    kind: 'resume',
    protocolVersion: PROTOCOL_VERSION,
    sessionId: '5e55' as SessionId,
    token: 'AAECAwQFBgcICQoLDA0ODw',
    lastTick: 300,
    reliableReceived: 7,
  },
  { kind: 'heartbeat-answer', nonce: 'abcdef', serverTick: 7, reliableReceived: 0 },
  moveInput({ tick: 300 }),
  shootInput({ tick: 300, targetPlayerId: 'ada' as PlayerId }),
  { kind: 'user-message', name: 'note', payload: '"hello"' },
  { kind: 'user-update', name: 'cursor', payload: '[1,2]' },
];
const FORBIDDEN_KINDS = [0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a];
/** What an honest server would say to a client. */
const SERVER_FRAME = encodeServerMessage({
  kind: 'close',
  code: 'evicted',
  retryable: false,
  message: 'from a client',
});

function malformed(setting: Setting): Record<string, number> {
  return Object.fromEntries(setting.runtime.host.counters.malformedByCode);
}

function bobOf(setting: Setting) {
  return setting.runtime.host.sessions.getByPlayer('bob' as PlayerId);
}

/** Room for everything that a test throws, so that nothing ends before its last byte. */
const PATIENT = { limits: { strikesMax: 10_000, messageBurst: 10_000 } };

// Side by side: most of their time is a bystander's quiet life.
describe.each(SETTINGS)('hostile bytes over $name', { concurrent: true }, (kind) => {
  test('that are cut short anywhere are counted, and nobody else notices', async () => {
    await expectUntouched(
      kind,
      async (setting) => {
        const bob = await setting.loginRaw('bob');
        let sent = 0;
        for (const message of CLIENT_MESSAGES) {
          const frame = encodeClientMessage(message);
          for (let length = 1; length < frame.length; length += 1) {
            bob.sendBytes(frame.subarray(0, length));
            sent += 1;
          }
        }
        bob.sendBytes(new Uint8Array(0));
        const { counters } = setting.runtime.host;
        await setting.waitFor('all of it', () => malformed(setting)['frame-empty'] === 1);
        expect(counters.messagesReceived).toBeGreaterThan(sent);
        expect(malformed(setting)['malformed']).toBeGreaterThan(10);
        expect(bobOf(setting)?.state).toBe('logged-in');
      },
      { config: PATIENT },
    );
  });

  test('at random are counted or refused, and nobody else notices', async () => {
    const random = new SeededRandom(20_261_122);
    await expectUntouched(
      kind,
      async (setting) => {
        const bob = await setting.loginRaw('bob');
        const { counters } = setting.runtime.host;
        const before = counters.messagesReceived;
        for (let frames = 0; frames < 400; frames += 1) {
          const bytes = new Uint8Array(random.below(60));
          random.fillBytes(bytes);
          // Half of them begin like a message, but for Leave, which would be an honest end.
          const kinds = Object.values(MESSAGE_KIND_BYTES).filter((byte) => byte !== 0x02);
          if (bytes.length > 0 && frames % 2 === 0) bytes[0] = kinds[random.below(kinds.length)]!;
          if (bytes[0] === 0x02) bytes[0] = 0;
          bob.sendBytes(bytes);
        }
        await setting.waitFor('all of it', () => counters.messagesReceived >= before + 400);
        expect(malformed(setting)['unknown-kind']).toBeGreaterThan(0);
        expect(malformed(setting)['malformed']).toBeGreaterThan(0);
        expect(bobOf(setting)?.state).toBe('logged-in');
      },
      { config: PATIENT },
    );
  });

  test("that only servers may say are no client's words", async () => {
    await expectUntouched(
      kind,
      async (setting) => {
        const bob = await setting.loginRaw('bob');
        for (const byte of FORBIDDEN_KINDS) bob.sendBytes(Uint8Array.of(byte));
        bob.sendBytes(SERVER_FRAME);
        const count = FORBIDDEN_KINDS.length + 1;
        await setting.waitFor('all', () => malformed(setting)['unknown-kind'] === count);
        expect(bobOf(setting)?.state).toBe('logged-in');
      },
      { config: PATIENT },
    );
  });

  test('beyond the largest frame are a protocol error, which costs the seat', async () => {
    await expectUntouched(kind, async (setting) => {
      const bob = await setting.loginRaw('bob');
      const session = bobOf(setting)!;
      bob.sendBytes(new Uint8Array(WIRE_LIMITS.clientFrameBytesMax));
      await setting.waitFor('the largest', () => malformed(setting)['unknown-kind'] === 1);
      expect(bob.isClosed).toBe(false);
      bob.sendBytes(new Uint8Array(WIRE_LIMITS.clientFrameBytesMax + 1));
      await setting.waitFor('the end', () => bob.isClosed);
      expect(malformed(setting)['frame-too-large']).toBe(1);
      expect(bob.closeCode).toBe('protocol-error');
      await setting.waitFor('the removal', () => !session.isAlive);
      expect(session.lastCause).toBe('protocol-error');
      expect(setting.runtime.host.counters.protocolErrors).toBe(1);
    });
  });

  test('without end are a protocol error, which costs the seat', async () => {
    await expectUntouched(kind, async (setting) => {
      const bob = await setting.loginRaw('bob');
      const session = bobOf(setting)!;
      for (let frames = 0; frames < 60; frames += 1) bob.sendBytes(Uint8Array.of(250));
      await setting.waitFor('the end', () => bob.isClosed);
      expect(bob.closeCode).toBe('protocol-error');
      expect(bob.last('close')).toMatchObject({ code: 'protocol-error', retryable: false });
      expect(session).toMatchObject({ state: 'disconnected', lastCause: 'protocol-error' });
      expect(bobOf(setting)).toBeUndefined();
      expect(setting.runtime.host.counters.protocolErrors).toBe(1);
    });
  });

  test('before the login end in the same way, without a session', async () => {
    await expectUntouched(kind, async (setting) => {
      const peer = await setting.connectRaw();
      for (let frames = 0; frames < 60; frames += 1) peer.sendBytes(Uint8Array.of(250));
      await setting.waitFor('the end', () => peer.isClosed);
      expect(peer.closeCode).toBe('protocol-error');
      expect(setting.runtime.host.sessions.size).toBe(1);
    });
  });

  test('in a flood are dropped undecoded, and too long a flood costs the seat', async () => {
    await expectUntouched(kind, async (setting) => {
      const bob = await setting.loginRaw('bob');
      const { counters } = setting.runtime.host;
      const session = bobOf(setting)!;
      for (let count = 0; count < 400; count += 1) bob.send(moveInput({ tick: 1 }));
      await setting.waitFor('the end', () => bob.isClosed);
      expect(bob.closeCode).toBe('rate-limited');
      expect(session).toMatchObject({ state: 'disconnected', lastCause: 'rate-limited' });
      expect(counters.rateLimited).toBe(1);
      expect(counters.overBudgetMessages).toBeGreaterThanOrEqual(64);
    });
  });
});

describe.each(SETTINGS)('heartbeat answers over $name', (kind) => {
  test('with a wrong, a used or a foreign nonce are counted and prove nothing', async () => {
    const setting = await openSetting(kind);
    const { counters } = setting.runtime.host;
    const eve = await setting.loginRaw('eve');
    const bob = await setting.loginRaw('bob');
    await setting.waitFor('heartbeats', () => bob.all('heartbeat').length >= 2);
    bob.answersHeartbeats = false;
    eve.answersHeartbeats = false;
    await setting.passMs(30);
    const session = bobOf(setting)!;
    const used = bob.first('heartbeat')!.nonce;
    const heard = eve.all('heartbeat').length;
    await setting.waitFor("eve's heartbeat", () => eve.all('heartbeat').length > heard);
    const before = [session.lastLivenessAt, session.roundTripTimeMs];
    const foreign = eve.last('heartbeat')!.nonce;
    for (const nonce of ['', 'nonsense', used, used, foreign]) {
      bob.send({
        kind: 'heartbeat-answer',
        nonce,
        serverTick: Number.MAX_SAFE_INTEGER,
        reliableReceived: 0,
      });
    }
    await setting.waitFor('the counts', () => counters.unknownNonces === 5);
    expect([session.lastLivenessAt, session.roundTripTimeMs]).toEqual(before);
    // Eve's own answer still counts: nobody used it up for her.
    const eveSession = setting.runtime.host.sessions.getByPlayer('eve' as PlayerId)!;
    const lastHeard = eveSession.lastLivenessAt;
    eve.send({ kind: 'heartbeat-answer', nonce: foreign, serverTick: 0, reliableReceived: 0 });
    await setting.waitFor('proof of life', () => eveSession.lastLivenessAt > lastHeard);
    expect(counters.unknownNonces).toBe(5);
  });

  test('are unguessable: no two nonces are alike, on any connection', async () => {
    const setting = await openSetting(kind);
    const peers = [await setting.loginRaw('eve'), await setting.loginRaw('bob')];
    await setting.waitFor('heartbeats', () =>
      peers.every((peer) => peer.all('heartbeat').length >= 4),
    );
    const nonces = peers.flatMap((peer) => peer.all('heartbeat').map(({ nonce }) => nonce));
    expect(new Set(nonces).size).toBe(nonces.length);
    for (const nonce of nonces) expect(nonce).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('what only one transport can do', () => {
  test('text instead of binary is counted, and a strike (WebSockets)', async () => {
    await expectUntouched(WEB_SOCKETS, async (setting) => {
      const socket = new WebSocket(setting.runtime.address);
      onTestFinished(() => socket.terminate());
      await once(socket, 'open');
      for (let frames = 0; frames < 60; frames += 1) socket.send('{"kind":"login"}');
      const [code] = (await once(socket, 'close')) as [number];
      expect(code).toBe(4000);
      expect(malformed(setting)['text-frame']).toBe(33);
    });
  });

  test('a reliable message on the sync lane is malformed (memory with lanes)', async () => {
    const setting = await openMemory({}, { syncLane: {} });
    const { counters } = setting.runtime.host;
    const bob = await setting.loginRaw('bob');
    for (const message of CLIENT_MESSAGES) bob.sendBytes(encodeClientMessage(message), 'sync');
    bob.sendBytes(encodeClientMessage({ kind: 'leave' }), 'sync');
    await setting.passMs(20);
    // All but MoveInput and UserUpdate, which belong there.
    expect(malformed(setting)).toEqual({ 'wrong-lane': 6 });
    expect(bobOf(setting)?.state).toBe('logged-in');
    expect(counters.misplacedMessages).toBe(0);
  });

  test('a stranger who guesses session and player names gets nothing (memory)', async () => {
    const setting = await openMemory();
    await setting.loginRaw('bob');
    const session = bobOf(setting)!;
    const stranger = await setting.connectRaw();
    stranger.send({
      kind: 'heartbeat-answer',
      nonce: session.sessionId,
      serverTick: 1,
      reliableReceived: 0,
    });
    stranger.send({ kind: 'user-message', name: 'note', payload: `"${session.peerId}"` });
    await setting.passMs(200);
    expect(stranger.received).toEqual([]);
    expect(setting.runtime.host.counters.misplacedMessages).toBe(2);
  });
});
