import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { expectUntouched } from '../support/control-run.ts';
import { HookStage } from '../support/hook-stage.ts';
import { liveABit } from '../support/live-a-bit.ts';
import { openMemory, openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';
import { SETTINGS } from '../support/settings.ts';
import type { Setting } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

/** How the player's first connection stands when the second logs in. */
const OLDER_STATES = ['logged-in', 'timed-out', 'reconnecting'] as const;

function sessionOf(setting: Setting, playerId: string): ManagedSession<{ name: string }> {
  const session = setting.runtime.host.sessions.getByPlayer(playerId as PlayerId);
  if (session === undefined) throw new Error(`no session of ${playerId}`);
  return session;
}

/** Every move of every session, as words. */
function recordMoves(setting: Setting): string[] {
  const moves: string[] = [];
  setting.runtime.host.sessions.subscribe(({ session, from, to, cause, epoch }) => {
    moves.push(`${session.playerId ?? '-'}: ${from} → ${to} (${cause}, epoch ${epoch})`);
  });
  return moves;
}

/** Lets the older connection fall silent or away until its session is in `state`. */
async function bringInto(
  setting: Setting,
  { bob, state }: { bob: RawPeer; state: (typeof OLDER_STATES)[number] },
): Promise<void> {
  if (state === 'logged-in') return;
  const session = sessionOf(setting, 'bob');
  if (state === 'reconnecting') bob.drop();
  else bob.answersHeartbeats = false;
  const reached = new Promise<void>((settle) => {
    setting.runtime.host.sessions.subscribe((event) => {
      if (event.session === session && event.to === state) settle();
    });
  });
  await setting.until(reached);
}

describe.each(SETTINGS)('a second login over $name', (kind) => {
  test.each(OLDER_STATES)(
    'takes over from a session that is %s, with all it had',
    async (state) => {
      const hook = new HookStage();
      const setting = await openSetting(kind, {
        authenticate: (credentials, request) =>
          (credentials as { waits?: boolean }).waits === true
            ? hook.authenticate(credentials, request)
            : SPEC_CONFIG.authenticate(credentials, request),
      });
      const { sessions } = setting.runtime.host;
      const older = await setting.loginRaw('bob');
      const before = await liveABit(setting, older);
      const olderHandle = sessionOf(setting, 'bob');
      const order: string[] = [];
      older.onMessage = ({ kind: what }) => order.push(`older ${what}`);

      const newer = await setting.connectRaw();
      newer.onMessage = ({ kind: what }) => order.push(`newer ${what}`);
      newer.login({ waits: true });
      await setting.waitFor('the hook', () => hook.calls.length === 1);
      // In virtual time the answer comes while the state is still the one in question.
      const inState = sessions.subscribe(({ session, to }) => {
        if (session === olderHandle && to === state) answer();
      });
      function answer(): void {
        inState();
        hook.last.answer({ playerId: 'bob', worldId: 'field', data: { name: 'second' } });
      }
      if (state === 'logged-in') answer();
      const moves = recordMoves(setting);
      await bringInto(setting, { bob: older, state });
      await setting.waitFor('a snapshot', () => newer.first('snapshot') !== undefined);

      const session = sessionOf(setting, 'bob');
      expect(session).toMatchObject({ state: 'logged-in', epoch: 2, data: { name: 'second' } });
      expect(session.sessionId).toBe(olderHandle.sessionId);
      expect(olderHandle.isAlive).toBe(false);
      expect(sessions.get(olderHandle.peerId)).toBeUndefined();
      expect(moves.filter((move) => move.startsWith('bob: ') && move.includes('taken'))).toEqual([
        `bob: ${state} → logged-in (taken-over, epoch 2)`,
      ]);
      expect(moves.at(-1)).toBe('-: login-pending → disconnected (merged, epoch 0)');
      expect(newer.first('login-accepted')).toMatchObject({
        sessionId: session.sessionId,
        epoch: 2,
        entity: older.first('login-accepted')?.entity,
      });
      expect(newer.fieldOf('bob', 'hitPoints')).toBe(before.hitPoints);
      expect(newer.fieldOf('bob', 'x')).toBeCloseTo(before.x, 3);
      expect(newer.fieldOf('bob', 'isSuspended')).toBe(0);
      await setting.waitFor('the older ends', () => older.isClosed);
      if (state === 'logged-in') {
        expect(older.closeCode).toBe('superseded');
        expect(older.last('close')).toMatchObject({ code: 'superseded', retryable: false });
        if (kind.isExact) {
          expect(order.indexOf('older close')).toBeLessThan(order.indexOf('newer snapshot'));
        }
      }
      // Never deaf: the first input of the new connection counts.
      newer.send(moveInput({ tick: newer.serverTick + 2 }));
      await setting.waitFor('an ack', () => (newer.last('input-ack')?.lastInputTick ?? 0) > 0);
    },
  );

  test('into another world ends the old session there and begins a new one', async () => {
    const setting = await openSetting(kind);
    const { host } = setting.runtime;
    const older = await setting.loginRaw('bob', 'north');
    const first = sessionOf(setting, 'bob');
    const moves = recordMoves(setting);
    const newer = await setting.loginRaw('bob', 'south');
    await setting.waitFor('the older ends', () => older.isClosed);
    expect(older.closeCode).toBe('superseded');
    const second = sessionOf(setting, 'bob');
    expect(second).toMatchObject({ state: 'logged-in', epoch: 1, worldId: 'south' });
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(moves.slice(-2)).toEqual([
      'bob: logged-in → disconnected (superseded, epoch 1)',
      'bob: login-pending → logged-in (login-succeeded, epoch 1)',
    ]);
    await setting.waitFor('the north is closed', () => host.worldCount === 1);
    expect(newer.first('login-accepted')).toMatchObject({ worldId: 'south', entity: 1 });
  });

  test('keeps what the host knew of the inputs, and frees the place at the door', async () => {
    const setting = await openSetting(kind, { limits: { sessionsPerAddressMax: 2 } });
    const { host } = setting.runtime;
    let newest = await setting.loginRaw('bob');
    newest.send(moveInput({ tick: 100_000 }));
    const verdicts = () => host.inspect(sessionOf(setting, 'bob'))?.verdicts.rejectedByCode;
    await setting.waitFor('a verdict', () => verdicts()?.['too-far-ahead'] === 1);
    for (let times = 0; times < 4; times += 1) {
      const older = newest;
      newest = await setting.loginRaw('bob');
      await setting.waitFor('the older ends', () => older.isClosed);
    }
    expect(sessionOf(setting, 'bob').epoch).toBe(5);
    expect(verdicts()).toEqual({ 'too-far-ahead': 1 });
    newest.send({ kind: 'leave' });
    await setting.waitFor('nobody', () => host.sessions.size === 0);
    await setting.loginRaw('ada');
    await setting.loginRaw('eve');
    const third = await setting.connectRaw();
    third.login({ playerId: 'ann' });
    await setting.waitFor('refusal', () => third.first('login-rejected') !== undefined);
    expect(third.first('login-rejected')).toMatchObject({ code: 'address-full' });
  });

  test('is nothing that anybody else could notice', async () => {
    await expectUntouched(kind, async (setting) => {
      for (const world of ['field', 'field', 'elsewhere', 'field']) {
        await setting.loginRaw('bob', world);
      }
    });
  });

  test('ends the real client for good, and the other one plays on', async () => {
    const setting = await openSetting(kind);
    const first = await setting.connectPlayer('bob');
    const closed: unknown[] = [];
    first.on('closed', (event) => closed.push(event));
    const second = await setting.connectPlayer('bob');
    await setting.waitFor('the end', () => first.state === 'disconnected');
    await setting.passMs(1_500);
    expect(closed).toEqual([{ reason: 'superseded', retryable: false }]);
    expect(first.stats.reconnects).toBe(0);
    expect(second.state).toBe('logged-in');
    expect(second.epoch).toBe(2);
    expect(setting.runtime.host.counters.connectionsOpened).toBe(2);
  });
});

describe('bytes and closes that come too late', () => {
  test('through a replaced connection touch neither the session nor the world', async () => {
    const transport = new ScriptedTransport();
    const setting = await openMemory({ transports: [transport] });
    const { host } = setting.runtime;
    const older = transport.open('older');
    older.login({ playerId: 'bob' });
    await setting.passMs(120);
    const newer = transport.open('newer');
    newer.login({ playerId: 'bob' });
    await setting.passMs(120);
    const session = sessionOf(setting, 'bob');
    const before = { ...host.inspect(session)!.verdicts, refused: session.lastLivenessAt };
    const tick = newer.all('snapshot').at(-1)!.tick;
    const { misplacedMessages } = host.counters;

    older.deliver(moveInput({ tick: tick + 2 }));
    older.deliver(shootInput({ tick: tick + 1 }));
    older.deliver({ kind: 'user-message', name: 'note', payload: '"late"' });
    older.deliver({ kind: 'leave' });
    older.login({ playerId: 'bob' });
    older.deliverBytes(Uint8Array.of(250));
    older.deliverMalformed('text-frame');
    expect(host.counters.lateMessages).toBe(6);
    older.end();
    await setting.passMs(200);

    expect(sessionOf(setting, 'bob')).toBe(session);
    expect(session).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(session.lastLivenessAt).toBe(before.refused);
    expect(host.inspect(session)?.verdicts.counts).toEqual(before.counts);
    expect(host.counters.misplacedMessages).toBe(misplacedMessages);
    expect(host.sessions.size).toBe(1);
    expect(newer.closeCode).toBeUndefined();
    expect(older.all('login-accepted')).toHaveLength(1);
  });

  test('of a removed peer create nothing', async () => {
    const transport = new ScriptedTransport();
    const setting = await openMemory({ transports: [transport] });
    const { host } = setting.runtime;
    const peer = transport.open('peer');
    peer.login({ playerId: 'bob' });
    await setting.passMs(120);
    host.evict(sessionOf(setting, 'bob'));
    peer.login({ playerId: 'bob' });
    peer.deliver({ kind: 'leave' });
    peer.end();
    peer.login({ playerId: 'bob' });
    await setting.passMs(120);
    expect(host.sessions.size).toBe(0);
    expect(host.worldCount).toBe(0);
    expect(host.counters.lateMessages).toBe(3);
  });
});
