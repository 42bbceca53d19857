import { describe, expect, test } from 'vitest';
import { expectUntouched } from '../support/control-run.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { openComebackStage, stageOf } from '../support/comeback-stage.ts';
import { liveABit } from '../support/live-a-bit.ts';
import { SETTINGS } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput } from '../support/world-fixture.ts';

/** How the session stands when its player comes back. */
const STATES = ['logged-in', 'timed-out', 'reconnecting'] as const;

const LONG_WINDOW = { policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 20_000 } };

function tokenOf(peer: RawPeer): string {
  return peer.last('login-accepted')?.resumeToken ?? '';
}

describe.each(SETTINGS)('a resume over $name', (kind) => {
  test.each(STATES)('of a session that is %s gives back all it had', async (state) => {
    const stage = await openComebackStage(kind, LONG_WINDOW);
    const { setting, host, sessionOf } = stage;
    const older = await setting.loginRaw('bob');
    const before = await liveABit(setting, older);
    const handle = sessionOf('bob');
    const newer = await setting.connectRaw();
    const order: string[] = [];
    older.onMessage = ({ kind: what }) => order.push(`older ${what}`);
    newer.onMessage = ({ kind: what }) => order.push(`newer ${what}`);
    const moves: string[] = [];
    host.sessions.subscribe(({ session, from, to, cause, epoch }) => {
      const { playerId = 'newcomer' } = session;
      if (playerId !== 'eve') moves.push(`${playerId}: ${from} → ${to} (${cause}, ${epoch})`);
    });
    if (state === 'reconnecting') await stage.drop(older, 'bob');
    if (state === 'timed-out') {
      older.answersHeartbeats = false;
      // In the same instant, before the next evaluation.
      host.sessions.subscribe(({ session, to }) => {
        if (session === handle && to === 'timed-out') newer.resume(older);
      });
    } else newer.resume(older);
    await setting.waitFor('a snapshot', () => newer.first('snapshot') !== undefined);

    const session = sessionOf('bob');
    expect(session).toMatchObject({ state: 'logged-in', epoch: 2, data: { name: 'bob' } });
    expect(session.sessionId).toBe(handle.sessionId);
    expect(handle.isAlive).toBe(false);
    // In real time the next evaluation may come first.
    const states = kind.isExact ? [state] : [state, 'reconnecting'];
    const resumed = states.map((from) => `bob: ${from} → logged-in (resumed, 2)`);
    expect(resumed).toContain(moves.find((move) => move.includes('resumed')));
    expect(moves).toContain('newcomer: login-pending → disconnected (merged, 0)');
    const accepted = newer.first('login-accepted');
    expect(accepted).toMatchObject({
      sessionId: session.sessionId,
      epoch: 2,
      isResumed: true,
      entity: older.first('login-accepted')?.entity,
    });
    expect(accepted?.resumeToken).toMatch(/^[\w-]{22}$/);
    expect(accepted?.resumeToken).not.toBe(tokenOf(older));
    expect(newer.fieldOf('bob', 'isSuspended') ?? 0).toBe(0);
    await setting.waitFor('the older ends', () => older.isClosed);
    if (state === 'logged-in') {
      expect(older.last('close')).toMatchObject({ code: 'superseded', retryable: false });
      if (kind.isExact) {
        expect(order.indexOf('older close')).toBeLessThan(order.indexOf('newer snapshot'));
      }
    }
    const player = newer
      .last('snapshot')
      ?.players.find(({ entity }) => entity === accepted?.entity);
    const names = accepted?.snapshotFields.map(({ name }) => name) ?? [];
    expect(player?.fields[names.indexOf('hitPoints')]).toBe(before.hitPoints);
    const { precision = 0 } = accepted?.snapshotFields[names.indexOf('x')] ?? {};
    expect((player?.fields[names.indexOf('x')] ?? 0) * precision).toBeCloseTo(before.x, 3);
    // Never deaf: the first input of the new connection counts.
    newer.send(moveInput({ tick: newer.serverTick + 2 }));
    await setting.waitFor('an ack', () => (newer.last('input-ack')?.lastInputTick ?? 0) > 0);
  });

  test('may follow another, each with the token of the one before', async () => {
    const { setting, sessionOf, comeBack } = await openComebackStage(kind, LONG_WINDOW);
    let newest = await setting.loginRaw('bob');
    const { sessionId } = sessionOf('bob');
    const tokens = new Set([tokenOf(newest)]);
    for (let epoch = 2; epoch <= 6; epoch += 1) {
      const older = newest;
      older.drop();
      newest = await comeBack(older);
      tokens.add(tokenOf(newest));
      expect(sessionOf('bob')).toMatchObject({ sessionId, epoch, state: 'logged-in' });
    }
    expect(tokens.size).toBe(6);
  });

  test('is nothing that anybody else could notice', async () => {
    await expectUntouched(
      kind,
      async (setting) => {
        const { comeBack, resume, answerOf } = stageOf(setting);
        const first = await setting.loginRaw('bob');
        const second = await comeBack(first);
        await setting.passMs(100);
        await answerOf(await resume(first));
        second.drop();
        await setting.passMs(100);
        await comeBack(second);
      },
      { config: LONG_WINDOW },
    );
  });
});
