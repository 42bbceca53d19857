import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { PeerId, SessionId } from '../protocol/ids.ts';
import type { SessionEvent } from './session-event.ts';
import { SESSION_TRANSITIONS } from './transitions.ts';

describe('MultiSessionManager: removal', () => {
  test('L19: remove is true once and false after, with exactly one terminal event', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    const { sessions } = scenario;
    expect([sessions.remove(session, 'evicted'), sessions.remove(session, 'again')]).toEqual([
      true,
      false,
    ]);
    expect(scenario.trace(session).filter((move) => move.includes('→ disconnected'))).toEqual([
      'logged-in → disconnected: evicted',
    ]);
  });

  test('L19: a session is out of all look-ups before its terminal event is delivered', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    const found: unknown[] = [];
    scenario.sessions.subscribe(() => {
      found.push(scenario.get('anna'), scenario.sessions.getByPlayer(session.playerId!));
      found.push(scenario.sessions.size, session.isAlive);
    });
    scenario.sessions.remove(session, 'evicted');
    expect(found).toEqual([undefined, undefined, 0, false]);
  });

  test('L19: the dead handle still says who it was', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna', { worldId: 'meadow' });
    scenario.sessions.remove(session, 'evicted');
    expect(session).toMatchObject({
      playerId: 'anna',
      worldId: 'meadow',
      state: 'disconnected',
      lastCause: 'evicted',
      deadline: Infinity,
    });
  });

  test('L19: a peer id that was removed makes a new session', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.remove(session, 'evicted');
    const next = scenario.contact('anna');
    expect(next).not.toBe(session);
    expect(next.sessionId).not.toBe(session.sessionId);
  });

  test('R3.S1: the removal of one leaves the deadlines and states of the others', () => {
    const scenario = new SessionScenario();
    const [anna, bert, carl] = ['anna', 'bert', 'carl'].map((peer) => scenario.logIn(peer));
    scenario.sessions.remove(bert!, 'evicted');
    expect([...scenario.sessions]).toEqual([anna, carl]);
    const dora = scenario.logIn('dora');
    scenario.pass(10_000);
    expect([anna?.state, carl?.state, dora.state]).toEqual(['timed-out', 'timed-out', 'timed-out']);
  });

  test('L20: removeAll ends every session in order of creation', () => {
    const scenario = new SessionScenario();
    for (const peer of ['carl', 'anna', 'bert']) scenario.contact(peer);
    expect(scenario.sessions.removeAll('server-stopped')).toBe(3);
    expect(scenario.events.slice(-3).map(({ session }) => session.peerId)).toEqual([
      'carl',
      'anna',
      'bert',
    ]);
    expect(scenario.sessions.size).toBe(0);
    expect([...scenario.sessions]).toEqual([]);
  });

  test('L20: all sessions are gone before the first of them is told', () => {
    const scenario = new SessionScenario();
    for (const peer of ['anna', 'bert']) scenario.contact(peer);
    const sizes: number[] = [];
    scenario.sessions.subscribe(() => sizes.push(scenario.sessions.size));
    scenario.sessions.removeAll('server-stopped');
    expect(sizes).toEqual([0, 0]);
  });

  test('L1, L20: nothing is created until the events of removeAll are delivered', () => {
    const scenario = new SessionScenario();
    for (const peer of ['anna', 'bert']) scenario.contact(peer);
    const answers: unknown[] = [];
    scenario.sessions.subscribe(() => {
      answers.push(scenario.sessions.observeTransportActivity('eve' as PeerId));
    });
    scenario.sessions.removeAll('server-stopped');
    expect(answers).toEqual([undefined, undefined]);
    expect(scenario.sessions.counters['contact-refused']).toBe(2);
    expect(scenario.sessions.size).toBe(0);
    expect(scenario.contact('eve').state).toBe('transport-connected');
  });

  test('L20: removeAll from within a subscriber empties, and its events are delivered after', () => {
    const scenario = new SessionScenario();
    scenario.contact('anna');
    const sizes: number[] = [];
    const refused: boolean[] = [];
    scenario.sessions.subscribe(({ session, to }) => {
      if (to === 'disconnected') {
        refused.push(scenario.sessions.observeTransportActivity('eve' as PeerId) === undefined);
      } else if (session.peerId === 'bert') {
        sizes.push(scenario.sessions.removeAll('server-stopped'), scenario.sessions.size);
        refused.push(scenario.sessions.observeTransportActivity('eve' as PeerId) === undefined);
      }
    });
    scenario.sessions.observeTransportActivity('bert' as PeerId);
    expect(sizes).toEqual([2, 0]);
    expect(refused).toEqual([true, true, true]);
    expect(scenario.sessions.size).toBe(0);
    expect(scenario.contact('eve').isAlive).toBe(true);
  });

  test('L1: after stop nothing is ever created, and stop is idempotent', () => {
    const scenario = new SessionScenario();
    scenario.logIn('anna');
    expect(scenario.sessions.stop('server-stopped')).toBe(1);
    expect(scenario.sessions.stop('server-stopped')).toBe(0);
    expect(scenario.sessions.observeTransportActivity('anna' as PeerId)).toBeUndefined();
    expect(scenario.sessions.size).toBe(0);
    expect(scenario.sessions.evaluate()).toEqual({ heartbeatsDue: [], stallMs: 0 });
  });

  test('look-ups and iteration bear removal on their way', () => {
    const scenario = new SessionScenario();
    const peers = ['anna', 'bert', 'carl', 'dora'];
    for (const peer of peers) scenario.logIn(peer);
    const seen: string[] = [];
    for (const session of scenario.sessions) {
      seen.push(session.peerId);
      scenario.sessions.remove(session, 'evicted');
      if (session.peerId === ('anna' as string)) {
        scenario.sessions.remove(scenario.get('carl')!, 'evicted');
      }
    }
    expect(seen).toEqual(['anna', 'bert', 'dora']);
    expect(scenario.sessions.size).toBe(0);
  });
});

describe('MultiSessionManager: events', () => {
  test('events are delivered before the call returns', () => {
    const scenario = new SessionScenario();
    scenario.contact('anna');
    expect(scenario.events).toHaveLength(1);
  });

  test('an event carries the move, its time and the handle', () => {
    const scenario = new SessionScenario();
    scenario.clock.ms = 1_234.5;
    const session = scenario.logIn('anna');
    const event = scenario.events.at(-1);
    expect(event?.session).toBe(session);
    expect(event).toMatchObject({ at: 1_234.5, epoch: 1, from: 'login-pending' });
  });

  test('what a subscriber causes is appended: every subscriber hears one order', () => {
    const scenario = new SessionScenario();
    const heard: string[][] = [[], []];
    const log = (index: number) => (event: SessionEvent<string>) => {
      heard[index]?.push(`${event.session.peerId}: ${event.to}`);
    };
    scenario.sessions.subscribe(log(0));
    scenario.sessions.subscribe(({ session, to }) => {
      if (session.peerId !== ('anna' as string) || to !== 'transport-connected') return;
      scenario.contact('bert');
      scenario.sessions.remove(session, 'evicted');
    });
    scenario.sessions.subscribe(log(1));
    scenario.contact('anna');
    expect(heard[0]).toEqual([
      'anna: transport-connected',
      'bert: transport-connected',
      'anna: disconnected',
    ]);
    expect(heard[1]).toEqual(heard[0]);
  });

  test('a subscriber that throws is counted and reported, and the others still receive', () => {
    const reported: unknown[] = [];
    const scenario = new SessionScenario(
      {},
      { onSubscriberError: (error, event) => reported.push(error, event.to) },
    );
    const failure = new Error('subscriber');
    const heard: string[] = [];
    scenario.sessions.subscribe(() => {
      throw failure;
    });
    scenario.sessions.subscribe(({ to }) => heard.push(to));
    expect(scenario.contact('anna').state).toBe('transport-connected');
    expect(heard).toEqual(['transport-connected']);
    expect(reported).toEqual([failure, 'transport-connected']);
    expect(scenario.sessions.counters['subscriber-error']).toBe(1);
  });

  test('a hook that throws about a subscriber that threw is dropped', () => {
    const scenario = new SessionScenario(
      {},
      {
        onSubscriberError: () => {
          throw new Error('hook');
        },
      },
    );
    const heard: string[] = [];
    scenario.sessions.subscribe(() => {
      throw new Error('subscriber');
    });
    scenario.sessions.subscribe(({ to }) => heard.push(to));
    scenario.contact('anna');
    scenario.contact('bert');
    expect(heard).toHaveLength(2);
  });

  test('the attempt that is returned is the one that was started, whatever subscribers do', () => {
    const scenario = new SessionScenario();
    const session = scenario.contact('anna');
    scenario.sessions.subscribe(({ to }) => {
      if (to !== 'login-pending' || session.lastCause !== 'login-started') return;
      scenario.sessions.notifyLoginFailed(session, { attempt: 1, code: 'banned' });
      if (scenario.events.length < 6) scenario.sessions.notifyLoginStarted(session);
    });
    expect(scenario.sessions.notifyLoginStarted(session)).toBe(1);
  });

  test('unsubscribed is unsubscribed, also in the middle of a delivery', () => {
    const scenario = new SessionScenario();
    const heard: string[] = [];
    scenario.sessions.subscribe(() => unsubscribe());
    const unsubscribe = scenario.sessions.subscribe(({ to }) => heard.push(to));
    scenario.contact('anna');
    unsubscribe();
    expect(heard).toEqual([]);
  });
});

describe('MultiSessionManager: history', () => {
  test('the timeline of a session is legal from its creation to exactly one end', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.pass(50_000);
    const timeline = scenario.sessions.timeline(session.sessionId);
    expect(timeline[0]).toMatchObject({ from: 'disconnected', cause: 'transport-activity' });
    for (const [index, { from, to }] of timeline.entries()) {
      expect(
        SESSION_TRANSITIONS.some(
          (row) => row.side === 'server' && row.from === from && row.to === to,
        ),
      ).toBe(true);
      if (index > 0) expect(from).toBe(timeline[index - 1]?.to);
    }
    expect(timeline.map(({ to }) => to).filter((to) => to === 'disconnected')).toHaveLength(1);
    expect(timeline.at(-1)?.to).toBe('disconnected');
  });

  test('an entry names session, peer, player, move, time and epoch', () => {
    const scenario = new SessionScenario();
    scenario.logIn('anna');
    expect([...scenario.sessions.history()].at(-1)).toEqual({
      sessionId: 'session-1',
      peerId: 'anna',
      playerId: 'anna',
      from: 'login-pending',
      to: 'logged-in',
      cause: 'login-succeeded',
      at: 1_000,
      epoch: 1,
    });
  });

  test.each([
    { max: 2, kept: 2 },
    { max: 3, kept: 3 },
    { max: 4, kept: 3 },
  ])('a history of $max moves keeps $kept of three', ({ max, kept }) => {
    const scenario = new SessionScenario({}, { historyEventsMax: max });
    const session = scenario.logIn('anna');
    expect([...scenario.sessions.history()]).toHaveLength(kept);
    expect(scenario.sessions.timeline(session)).toHaveLength(kept);
    expect(scenario.sessions.timeline('unknown' as SessionId)).toEqual([]);
  });

  test('counters count what was created and removed', () => {
    const scenario = new SessionScenario();
    scenario.logIn('anna');
    scenario.contact('bert');
    scenario.sessions.removeAll('server-stopped');
    expect(scenario.sessions.counters).toMatchObject({
      'session-created': 2,
      'session-removed': 2,
    });
  });
});
