import { describe, expect, test } from 'vitest';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { openComebackStage } from '../support/comeback-stage.ts';
import { SETTINGS } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput } from '../support/world-fixture.ts';

const LONG_WINDOW = { policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 20_000 } };

function tokenOf(peer: RawPeer): string {
  return peer.last('login-accepted')?.resumeToken ?? '';
}

describe.each(SETTINGS)('a resume over $name', (kind) => {
  test('with a spent token is refused, counted and told, and hurts nobody', async () => {
    const stage = await openComebackStage(kind, LONG_WINDOW);
    const { setting, host, notices, sessionOf } = stage;
    const first = await setting.loginRaw('bob');
    const second = await stage.comeBack(first);
    await setting.waitFor('a word of the second', () => second.first('heartbeat') !== undefined);
    await setting.passMs(100);
    const session = sessionOf('bob');
    const thief = await stage.resume(first);
    expect(await stage.answerOf(thief)).toMatchObject({
      code: 'resume-refused',
      retryable: false,
      retryAfterMs: 0,
    });
    expect(sessionOf('bob')).toBe(session);
    expect(session).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(host.counters.tokensReused).toBe(1);
    expect(notices).toEqual([
      { kind: 'token-reused', sessionId: session.sessionId, playerId: 'bob' },
    ]);
    expect(second.isClosed).toBe(false);
    second.send(moveInput({ tick: second.serverTick + 2 }));
    await setting.waitFor('an ack', () => (second.last('input-ack')?.lastInputTick ?? 0) > 0);
  });

  test("with a spent token evicts the session under onTokenReuse: 'revoke'", async () => {
    const stage = await openComebackStage(kind, { ...LONG_WINDOW, onTokenReuse: 'revoke' });
    const { setting, host, notices } = stage;
    const first = await setting.loginRaw('bob');
    const second = await stage.comeBack(first);
    await setting.waitFor('a word of the second', () => second.first('heartbeat') !== undefined);
    await setting.passMs(100);
    const thief = await stage.resume(first);
    expect(await stage.answerOf(thief)).toMatchObject({ code: 'resume-refused' });
    await setting.waitFor('the end', () => second.isClosed);
    expect(second.last('close')).toMatchObject({ code: 'evicted', message: 'token-reused' });
    expect(host.sessions.getByPlayer('bob' as never)).toBeUndefined();
    expect(notices).toHaveLength(1);
    expect(await stage.answerOf(await stage.resume(second))).toMatchObject({
      code: 'resume-refused',
    });
  });

  test('that is refused looks the same whatever is wrong with it', async () => {
    const stage = await openComebackStage(kind);
    const { setting, sessionOf } = stage;
    const bob = await setting.loginRaw('bob');
    const eve = await setting.loginRaw('eve');
    const expired = await setting.loginRaw('ann');
    await stage.drop(expired, 'ann');
    const second = await stage.comeBack(bob);
    await setting.waitFor('a word', () => second.first('heartbeat') !== undefined);
    await setting.passMs(900);
    expect(setting.runtime.host.sessions.getByPlayer('ann' as never)).toBeUndefined();
    const provisional = setting.runtime.host.sessions;
    const stranger = await setting.connectRaw();
    const beginner = [...provisional].find(({ state }) => state === 'transport-connected')!;
    const cases: Record<string, Awaited<ReturnType<typeof stage.resume>>> = {
      spent: await stage.resume(bob),
      foreign: await stage.resume(second, { token: tokenOf(eve) }),
      unknown: await stage.resume(second, { token: 'A'.repeat(22) }),
      malformed: await stage.resume(second, { token: 'x' }),
      empty: await stage.resume(second, { token: '' }),
      'another session': await stage.resume(second, {
        sessionId: eve.first('login-accepted')!.sessionId,
      }),
      'no session': await stage.resume(second, { sessionId: 'none' as never }),
      'a session before its login': await stage.resume(second, { sessionId: beginner.sessionId }),
      expired: await stage.resume(expired),
    };
    const answers = await stage.answersOf(Object.values(cases));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toEqual({
      kind: 'login-rejected',
      code: 'resume-refused',
      retryable: false,
      retryAfterMs: 0,
      message: '',
    });
    expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(sessionOf('eve')).toMatchObject({ state: 'logged-in', epoch: 1 });
    expect(stranger.isClosed).toBe(false);
  });

  test('after a refusal leaves the connection for a Login, and counts no login attempt', async () => {
    const stage = await openComebackStage(kind);
    const { setting, host } = stage;
    const bob = await setting.loginRaw('bob');
    const peer = await stage.resume(bob, { token: 'x' });
    await stage.answerOf(peer);
    for (const turn of [2, 3]) {
      peer.resume(bob, { token: 'x' });
      expect(await stage.answerOf(peer, turn)).toMatchObject({ code: 'resume-refused' });
    }
    // The fourth is one too many, also with a token that is good.
    peer.resume(bob);
    await setting.waitFor('the count', () => host.counters.misplacedMessages === 1);
    expect(host.sessions.counters['resume-attempts-used-up']).toBe(1);
    peer.login({ playerId: 'ann' });
    expect(await stage.answerOf(peer, 4)).toMatchObject({
      kind: 'login-accepted',
      isResumed: false,
    });
  });

  test('of another protocol version is told ours, and the token stays good', async () => {
    const stage = await openComebackStage(kind);
    const { setting } = stage;
    const bob = await setting.loginRaw('bob');
    const peer = await stage.resume(bob, { protocolVersion: PROTOCOL_VERSION + 1 });
    const refusal = await stage.answerOf(peer);
    expect(refusal).toMatchObject({ code: 'version-mismatch', retryable: false });
    expect(refusal).toHaveProperty(
      'message',
      expect.stringContaining(`version ${PROTOCOL_VERSION}`),
    );
    await stage.comeBack(bob);
  });

  test('on a connection that is logged in or waits already is out of place', async () => {
    const stage = await openComebackStage(kind);
    const { setting, host, sessionOf } = stage;
    const bob = await setting.loginRaw('bob');
    const eve = await setting.loginRaw('eve');
    eve.resume(bob);
    await setting.waitFor('the count', () => host.counters.misplacedMessages === 1);
    const waiting = await setting.connectRaw();
    waiting.login({ playerId: 'hang' });
    waiting.resume(bob);
    await setting.waitFor('the count', () => host.counters.misplacedMessages === 2);
    expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 1 });
    expect(sessionOf('eve')).toMatchObject({ state: 'logged-in', epoch: 1 });
    waiting.drop();
  });

  test('of two at once with one token one is let in', async () => {
    const stage = await openComebackStage(kind, LONG_WINDOW);
    const { setting, sessionOf } = stage;
    const bob = await setting.loginRaw('bob');
    bob.drop();
    const peers = [await setting.connectRaw(), await setting.connectRaw()];
    for (const peer of peers) {
      peer.answersHeartbeats = false;
      peer.resume(bob);
    }
    const answers = await stage.answersOf(peers);
    const kinds = answers.map((answer) => answer.kind).toSorted();
    expect(kinds).toEqual(['login-accepted', 'login-rejected']);
    // The winner may never have heard: the other one is asked to wait until that is known.
    expect(answers.find(({ kind: what }) => what === 'login-rejected')).toMatchObject({
      code: 'busy',
      retryable: true,
    });
    expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
    const winner = peers.find((peer) => peer.first('login-accepted') !== undefined)!;
    const loser = peers.find((peer) => peer !== winner)!;
    winner.send({ kind: 'user-message', name: 'note', payload: '"here"' });
    await setting.passMs(200);
    loser.resume(bob);
    expect(await stage.answerOf(loser, 2)).toMatchObject({ code: 'resume-refused' });
    expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
  });

  test('of a player who has logged in anew meanwhile is refused, and none that was replayed', async () => {
    const stage = await openComebackStage(kind, LONG_WINDOW);
    const { setting, host, sessionOf } = stage;
    const bob = await setting.loginRaw('bob');
    await setting.loginRaw('bob');
    expect(await stage.answerOf(await stage.resume(bob))).toMatchObject({ code: 'resume-refused' });
    expect(sessionOf('bob')).toMatchObject({ state: 'logged-in', epoch: 2 });
    expect(host.counters.tokensReused).toBe(0);
    expect(stage.notices).toEqual([]);
  });
});
