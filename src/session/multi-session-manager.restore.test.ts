import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { Handle } from '../../test/support/session-scenario.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';

const KEPT = {
  sessionId: 'kept' as SessionId,
  playerId: 'anna' as PlayerId,
  worldId: 'arena' as WorldId,
  epoch: 7,
  data: 'red',
};

describe('MultiSessionManager: restore (L23)', () => {
  test('a session of an earlier process is held for a window from now on', () => {
    const scenario = new SessionScenario();
    const session = scenario.sessions.restore(KEPT);
    expect(session).toMatchObject({
      ...KEPT,
      peerId: 'restored:kept',
      state: 'reconnecting',
      lastCause: 'server-restarted',
      enteredAt: 1_000,
      deadline: 31_000,
      isAlive: true,
    });
    expect(scenario.events).toHaveLength(1);
    expect(scenario.events[0]).toMatchObject({
      session,
      from: 'disconnected',
      to: 'reconnecting',
      cause: 'server-restarted',
      epoch: 7,
    });
    expect(scenario.sessions.counters).toMatchObject({
      'session-restored': 1,
      'session-created': 1,
    });
  });

  test('every look-up finds it', () => {
    const scenario = new SessionScenario();
    const session = scenario.sessions.restore(KEPT);
    const { sessions } = scenario;
    expect(sessions.getBySession(KEPT.sessionId)).toBe(session);
    expect(sessions.getByPlayer(KEPT.playerId)).toBe(session);
    expect(scenario.get('restored:kept')).toBe(session);
    expect([...sessions]).toEqual([session]);
  });

  test('a resume brings it back under the next epoch', () => {
    const scenario = new SessionScenario();
    const session = scenario.sessions.restore(KEPT) as Handle;
    const handle = scenario.sessions.resume(scenario.awaitResume('laptop', session));
    expect(handle).toMatchObject({ state: 'logged-in', epoch: 8, data: 'red', peerId: 'laptop' });
    expect(scenario.events.at(-2)?.previousPeerId).toBe('restored:kept');
    expect(scenario.get('restored:kept')).toBeUndefined();
  });

  test('a login of its player takes it over', () => {
    const scenario = new SessionScenario({ takeover: 'reject' });
    scenario.sessions.restore(KEPT);
    const handle = scenario.logIn('laptop', { playerId: 'anna', data: 'blue' });
    expect(handle).toMatchObject({ sessionId: 'kept', epoch: 8, data: 'blue' });
  });

  test.each([
    { at: 30_999, size: 1 },
    { at: 31_000, size: 0 },
    { at: 31_001, size: 0 },
  ])('nobody comes for it: $size at $at', ({ at, size }) => {
    const scenario = new SessionScenario({ stallMsMax: 1_000_000 });
    const session = scenario.sessions.restore(KEPT) as Handle;
    scenario.clock.ms = at;
    scenario.sessions.evaluate();
    expect(scenario.sessions.size).toBe(size);
    if (size === 0) expect(session.lastCause).toBe('reconnect-window-expired');
  });

  test.each<[string, Partial<typeof KEPT>]>([
    ['session', { playerId: 'bert' as PlayerId }],
    ['player', { sessionId: 'other' as SessionId }],
  ])('a %s that is here already is refused and counted', (_what, changes) => {
    const scenario = new SessionScenario();
    const session = scenario.sessions.restore(KEPT) as Handle;
    expect(scenario.sessions.restore({ ...KEPT, ...changes, epoch: 9 })).toBeUndefined();
    expect(session).toMatchObject({ epoch: 7, isAlive: true });
    expect(scenario.sessions.size).toBe(1);
    expect(scenario.sessions.counters['restore-refused']).toBe(1);
    expect(scenario.events).toHaveLength(1);
  });

  test('a player who has logged in already keeps the seat', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('phone', { playerId: 'anna' });
    expect(scenario.sessions.restore(KEPT)).toBeUndefined();
    expect(scenario.sessions.getByPlayer(KEPT.playerId)).toBe(session);
  });

  test('nothing is restored after stop, nor while everything is being removed', () => {
    const scenario = new SessionScenario();
    scenario.logIn('bert');
    const answers: unknown[] = [];
    scenario.sessions.subscribe(() => answers.push(scenario.sessions.restore(KEPT)));
    scenario.sessions.removeAll('server-stopped');
    expect(answers).toEqual([undefined]);
    scenario.sessions.stop('server-stopped');
    expect(scenario.sessions.restore(KEPT)).toBeUndefined();
    expect(scenario.sessions.counters['contact-refused']).toBe(2);
    expect(scenario.sessions.size).toBe(0);
  });

  test.each([0, -1, 1.5, Number.NaN])('epoch %s is our bug', (epoch) => {
    const scenario = new SessionScenario();
    expect(() => scenario.sessions.restore({ ...KEPT, epoch })).toThrow('was logged in');
    expect(scenario.sessions.size).toBe(0);
  });

  test('an id source that gives an id of a restored session is our bug', () => {
    const scenario = new SessionScenario({}, { createSessionId: () => KEPT.sessionId });
    scenario.sessions.restore(KEPT);
    expect(() => scenario.contact('laptop')).toThrow('given once');
    expect(scenario.sessions.size).toBe(1);
  });
});
