import { describe, expect, test } from 'vitest';
import type { RawPeer } from '../support/raw-peer.ts';
import { openComebackStage } from '../support/comeback-stage.ts';
import { MEMORY, SETTINGS } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

const LONG_WINDOW = { policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 20_000 } };

function tokenOf(peer: RawPeer): string {
  return peer.last('login-accepted')?.resumeToken ?? '';
}

describe.each(SETTINGS)('an answer that is lost over $name', (kind) => {
  /** Bob resumes, and the connection that gets the answer never says a word. */
  async function loseAnswer(policy: object = {}) {
    const stage = await openComebackStage(kind, {
      policy: {
        ...LONG_WINDOW.policy,
        livenessTimeoutMs: 4_000,
        heartbeatIntervalMs: 2_000,
        ...policy,
      },
    });
    const first = await stage.setting.loginRaw('bob');
    first.drop();
    const mute = await stage.setting.connectRaw();
    mute.answersHeartbeats = false;
    mute.resume(first);
    await stage.answerOf(mute);
    return { stage, first, mute };
  }

  test('leaves the previous token good once its connection has ended', async () => {
    const { stage, first, mute } = await loseAnswer();
    await stage.drop(mute, 'bob');
    await stage.comeBack(first);
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 3 });
    // What was never heard of is worth nothing now.
    expect(await stage.answerOf(await stage.resume(mute))).toMatchObject({
      code: 'resume-refused',
    });
    expect(stage.notices.map((notice) => notice.kind)).toEqual(['token-reused']);
  });

  test('leaves it good after a second of silence, and says so to who comes earlier', async () => {
    const { stage, first, mute } = await loseAnswer();
    const { setting } = stage;
    const early = await stage.resume(first);
    const answer = await stage.answerOf(early);
    expect(answer).toMatchObject({ code: 'busy', retryable: true });
    const { retryAfterMs } = answer as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(500);
    expect(retryAfterMs).toBeLessThanOrEqual(1_000);
    expect(stage.sessionOf('bob')).toMatchObject({ epoch: 2 });
    await setting.passMs(retryAfterMs);
    early.resume(first);
    expect(await stage.answerOf(early, 2)).toMatchObject({ kind: 'login-accepted', epoch: 3 });
    await setting.waitFor('the end of the mute one', () => mute.isClosed);
    expect(mute.last('close')).toMatchObject({ code: 'superseded' });
  });

  test('is known to have arrived by the first message that counts', async () => {
    const { stage, first, mute } = await loseAnswer();
    const { setting } = stage;
    mute.send({ kind: 'user-message', name: 'note', payload: '"here"' });
    await setting.passMs(1_200);
    expect(await stage.answerOf(await stage.resume(first))).toMatchObject({
      code: 'resume-refused',
    });
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(mute.isClosed).toBe(false);
  });
});

describe('the edge of the silence', () => {
  test.each([
    [999, 'busy'],
    [1_000, undefined],
  ])('after %i ms the previous token is answered %s', async (silenceMs, code) => {
    const stage = await openComebackStage(MEMORY, {
      policy: { ...LONG_WINDOW.policy, livenessTimeoutMs: 4_000, heartbeatIntervalMs: 2_000 },
    });
    const { setting, host } = stage;
    const first = await setting.loginRaw('bob');
    first.drop();
    const mute = await setting.connectRaw();
    mute.answersHeartbeats = false;
    const late = await setting.connectRaw();
    // Both messages take as long on the way.
    mute.resume(first);
    await setting.passMs(silenceMs);
    late.resume(first);
    const answer = await stage.answerOf(late);
    expect(answer.kind === 'login-rejected' ? answer.code : undefined).toBe(code);
    expect(host.sessions.getByPlayer('bob' as never)?.epoch).toBe(code ? 2 : 3);
  });
});

describe('a server that holds no seats', () => {
  test('gives no token', async () => {
    const stage = await openComebackStage(MEMORY, {
      policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 0 },
    });
    const bob = await stage.setting.loginRaw('bob');
    expect(tokenOf(bob)).toBe('');
    expect(await stage.answerOf(await stage.resume(bob))).toMatchObject({ code: 'resume-refused' });
    expect(stage.sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 1 });
  });
});

describe('the place at the door', () => {
  test('moves with the seat: the old address is free, the new one counts', async () => {
    const stage = await openComebackStage(MEMORY, {
      ...LONG_WINDOW,
      limits: { sessionsPerAddressMax: 1 },
    });
    const { setting } = stage;
    const bob = await setting.loginRaw('bob', undefined, { address: '10.0.0.1' });
    const back = await stage.resume(bob, {}, { address: '10.0.0.2' });
    expect(await stage.answerOf(back)).toMatchObject({ kind: 'login-accepted' });
    await setting.loginRaw('eve', undefined, { address: '10.0.0.1' });
    const third = await setting.connectRaw({ address: '10.0.0.2' });
    third.login({ playerId: 'ann' });
    expect(await stage.answerOf(third)).toMatchObject({ code: 'address-full' });
  });

  test('is no reason to keep a player from the own seat', async () => {
    const stage = await openComebackStage(MEMORY, {
      ...LONG_WINDOW,
      limits: { sessionsPerAddressMax: 1 },
    });
    const { setting } = stage;
    const bob = await setting.loginRaw('bob', undefined, { address: '10.0.0.1' });
    await setting.loginRaw('eve', undefined, { address: '10.0.0.2' });
    const back = await stage.resume(bob, {}, { address: '10.0.0.2' });
    expect(await stage.answerOf(back)).toMatchObject({ kind: 'login-accepted' });
  });
});
