import { describe, expect, test } from 'vitest';
import { nodeHashToken } from '../../src/host/node-platform.ts';
import type { DurableStage } from '../support/durable-stage.ts';
import {
  beginResume,
  DURABLE_POLICY,
  letItSettle,
  openDurable,
  seatBob,
  SLOW_MS,
} from '../support/durable-stage.ts';
import { HookStage } from '../support/hook-stage.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput } from '../support/world-fixture.ts';

/** The host goes on with bob's session as it was, and so would the next process. */
async function expectBobUnchanged(stage: DurableStage, bob: RawPeer): Promise<void> {
  const { sessionOf, disk, setting, host } = stage;
  expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 1 });
  expect(await disk.sessionOf('bob')).toMatchObject({
    epoch: 1,
    tokens: { current: nodeHashToken(bob.last('login-accepted')?.resumeToken ?? '') },
  });
  bob.send(moveInput({ tick: bob.serverTick + 2 }));
  const before = bob.last('input-ack')?.lastInputTick ?? 0;
  await setting.waitFor('an ack', () => (bob.last('input-ack')?.lastInputTick ?? 0) > before);
  expect(host.counters.internalErrors).toBe(0);
  // The token was not used up by a resume that came to nothing.
  await stage.comeBack(bob);
  expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
}

describe('while a resume is being written', () => {
  test('the newcomer goes away: nothing has happened', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const newcomer = await beginResume(stage, bob);
    newcomer.drop();
    await letItSettle(stage);
    expect(stage.host.counters.seatsUndone).toBe(1);
    await expectBobUnchanged(stage, bob);
  });

  test('the newcomer’s login deadline passes: it is told, and nothing has happened', async () => {
    const stage = await openDurable({ policy: { ...DURABLE_POLICY, loginTimeoutMs: 700 } });
    const bob = await seatBob(stage);
    stage.disk.fate = { delayMs: 1_500 };
    const newcomer = await stage.resume(bob);
    expect(await stage.answerOf(newcomer)).toMatchObject({ code: 'login-timeout' });
    await letItSettle(stage);
    await stage.setting.passMs(4_000);
    expect(stage.host.counters.seatsUndone).toBe(1);
    await expectBobUnchanged(stage, bob);
  });

  test('the session is evicted: the newcomer is refused, and nothing is left', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const newcomer = await beginResume(stage, bob);
    stage.host.evict(stage.sessionOf('bob'), 'cheating');
    expect(await stage.answerOf(newcomer)).toMatchObject({ code: 'resume-refused' });
    await letItSettle(stage);
    expect(bob.last('close')).toMatchObject({ code: 'evicted', message: 'cheating' });
    expect(await stage.disk.sessions()).toEqual([]);
    expect(stage.host.worldCount).toBe(0);
  });

  test('the older connection leaves: the newcomer is refused, and nothing is left', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const newcomer = await beginResume(stage, bob);
    bob.send({ kind: 'leave' });
    expect(await stage.answerOf(newcomer)).toMatchObject({ code: 'resume-refused' });
    await letItSettle(stage);
    expect(bob.last('close')).toMatchObject({ code: 'left' });
    expect(await stage.disk.sessions()).toEqual([]);
  });

  test('the older connection speaks: the resume goes on and spends both tokens', async () => {
    const stage = await openDurable();
    const first = await seatBob(stage);
    const second = await stage.comeBack(first);
    second.answersHeartbeats = false;
    stage.disk.fate = { delayMs: SLOW_MS };
    const third = await stage.resume(second);
    await stage.setting.passMs(30);
    second.send({ kind: 'user-message', name: 'note', payload: '"here"' });
    expect(await stage.answerOf(third)).toMatchObject({ kind: 'login-accepted', epoch: 3 });
    await letItSettle(stage);
    for (const peer of [first, second]) {
      expect(await stage.answerOf(await stage.resume(peer))).toMatchObject({
        code: 'resume-refused',
      });
    }
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 3 });
  });

  test('the holder of the newer token speaks: the previous one is refused after all', async () => {
    const stage = await openDurable({ policy: { ...DURABLE_POLICY, livenessTimeoutMs: 4_000 } });
    const { setting, disk } = stage;
    const first = await seatBob(stage);
    const mute = await setting.connectRaw();
    mute.answersHeartbeats = false;
    mute.resume(first);
    await stage.answerOf(mute);
    await setting.passMs(1_000);
    disk.fate = { delayMs: SLOW_MS };
    const late = await stage.resume(first);
    await setting.passMs(30);
    expect(late.received).toEqual([]);
    mute.send({ kind: 'user-message', name: 'note', payload: '"here"' });
    expect(await stage.answerOf(late)).toMatchObject({ code: 'resume-refused' });
    await letItSettle(stage);
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(await disk.sessionOf('bob')).toMatchObject({
      epoch: 2,
      tokens: { current: nodeHashToken(mute.last('login-accepted')!.resumeToken) },
    });
    expect(stage.host.counters.seatsUndone).toBe(1);
    await stage.comeBack(mute);
  });

  test('another comes with the same token: one of them is let in', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const one = await beginResume(stage, bob);
    const other = await stage.resume(bob);
    expect(await stage.answerOf(one)).toMatchObject({ kind: 'login-accepted', epoch: 2 });
    // Whether the winner has heard of it is not known yet.
    expect(await stage.answerOf(other)).toMatchObject({ code: 'busy', retryable: true });
    await letItSettle(stage);
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(await stage.disk.sessionOf('bob')).toMatchObject({ epoch: 2 });
  });

  test('a login of the player waits its turn, and takes over from the newcomer', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const one = await beginResume(stage, bob);
    const other = await stage.setting.connectRaw();
    other.login({ playerId: 'bob' });
    expect(await stage.answerOf(one)).toMatchObject({ kind: 'login-accepted', epoch: 2 });
    expect(await stage.answerOf(other)).toMatchObject({ epoch: 3, isResumed: false });
    await letItSettle(stage);
    expect(one.last('close')).toMatchObject({ code: 'superseded' });
    expect(await stage.disk.sessionOf('bob')).toMatchObject({ epoch: 3 });
  });

  test('a login that began earlier is answered: it is refused, the resume holds', async () => {
    const hook = new HookStage();
    const stage = await openDurable({
      authenticate: (credentials, request) =>
        (credentials as { waits?: boolean }).waits === true
          ? hook.authenticate(credentials, request)
          : SPEC_CONFIG.authenticate(credentials, request),
    });
    const bob = await seatBob(stage);
    const slow = await stage.setting.connectRaw();
    slow.login({ waits: true });
    await stage.setting.waitFor('the hook', () => hook.calls.length === 1);
    const newcomer = await beginResume(stage, bob);
    hook.last.answer({ playerId: 'bob', worldId: 'field', data: { name: 'late' } });
    expect(await stage.answerOf(newcomer)).toMatchObject({ kind: 'login-accepted', epoch: 2 });
    expect(await stage.answerOf(slow)).toMatchObject({
      code: 'already-logged-in',
      retryable: false,
    });
    await letItSettle(stage);
    expect(stage.sessionOf('bob')).toMatchObject({ epoch: 2, data: { name: 'bob' } });
  });

  test('the window ends: the seat waits for the disk', async () => {
    const stage = await openDurable({ policy: { ...DURABLE_POLICY, reconnectWindowMs: 400 } });
    const bob = await seatBob(stage);
    await stage.drop(bob, 'bob');
    stage.disk.fate = { delayMs: 450 };
    const newcomer = await stage.resume(bob);
    await stage.setting.passMs(430);
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'reconnecting' });
    expect(await stage.answerOf(newcomer)).toMatchObject({ kind: 'login-accepted', epoch: 2 });
    await letItSettle(stage);
  });

  test('the host stops: both hear of it, and nothing is left', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    const newcomer = await beginResume(stage, bob);
    await stage.setting.until(stage.setting.runtime.stop());
    await stage.setting.passMs(100);
    expect(bob.last('close')).toMatchObject({ code: 'server-stopped' });
    expect(newcomer.last('close')).toMatchObject({ code: 'server-stopped' });
    expect(newcomer.all('login-accepted')).toEqual([]);
    expect(await stage.disk.sessions()).toEqual([]);
  });

  test('the store has another epoch: the newcomer is refused, the seat is as it was', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    stage.disk.isForeign = true;
    const newcomer = await stage.resume(bob);
    expect(await stage.answerOf(newcomer)).toMatchObject({ code: 'resume-refused' });
    stage.disk.isForeign = false;
    await expectBobUnchanged(stage, bob);
  });

  test('the disk fails: the newcomer is told to come again, the seat is as it was', async () => {
    const stage = await openDurable();
    const bob = await seatBob(stage);
    stage.disk.fate = { fault: 'nothing-written' };
    const newcomer = await stage.resume(bob);
    expect(await stage.answerOf(newcomer)).toMatchObject({
      code: 'busy',
      retryable: true,
      retryAfterMs: 500,
    });
    await letItSettle(stage);
    await stage.setting.passMs(1_000);
    newcomer.resume(bob);
    expect(await stage.answerOf(newcomer, 2)).toMatchObject({ kind: 'login-accepted', epoch: 2 });
  });
});
