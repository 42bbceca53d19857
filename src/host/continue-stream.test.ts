import { describe, expect, test } from 'vitest';
import { StreamStay } from '../../test/support/stream-stay.ts';

describe('the welcome of a login', () => {
  test('tells the roster, which is counted, and nothing of what was before', () => {
    const stay = new StreamStay();
    expect(stay.words()).toBe('login-accepted roster');
    expect(stay.heard('login-accepted')).toMatchObject({ isResumed: false });
    expect(stay.heard('login-accepted')?.reliableReceived).toBeUndefined();
    expect(stay.seat.stream.sent).toBe(1);
  });

  test('starts the counts anew when it takes the seat over', () => {
    const stay = new StreamStay();
    stay.seat.stream.noteReceived();
    stay.say('lost');
    stay.login();
    stay.say('new');
    expect(stay.words()).toBe('login-accepted roster new');
    expect([stay.seat.stream.sent, stay.seat.stream.received]).toEqual([2, 0]);
  });
});

describe('the welcome of a resume', () => {
  test('tells again what the client lacks, what was said meanwhile included, and no roster', () => {
    const stay = new StreamStay();
    stay.say('taken', 'lost');
    stay.seat.stream.noteReceived();
    stay.lose();
    stay.say('away');
    stay.resume({ reliableReceived: 2 });
    stay.say('back');
    expect(stay.words()).toBe('login-accepted lost away back');
    const accepted = stay.heard('login-accepted');
    expect(accepted).toMatchObject({ isResumed: true, reliableReceived: 1 });
    expect(stay.stage.counters.countedMessagesResent).toBe(2);
    expect(stay.stage.counters.resyncs).toBe(0);
  });

  test('over a gap says how much is missing, and tells the state as it is', () => {
    const stay = new StreamStay(100);
    stay.seat.stream.noteReceived();
    stay.say('taken');
    stay.lose();
    stay.say('a'.repeat(60), 'b'.repeat(60), 'c'.repeat(60));
    stay.resume({ reliableReceived: 2, lastTick: 1 });
    stay.say('back');
    expect(stay.words()).toBe('login-accepted resynced roster back');
    expect(stay.heard('login-accepted')).toMatchObject({ isResumed: true, reliableReceived: 1 });
    expect(stay.heard('resynced')).toEqual({
      kind: 'resynced',
      fromTick: 1,
      ticksLost: 0,
      eventsMissed: 3,
      reliableSent: 5,
    });
    const { countedMessagesGivenUp, resyncs } = stay.stage.counters;
    // The roster and 'taken' fell out as well: they were not acknowledged.
    expect([countedMessagesGivenUp, resyncs]).toEqual([4, 1]);
    // The client counts from 5: the roster is its sixth.
    stay.resume({ reliableReceived: 6 });
    expect(stay.words()).toBe('login-accepted back');
  });

  test('counts what is still held for a gap, and does not tell it', () => {
    const stay = new StreamStay(100);
    stay.lose();
    stay.say('a'.repeat(60), 'b'.repeat(60));
    stay.room.outcomes.hold(2);
    stay.say('held');
    stay.resume({ reliableReceived: 1 });
    stay.say('behind');
    stay.room.outcomes.release(2);
    expect(stay.heard('resynced')).toMatchObject({ eventsMissed: 3, reliableSent: 4 });
    expect(stay.words()).toBe('login-accepted resynced roster behind');
    // Nothing of that arrived, and it is told again, with the roster and what came behind.
    stay.say('a'.repeat(60), 'b'.repeat(60));
    stay.resume({ reliableReceived: 1, isPreviousToken: true });
    expect(stay.heard('resynced')).toMatchObject({ eventsMissed: 7, reliableSent: 8 });
  });

  test('tells what is still held when its tick is released, if nothing else is missing', () => {
    const stay = new StreamStay();
    stay.say('lost');
    stay.room.outcomes.hold(2);
    stay.say('held');
    stay.resume({ reliableReceived: 1 });
    expect(stay.words()).toBe('login-accepted lost');
    stay.room.outcomes.release(2);
    expect(stay.words()).toBe('login-accepted lost held');
  });

  test('starts the counts anew for a client without a memory, and claims no loss', () => {
    const stay = new StreamStay();
    stay.say('lost');
    stay.resume({ reliableReceived: undefined });
    expect(stay.words()).toBe('login-accepted roster');
    expect(stay.heard('login-accepted')).toMatchObject({ isResumed: true });
    expect(stay.heard('login-accepted')?.reliableReceived).toBeUndefined();
  });

  test('starts them anew for a client that has more than was ever sent, and says so', () => {
    const stay = new StreamStay();
    stay.say('taken');
    stay.resume({ reliableReceived: 3, lastTick: 900 });
    expect(stay.words()).toBe('login-accepted resynced roster');
    const loss = { fromTick: 1, ticksLost: 0, eventsMissed: undefined, reliableSent: 0 };
    expect(stay.heard('resynced')).toEqual({ kind: 'resynced', ...loss });
    expect(stay.stage.counters.resyncs).toBe(1);
  });
});

describe('the welcome after a crash', () => {
  function restored(restoredTick: number): StreamStay {
    const stay = new StreamStay();
    stay.lose();
    stay.seat.restoredTick = restoredTick;
    stay.seat.stream.restore(undefined);
    stay.say('nobody hears');
    return stay;
  }

  test.each([
    [39, 0],
    [40, 0],
    [47, 7],
  ])('tells a client that saw tick %i of %i lost ones after tick 40', (lastTick, ticksLost) => {
    const stay = restored(40);
    stay.resume({ reliableReceived: 9, lastTick });
    expect(stay.words()).toBe('login-accepted resynced roster');
    expect(stay.heard('login-accepted')?.reliableReceived).toBeUndefined();
    const loss = { fromTick: 40, ticksLost, eventsMissed: undefined, reliableSent: 0 };
    expect(stay.heard('resynced')).toEqual({ kind: 'resynced', ...loss });
    const notice = { kind: 'ticks-lost', worldId: 'main', ticks: ticksLost };
    expect(stay.stage.notices).toEqual(ticksLost > 0 ? [notice] : []);
  });

  test('tells the operator what a client without a memory has seen, and the client nothing', () => {
    const stay = restored(40);
    stay.resume({ reliableReceived: undefined, lastTick: 47 });
    expect(stay.words()).toBe('login-accepted roster');
    expect(stay.stage.notices).toEqual([{ kind: 'ticks-lost', worldId: 'main', ticks: 7 }]);
  });

  test('tells the same again to a client that has not heard it', () => {
    const stay = restored(40);
    stay.resume({ reliableReceived: 9, lastTick: 47 });
    stay.say('more', 'and more');
    stay.resume({ reliableReceived: 0, lastTick: 52 });
    expect(stay.words()).toBe('login-accepted resynced roster');
    expect(stay.heard('resynced')).toMatchObject({ fromTick: 40, ticksLost: 7 });
    stay.resume({ reliableReceived: 2, lastTick: 47, isPreviousToken: true });
    expect(stay.heard('resynced')).toMatchObject({ fromTick: 40, ticksLost: 7 });
  });

  test('goes on without a word once the client has heard it', () => {
    const stay = restored(40);
    stay.resume({ reliableReceived: 9, lastTick: 47 });
    stay.seat.stream.acknowledge(1);
    stay.say('lost');
    stay.resume({ reliableReceived: 1, lastTick: 60 });
    expect(stay.words()).toBe('login-accepted lost');
  });

  test('counts on when the stop before it was an orderly one', () => {
    const stay = new StreamStay();
    stay.lose();
    stay.seat.stream.restore({ sent: 8, received: 5 });
    stay.say('away');
    stay.resume({ reliableReceived: 8 });
    expect(stay.words()).toBe('login-accepted away');
    expect(stay.heard('login-accepted')).toMatchObject({ reliableReceived: 5 });
  });

  test('says how much an orderly stop has kept from the client', () => {
    const stay = new StreamStay();
    stay.lose();
    stay.seat.stream.restore({ sent: 8, received: 5 });
    stay.say('away');
    stay.resume({ reliableReceived: 6 });
    expect(stay.words()).toBe('login-accepted resynced roster');
    expect(stay.heard('resynced')).toMatchObject({ eventsMissed: 3, reliableSent: 9 });
  });
});
