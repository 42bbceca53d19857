import { describe, expect, test } from 'vitest';
import { MESSAGE_KIND_BYTES } from '../../src/protocol/message-kinds.ts';
import type { ServerMessage } from '../../src/protocol/messages.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SETTINGS } from '../support/settings.ts';
import type { Setting } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

/** A seat is held for as long as a test needs it. */
const PATIENT = { ...SPEC_CONFIG.policy, reconnectWindowMs: 8_000 };

function sessionOf(setting: Setting, playerId: string): ManagedSession<{ name: string }> {
  return setting.runtime.host.sessions.getByPlayer(playerId as PlayerId)!;
}

function say(setting: Setting, ...texts: string[]): void {
  for (const payload of texts) setting.runtime.host.send('field', { name: 'note', payload });
}

function notesOf(peer: RawPeer): string[] {
  return peer.all('user-message').map(({ payload }) => JSON.parse(payload) as string);
}

function kindsOf(peer: RawPeer): ServerMessage['kind'][] {
  const sync = new Set(['snapshot', 'input-ack']);
  return peer.received.map(({ kind }) => kind).filter((kind) => !sync.has(kind));
}

async function lose(setting: Setting, peer: RawPeer, playerId: string): Promise<void> {
  peer.drop();
  await setting.waitFor('the loss', () => sessionOf(setting, playerId).state === 'reconnecting');
}

async function resume(setting: Setting, earlier: RawPeer, changes = {}): Promise<RawPeer> {
  const peer = await setting.connectRaw();
  peer.resume(earlier, changes);
  await setting.waitFor('the first heartbeat', () => peer.first('heartbeat') !== undefined);
  return peer;
}

describe.each(SETTINGS)('counted messages over $name', (kind) => {
  test('that were said while a player was away come with the resume, once and in order', async () => {
    const setting = await openSetting(kind, { policy: PATIENT });
    const first = await setting.loginRaw('ada');
    await setting.waitFor('the own entity', () => first.entityOf('ada') !== undefined);
    say(setting, 'one');
    await setting.waitFor('a note', () => notesOf(first).length === 1);
    await lose(setting, first, 'ada');
    say(setting, 'two', 'three');
    expect(
      setting.runtime.host.send(sessionOf(setting, 'ada'), { name: 'note', payload: 'x' }),
    ).toBe(false);
    const second = await resume(setting, first);
    expect(kindsOf(second).slice(0, 4)).toEqual([
      'login-accepted',
      'user-message',
      'user-message',
      'heartbeat',
    ]);
    expect(second.first('login-accepted')).toMatchObject({ isResumed: true, reliableReceived: 0 });
    say(setting, 'four');
    await setting.waitFor('the next', () => notesOf(second).length === 3);
    expect(notesOf(second)).toEqual(['two', 'three', 'four']);
    expect(second.all('roster')).toEqual([]);
  });

  test('that came to nobody on a connection that died come with the next', async () => {
    const setting = await openSetting(kind, { policy: PATIENT });
    const first = await setting.loginRaw('ada');
    await setting.waitFor('the own entity', () => first.entityOf('ada') !== undefined);
    const { reliableReceived } = first;
    say(setting, 'one', 'two');
    await setting.waitFor('both notes', () => notesOf(first).length === 2);
    await lose(setting, first, 'ada');
    // Whoever lacks what it has already been sent asks for it.
    const second = await resume(setting, first, { reliableReceived });
    expect(notesOf(second)).toEqual(['one', 'two']);
    await lose(setting, second, 'ada');
    const third = await resume(setting, second, { reliableReceived: reliableReceived + 1 });
    expect(notesOf(third)).toEqual(['two']);
    expect(setting.runtime.host.counters.countedMessagesResent).toBe(3);
  });

  test('of the client are counted on over its connections, and told at each resume', async () => {
    const heard: string[] = [];
    const setting = await openSetting(kind, {
      policy: PATIENT,
      onMessage: (_session, { payload }) => heard.push(payload),
    });
    const first = await setting.loginRaw('ada');
    for (const text of ['"one"', '"two"']) {
      first.send({ kind: 'user-message', name: 'note', payload: text });
    }
    await setting.waitFor('both', () => heard.length === 2);
    const beats = first.all('heartbeat').length;
    await setting.waitFor('a heartbeat', () => first.all('heartbeat').length > beats);
    expect(first.last('heartbeat')?.reliableReceived).toBe(2);
    await lose(setting, first, 'ada');
    const second = await resume(setting, first);
    expect(second.first('login-accepted')?.reliableReceived).toBe(2);
    second.send({ kind: 'user-message', name: 'note', payload: '"three"' });
    await setting.waitFor('the third', () => heard.length === 3);
    await lose(setting, second, 'ada');
    const third = await resume(setting, second);
    expect(third.first('login-accepted')?.reliableReceived).toBe(3);
    await lose(setting, third, 'ada');
    // A login of the same player begins anew.
    const fourth = await setting.loginRaw('ada');
    expect(fourth.first('login-accepted')).toMatchObject({ isResumed: false });
    expect(fourth.first('login-accepted')?.reliableReceived).toBeUndefined();
    await setting.waitFor('a heartbeat', () => fourth.first('heartbeat') !== undefined);
    expect(fourth.first('heartbeat')?.reliableReceived).toBe(0);
  });

  test('are kept until they are acknowledged, and inspect says how much that is', async () => {
    const setting = await openSetting(kind, { policy: PATIENT });
    const { host } = setting.runtime;
    const ada = await setting.loginRaw('ada');
    const held = (): number => host.inspect(sessionOf(setting, 'ada'))?.retransmitBytes ?? -1;
    ada.answersHeartbeats = false;
    say(setting, 'one');
    await setting.waitFor('a note', () => notesOf(ada).length === 1);
    expect(held()).toBeGreaterThan(0);
    ada.answersHeartbeats = true;
    await setting.waitFor('the acknowledgement', () => held() === 0);
  });

  test('that are too many to keep leave a gap, of which the client is told', async () => {
    const setting = await openSetting(kind, {
      policy: PATIENT,
      limits: { retransmitBytesMax: 200 },
    });
    const first = await setting.loginRaw('ada');
    await setting.waitFor('the own entity', () => first.entityOf('ada') !== undefined);
    await lose(setting, first, 'ada');
    const { reliableReceived } = first;
    say(setting, ...Array.from({ length: 5 }, (_, number) => `${number}`.repeat(90)));
    const second = await resume(setting, first);
    expect(kindsOf(second).slice(0, 4)).toEqual([
      'login-accepted',
      'resynced',
      'roster',
      'heartbeat',
    ]);
    const resynced = second.first('resynced');
    expect(resynced).toMatchObject({ ticksLost: 0, eventsMissed: 5 });
    expect(resynced?.reliableSent).toBe(reliableReceived + 5);
    expect(second.first('roster')?.isComplete).toBe(true);
    say(setting, 'on');
    await setting.waitFor('a note', () => notesOf(second).length === 1);
    expect(notesOf(second)).toEqual(['on']);
    await lose(setting, second, 'ada');
    say(setting, 'and on');
    const third = await resume(setting, second);
    expect(notesOf(third)).toEqual(['and on']);
    expect(setting.runtime.host.counters).toMatchObject({ resyncs: 1 });
  });
});

describe('what is counted', () => {
  test('of the server: rosters, combat, verdict reports and user messages, nothing else', async () => {
    const setting = await openMemory({ policy: PATIENT });
    const ada = await setting.loginRaw('ada');
    const bob = await setting.loginRaw('bob');
    await setting.waitFor('ticks', () => ada.serverTick > 5 && ada.entityOf('bob') !== undefined);
    ada.send(shootInput({ tick: ada.serverTick + 1, targetPlayerId: 'bob' as PlayerId }));
    ada.send(moveInput({ tick: 1 }));
    say(setting, 'note');
    await setting.waitFor(
      'all kinds',
      () =>
        ada.first('combat-event') !== undefined &&
        ada.first('verdict-report') !== undefined &&
        notesOf(ada).length === 1,
    );
    const counted = kindsOf(ada).filter(
      (kind) => kind !== 'heartbeat' && kind !== 'login-accepted',
    );
    expect(ada.reliableReceived).toBe(counted.length);
    await lose(setting, ada, 'ada');
    await lose(setting, bob, 'bob');
    const again = await resume(setting, ada);
    expect(again.all('resynced')).toEqual([]);
    expect(kindsOf(again)).toEqual(['login-accepted', 'heartbeat']);
  });

  test('of the client: what arrives of its two kinds, whatever becomes of it', async () => {
    const setting = await openMemory({
      policy: PATIENT,
      limits: { strikesMax: 100, messageBurst: 64, reliableMessagesPerSecond: 1 },
    });
    const { counters } = setting.runtime.host;
    const first = await setting.loginRaw('ada');
    const broken = Uint8Array.of(MESSAGE_KIND_BYTES['user-message'], 0xff);
    first.sendBytes(broken);
    first.sendBytes(Uint8Array.of(MESSAGE_KIND_BYTES['shoot-input']));
    first.send({ kind: 'user-message', name: 'nobody knows', payload: '1' });
    first.send(shootInput({ tick: 1 }));
    await setting.passMs(30);
    expect([...counters.malformedByCode]).toEqual([['malformed', 1]]);
    const sent = 4 + 70;
    for (let count = 0; count < 70; count += 1) first.sendBytes(broken);
    // None of these is counted.
    first.send(moveInput({ tick: 1 }));
    first.send({ kind: 'user-update', name: 'note', payload: '1' });
    first.sendBytes(Uint8Array.of(MESSAGE_KIND_BYTES.roster));
    await setting.passMs(30);
    expect(counters.overBudgetMessages).toBeGreaterThan(0);
    await lose(setting, first, 'ada');
    const second = await resume(setting, first);
    expect(second.first('login-accepted')?.reliableReceived).toBe(sent);
  });

  test('before the login: nothing', async () => {
    const setting = await openMemory({ policy: PATIENT });
    const peer = await setting.connectRaw();
    peer.send({ kind: 'user-message', name: 'note', payload: '"early"' });
    peer.login({ playerId: 'ada' });
    await setting.waitFor('the login', () => peer.first('heartbeat') !== undefined);
    expect(peer.first('heartbeat')?.reliableReceived).toBe(0);
  });

  test('on the sync lane: nothing', async () => {
    const setting = await openMemory({ policy: PATIENT }, { syncLane: {} });
    const peer = await setting.loginRaw('ada');
    peer.sendBytes(Uint8Array.of(MESSAGE_KIND_BYTES['user-message']), 'sync');
    await setting.passMs(10);
    await lose(setting, peer, 'ada');
    const again = await resume(setting, peer);
    expect(again.first('login-accepted')?.reliableReceived).toBe(0);
  });
});

describe('acknowledgements', () => {
  test('of more than was sent are strikes and prove nothing, and older ones do no harm', async () => {
    const setting = await openMemory({ policy: PATIENT, limits: { strikesMax: 3 } });
    const { host } = setting.runtime;
    const peer = await setting.loginRaw('ada');
    await setting.waitFor('the own entity', () => peer.entityOf('ada') !== undefined);
    peer.answersHeartbeats = false;
    await setting.waitFor('a heartbeat', () => peer.all('heartbeat').length > 1);
    const session = sessionOf(setting, 'ada');
    const answer = (reliableReceived: number): void => {
      const { nonce = '', serverTick = 0 } = peer.last('heartbeat') ?? {};
      peer.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
    };
    const before = session.lastLivenessAt;
    answer(peer.reliableReceived + 1);
    await setting.passMs(20);
    expect(host.counters.falseAcknowledgements).toBe(1);
    expect(session.lastLivenessAt).toBe(before);
    answer(peer.reliableReceived);
    await setting.passMs(20);
    expect(session.lastLivenessAt).toBeGreaterThan(before);
    answer(0);
    await setting.passMs(20);
    expect(host.counters).toMatchObject({ falseAcknowledgements: 1, protocolErrors: 0 });
    for (let count = 0; count < 3; count += 1) answer(Number.MAX_SAFE_INTEGER);
    await setting.passMs(20);
    expect(session).toMatchObject({ state: 'disconnected', lastCause: 'protocol-error' });
  });
});

describe('a slow consumer', () => {
  test('resumes, and lacks nothing that its buffer holds', async () => {
    const setting = await openMemory({
      policy: PATIENT,
      limits: { reliableQueueBytesMax: 4_000 },
    });
    const { host } = setting.runtime;
    const first = await setting.loginRaw('ada');
    await setting.waitFor('the own entity', () => first.entityOf('ada') !== undefined);
    first.pauseReading();
    const session = sessionOf(setting, 'ada');
    const said: string[] = [];
    for (let number = 0; host.counters.slowConsumers === 0; number += 1) {
      said.push(`${number}`.padEnd(100, '.'));
      say(setting, said.at(-1)!);
      await setting.passMs(1);
    }
    expect(session.state).toBe('reconnecting');
    first.resumeReading();
    await setting.waitFor('the close', () => first.isClosed);
    const heard = notesOf(first);
    const second = await resume(setting, first);
    expect([...heard, ...notesOf(second)]).toEqual(said);
    expect(second.all('resynced')).toEqual([]);
  });
});
