import { describe, expect, test } from 'vitest';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { defineMessages } from '../../src/protocol/define-messages.ts';
import { HoldfastError } from '../../src/protocol/holdfast-error.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';
import { SETTINGS } from '../support/settings.ts';
import type { Setting } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

function sessionOf(setting: Setting, playerId: string): ManagedSession<{ name: string }> {
  return setting.runtime.host.sessions.getByPlayer(playerId as PlayerId)!;
}

function say(peer: RawPeer, name: string, payload: string): void {
  peer.send({ kind: 'user-message', name, payload });
}

function codeOf(call: () => unknown): string {
  try {
    call();
    return 'nothing';
  } catch (error) {
    return error instanceof HoldfastError ? error.code : String(error);
  }
}

describe.each(SETTINGS)("a game's own messages over $name", (kind) => {
  test('reach the other end as their schema says, in both directions', async () => {
    const heard: unknown[] = [];
    const setting = await openSetting(kind, {
      onMessage: (session, message, host) => {
        heard.push([session.playerId, session.data?.name, message]);
        host.send(session, { name: 'note', payload: `you said ${message.payload}` });
      },
    });
    const client = await setting.connectPlayer('ada');
    const answers: unknown[] = [];
    client.on('message', (message) => answers.push(message));
    expect(client.send({ name: 'note', payload: 'häi 🎯' })).toBe(true);
    await setting.waitFor('an answer', () => answers.length === 1);
    expect(heard).toEqual([['ada', 'ada', { name: 'note', payload: 'häi 🎯' }]]);
    expect(answers).toEqual([{ name: 'note', payload: 'you said häi 🎯' }]);
  });

  test('to a world reach each of its players once, and nobody elsewhere', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const inside = [await setting.loginRaw('ann'), await setting.loginRaw('bob')];
    const outside = [await setting.loginRaw('eve', 'elsewhere'), await setting.connectRaw()];
    const gone = await setting.loginRaw('gone');
    gone.drop();
    await setting.waitFor('the loss', () => sessionOf(setting, 'gone').state === 'reconnecting');
    expect(host.send('field', { name: 'note', payload: 'hello' })).toBe(true);
    await setting.waitFor('delivery', () =>
      inside.every((peer) => peer.first('user-message') !== undefined),
    );
    await setting.passMs(60);
    for (const peer of inside) {
      expect(peer.all('user-message')).toEqual([
        { kind: 'user-message', name: 'note', payload: '"hello"' },
      ]);
    }
    for (const peer of [...outside, gone]) expect(peer.all('user-message')).toEqual([]);
    expect(host.send('nowhere', { name: 'note', payload: 'hello' })).toBe(false);
  });

  test('to a session that is not logged in, or no more, go nowhere and say so', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const note = { name: 'note', payload: 'hello' } as const;
    await setting.connectRaw();
    const [early] = host.sessions;
    expect(host.send(early!, note)).toBe(false);
    const older = await setting.loginRaw('bob');
    const before = sessionOf(setting, 'bob');
    expect(host.send(before, note)).toBe(true);
    const newer = await setting.loginRaw('bob');
    expect(host.send(before, note)).toBe(false);
    const session = sessionOf(setting, 'bob');
    expect(host.send(session, note)).toBe(true);
    await setting.waitFor('delivery', () => newer.first('user-message') !== undefined);
    expect(newer.all('user-message')).toHaveLength(1);
    expect(older.all('user-message')).toHaveLength(1);
    newer.drop();
    await setting.waitFor('the loss', () => session.state === 'reconnecting');
    expect(host.send(session, note)).toBe(false);
    host.evict(session);
    expect(host.send(session, note)).toBe(false);
  });

  test('that nobody defined or that cannot be said are an error of the caller', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob');
    const session = sessionOf(setting, 'bob');
    const send = (name: string, payload: unknown) =>
      codeOf(() => host.send(session, { name, payload } as never));
    expect(send('unheard-of', 'x')).toBe('invalid-argument');
    expect(send('toString', 'x')).toBe('invalid-argument');
    expect(send('snapshot', 'x')).toBe('invalid-argument');
    expect(send('note', 1n)).toBe('invalid-argument');
    expect(send('note', () => 1)).toBe('invalid-argument');
    expect(send('note', 'x'.repeat(2_047))).toBe('message-too-large');
    expect(send('note', 'x'.repeat(2_046))).toBe('nothing');
    expect(codeOf(() => host.send('nowhere', { name: 'no' } as never))).toBe('invalid-argument');
    await setting.waitFor('the largest', () => bob.first('user-message') !== undefined);
  });

  test('that the server cannot take are verdicts, told in a report, and strikes', async () => {
    const heard: unknown[] = [];
    const setting = await openSetting(kind, {
      onMessage: (_session, message) => heard.push(message.payload),
      limits: { strikesMax: 5 },
    });
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob');
    for (const payload of ['5', '{"__proto__":1}', '"', '', 'null']) say(bob, 'note', payload);
    await setting.waitFor('verdicts', () => verdicts().rejected === 5);
    function verdicts() {
      return host.inspect(sessionOf(setting, 'bob'))!.verdicts.counts;
    }
    say(bob, 'note', '"fine"');
    await setting.waitFor('the fine one', () => heard.length === 1);
    await setting.waitFor('the report', () => bob.first('verdict-report') !== undefined);
    const entries = bob.all('verdict-report').flatMap((report) => report.entries);
    expect(entries).toHaveLength(5);
    expect(entries[0]).toEqual({
      input: 'note',
      inputTick: 0,
      outcome: 'rejected',
      code: 'invalid-payload',
    });
    expect(heard).toEqual(['fine']);
    say(bob, 'constructor', '"x"');
    await setting.waitFor('the end', () => bob.isClosed);
    expect(bob.closeCode).toBe('protocol-error');
  });
});

describe.each(SETTINGS)('verdict reports over $name', (kind) => {
  test('name what was not plainly accepted, and never a shot', async () => {
    const setting = await openSetting(kind);
    const bob = await setting.loginRaw('bob');
    const eve = await setting.loginRaw('eve');
    await setting.waitFor('ticks', () => bob.serverTick > 3);
    const tick = bob.serverTick;
    bob.send(moveInput({ tick: tick + 4 }));
    bob.send(moveInput({ tick: tick + 4 }));
    bob.send(moveInput({ tick: 1 }));
    bob.send(moveInput({ tick: tick + 5, directionX: 30 }));
    bob.send(moveInput({ tick: tick + 100 }));
    bob.send(shootInput({ tick: tick + 200 }));
    bob.send(shootInput({ tick: tick + 1, targetPlayerId: 'bob' as PlayerId }));
    const entries = () => bob.all('verdict-report').flatMap((report) => report.entries);
    await setting.waitFor('all of them', () => entries().length === 4);
    await setting.waitFor('the shots', () => bob.all('combat-event').length === 2);
    await setting.passMs(120);
    expect(entries().toSorted((one, other) => (one.outcome < other.outcome ? -1 : 1))).toEqual([
      { input: 'move-input', inputTick: tick + 5, outcome: 'clamped', code: undefined },
      { input: 'move-input', inputTick: tick + 4, outcome: 'duplicate', code: undefined },
      { input: 'move-input', inputTick: tick + 100, outcome: 'rejected', code: 'too-far-ahead' },
      { input: 'move-input', inputTick: 1, outcome: 'stale', code: undefined },
    ]);
    expect(bob.all('combat-event')).toMatchObject([
      { event: 'shoot-rejected', inputTick: tick + 200, code: 'too-far-ahead' },
      { event: 'shoot-rejected', inputTick: tick + 1, code: 'target-self' },
    ]);
    // Nobody else hears of any of this.
    expect(eve.all('verdict-report')).toEqual([]);
    expect(eve.all('combat-event')).toEqual([]);
  });

  test('come once per tick and peer at most, and count what they leave out', async () => {
    const setting = await openSetting(kind);
    const peers = [await setting.loginRaw('bob'), await setting.loginRaw('eve')];
    await setting.waitFor('ticks', () => peers.every((peer) => peer.serverTick > 2));
    for (let rounds = 0; rounds < 3; rounds += 1) {
      for (let inputs = 0; inputs < 20; inputs += 1) {
        for (const peer of peers) peer.send(moveInput({ tick: 1 }));
      }
      await setting.passMs(100);
    }
    const told = (peer: RawPeer) =>
      peer.all('verdict-report').map(({ entries, omitted }) => entries.length + omitted);
    const sum = (peer: RawPeer) => told(peer).reduce((total, count) => total + count, 0);
    await setting.waitFor('all are told', () => peers.every((peer) => sum(peer) === 60));
    for (const peer of peers) {
      const reports = peer.all('verdict-report');
      const ticks = reports.map(({ tick }) => tick);
      expect(new Set(ticks).size).toBe(ticks.length);
      for (const { entries } of reports) expect(entries.length).toBeLessThanOrEqual(16);
      if (kind.isExact) expect(reports.map(({ omitted }) => omitted)).toEqual([4, 4, 4]);
    }
  });
});

const cursorSchema: StandardSchemaV1<number, number> = {
  '~standard': {
    version: 1,
    vendor: 'holdfast-test',
    validate: (value) => ({ value: value as number }),
  },
};

describe('lanes', () => {
  test('a message on the sync lane is replaced by a newer one, a reliable one never', async () => {
    const transport = new ScriptedTransport();
    const messages = defineMessages({
      ...SPEC_CONFIG.messages.table,
      cursor: { lane: 'sync', schema: cursorSchema },
      pointer: { lane: 'sync', schema: cursorSchema },
    });
    const setting = await openMemory({
      transports: [transport],
      messages,
      limits: { syncBufferedBytesMax: 1_000 },
    });
    const { host } = setting.runtime;
    const connection = transport.open('peer');
    connection.login({ playerId: 'bob' });
    await setting.passMs(60);
    connection.bufferedBytes = 1_001;
    const session = sessionOf(setting, 'bob');
    for (let count = 1; count <= 3; count += 1) {
      for (const name of ['cursor', 'pointer', 'note']) {
        host.send(session, { name, payload: count } as never);
      }
    }
    await setting.passMs(1);
    const heard = (kind: 'user-message' | 'user-update') =>
      connection.all(kind).map(({ name, payload }) => name + payload);
    expect(heard('user-message')).toEqual(['note1', 'note2', 'note3']);
    expect(heard('user-update')).toEqual([]);
    connection.bufferedBytes = 0;
    await setting.passMs(60);
    expect(heard('user-update')).toEqual(['cursor3', 'pointer3']);
  });
});
