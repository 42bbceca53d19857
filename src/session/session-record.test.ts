import { describe, expect, test } from 'vitest';
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { ManagedSession } from './managed-session.ts';
import { MultiSessionManager } from './multi-session-manager.ts';

interface Bench {
  readonly time: { now: number };
  readonly sessions: MultiSessionManager;
  enter(name: string, player?: string): ManagedSession;
}

function createBench(): Bench {
  const time = { now: 0.5 };
  const sessions = new MultiSessionManager({
    clock: { now: () => time.now },
    createSessionId: (peerId) => `of ${peerId}` as SessionId,
  });
  const enter = (name: string, player = name): ManagedSession => {
    const newcomer = sessions.observeTransportActivity(name as PeerId)!;
    const attempt = sessions.notifyLoginStarted(newcomer)!;
    const success = { attempt, playerId: player as PlayerId, worldId: 'w' as WorldId };
    return sessions.notifyLoginSucceeded(newcomer, { ...success, data: undefined })!;
  };
  return { time, sessions, enter };
}

function numbersOf(session: ManagedSession): unknown {
  const { enteredAt, deadline, lastLivenessAt, roundTripTimeMs, roundTripTimeMsMax } = session;
  return { enteredAt, deadline, lastLivenessAt, roundTripTimeMs, roundTripTimeMsMax };
}

describe('SessionRecord', () => {
  test('a handle that is over keeps its numbers when its slot is another session’s', () => {
    const { time, sessions, enter } = createBench();
    const anna = enter('anna');
    time.now = 40.5;
    sessions.notifyHeartbeatReceived(anna, { serverTick: 0, sentAt: 10.25 });
    time.now = 50.5;
    sessions.remove(anna, 'left');
    const last = {
      enteredAt: 50.5,
      deadline: Infinity,
      lastLivenessAt: 40.5,
      roundTripTimeMs: 30.25,
      roundTripTimeMsMax: 30.25,
    };
    expect(numbersOf(anna)).toEqual(last);
    time.now = 1_000.5;
    const bert = enter('bert');
    sessions.notifyInboundActivity(bert);
    expect([numbersOf(anna), bert.roundTripTimeMs]).toEqual([last, undefined]);
  });

  test('a handle that was taken over keeps its numbers, its successor measures anew', () => {
    const { time, sessions, enter } = createBench();
    const older = enter('anna');
    time.now = 40.5;
    sessions.notifyHeartbeatReceived(older, { serverTick: 0, sentAt: 10.25 });
    time.now = 60.5;
    const successor = enter('anna again', 'anna');
    const { roundTripTimeMs, lastLivenessAt, enteredAt } = older;
    expect([roundTripTimeMs, lastLivenessAt, enteredAt]).toEqual([30.25, 40.5, 60.5]);
    expect([successor.roundTripTimeMs, successor.roundTripTimeMsMax]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('the worst of the last four round trips is forgotten with the fifth', () => {
    const { time, sessions, enter } = createBench();
    const anna = enter('anna');
    const worst = [90, 20, 30, 10, 5].map((roundTripMs) => {
      time.now += 100;
      sessions.notifyHeartbeatReceived(anna, { serverTick: 0, sentAt: time.now - roundTripMs });
      return [anna.roundTripTimeMs, anna.roundTripTimeMsMax];
    });
    expect(worst).toEqual([
      [90, 90],
      [20, 90],
      [30, 90],
      [10, 90],
      [5, 30],
    ]);
  });

  test('each of many sessions has its own numbers while the columns grow', () => {
    const { time, sessions, enter } = createBench();
    const entered = Array.from({ length: 300 }, (_, index) => {
      time.now = index + 0.25;
      const session = enter(`peer ${index}`);
      time.now += 0.5;
      sessions.notifyHeartbeatReceived(session, { serverTick: 0, sentAt: 0 });
      return session;
    });
    const isOwn = entered.map(
      (session, index) =>
        session.enteredAt === index + 0.25 &&
        session.lastLivenessAt === index + 0.75 &&
        session.roundTripTimeMs === index + 0.75,
    );
    expect(isOwn).toEqual(entered.map(() => true));
  });
});
