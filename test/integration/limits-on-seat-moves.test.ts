import { describe, expect, test } from 'vitest';
import { openComebackStage } from '../support/comeback-stage.ts';
import { MEMORY } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

const LONG_WINDOW = { policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 20_000 } };
const LIMITS = { seatMovesPerMinute: 60, seatMoveBurst: 3 };

describe('limits.seatMoveBurst', () => {
  test('is bounded for resumes: one too many waits, and is let in then', async () => {
    const stage = await openComebackStage(MEMORY, { ...LONG_WINDOW, limits: LIMITS });
    const { setting, host } = stage;
    let newest = await setting.loginRaw('bob');
    for (let moves = 0; moves < 3; moves += 1) {
      newest.drop();
      newest = await stage.comeBack(newest);
    }
    newest.drop();
    const fourth = await stage.resume(newest);
    const answer = await stage.answerOf(fourth);
    expect(answer).toMatchObject({ code: 'busy', retryable: true, retryAfterMs: 1_000 });
    expect(host.counters.seatMovesRefused).toBe(1);
    await setting.passMs(1_000);
    fourth.resume(newest);
    expect(await stage.answerOf(fourth, 2)).toMatchObject({ kind: 'login-accepted', epoch: 5 });
  });

  test('is bounded for takeovers together with resumes, player by player', async () => {
    const stage = await openComebackStage(MEMORY, { ...LONG_WINDOW, limits: LIMITS });
    const { setting, host, sessionOf } = stage;
    const first = await setting.loginRaw('bob');
    const second = await stage.comeBack(first);
    await setting.loginRaw('bob');
    await setting.loginRaw('bob', 'elsewhere');
    const peer = await setting.connectRaw();
    peer.login({ playerId: 'bob' });
    expect(await stage.answerOf(peer)).toMatchObject({ code: 'busy', retryAfterMs: 1_000 });
    expect(sessionOf('bob')).toMatchObject({ worldId: 'elsewhere', epoch: 1 });
    expect(host.counters.seatMovesRefused).toBe(1);
    expect(second.isClosed).toBe(true);
    await stage.comeBack(await setting.loginRaw('eve'));
  });

  test('does not count those who leave and come again', async () => {
    const stage = await openComebackStage(MEMORY, { limits: LIMITS });
    for (let times = 0; times < 8; times += 1) {
      const peer = await stage.setting.loginRaw('bob');
      peer.send({ kind: 'leave' });
      await stage.setting.waitFor('the end', () => peer.isClosed);
    }
    expect(stage.host.counters.seatMovesRefused).toBe(0);
  });
});

describe('limits.seatMovesPerMinute', () => {
  test('a resume that is told to wait keeps the seat past its window', async () => {
    const stage = await openComebackStage(MEMORY, { limits: { ...LIMITS, seatMoveBurst: 1 } });
    const { setting, sessionOf } = stage;
    const first = await setting.loginRaw('bob');
    const second = await stage.comeBack(first);
    await setting.passMs(200);
    await stage.drop(second, 'bob');
    const third = await stage.resume(second);
    expect(await stage.answerOf(third)).toMatchObject({ code: 'busy', retryAfterMs: 1_000 });
    // The window is 600 ms, and twice that is the most.
    await setting.passMs(1_000);
    third.resume(second);
    expect(await stage.answerOf(third, 2)).toMatchObject({ kind: 'login-accepted' });
    expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 3 });
  });
});
