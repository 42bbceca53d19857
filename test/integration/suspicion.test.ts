/** `onSuspicion`: who is told of whom, when, and what stays untouched by it. */
import { expect, test } from 'vitest';
import type { SuspicionConfig } from '../../src/host/suspicion-limits.ts';
import type { Suspicion } from '../../src/host/suspicion.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { openMemory } from '../support/open-setting.ts';
import type { SettingConfig } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

const LIMITS: SuspicionConfig = {
  windowMs: 2_000,
  graceMs: 0,
  stale: { raiseAtPerSecond: 5, clearAtPerSecond: 2 },
  ahead: { raiseAtPerSecond: 5, clearAtPerSecond: 2 },
};
/** Ten in a window of 2 s are 5 per second. */
const ENOUGH = 10;
const POLICY = { ...SPEC_CONFIG.policy, reconnectWindowMs: 5_000 };

async function openWatched(config: SettingConfig = {}) {
  const heard: string[] = [];
  const setting = await openMemory({
    policy: POLICY,
    suspicion: LIMITS,
    onSuspicion: ({ playerId }, { kind, change }: Suspicion) => {
      heard.push(`${playerId}: ${kind} ${change}`);
    },
    ...config,
  });
  const { host } = setting.runtime;
  const login = async (name: string): Promise<RawPeer> => {
    const peer = await setting.loginRaw(name);
    await setting.waitFor('ticks', () => peer.serverTick > 5);
    return peer;
  };
  const suspicionsOf = (name: string) =>
    host.inspect(host.sessions.getByPlayer(name as PlayerId)!)?.suspicions;
  return { setting, host, heard, login, suspicionsOf };
}

function sendStale(peer: RawPeer, count: number): void {
  for (let left = count; left > 0; left -= 1) peer.send(moveInput({ tick: 1 }));
}

test('is raised once at the threshold and cleared once below the lower one', async () => {
  const { setting, host, heard, login, suspicionsOf } = await openWatched();
  const bob = await login('bob');
  sendStale(bob, ENOUGH - 1);
  await setting.passMs(20);
  expect(heard).toEqual([]);
  sendStale(bob, ENOUGH * 3);
  await setting.passMs(20);
  expect(heard).toEqual(['bob: stale raised']);
  expect(suspicionsOf('bob')).toEqual(['stale']);
  expect([...host.counters.suspicionsRaisedByKind]).toEqual([['stale', 1]]);
  await setting.passMs(6_000);
  expect(heard).toEqual(['bob: stale raised', 'bob: stale cleared']);
  expect(suspicionsOf('bob')).toEqual([]);
  expect(host.counters.suspicionsRaised).toBe(1);
});

test('tells at which rate it was raised and cleared', async () => {
  const rates: Suspicion[] = [];
  const { setting, login } = await openWatched({
    onSuspicion: (_session, suspicion) => rates.push(suspicion),
  });
  sendStale(await login('bob'), ENOUGH);
  await setting.passMs(6_000);
  expect(rates.map(({ change }) => change)).toEqual(['raised', 'cleared']);
  expect(rates[0]!.perSecond).toBeCloseTo(5, 5);
  expect(rates[1]!.perSecond).toBeLessThan(2);
  expect(rates[1]!.perSecond).toBeGreaterThan(1.8);
});

test('is of one session: as much by two is nothing by either', async () => {
  const { setting, heard, login, suspicionsOf } = await openWatched();
  const [ann, bob] = [await login('ann'), await login('bob')];
  sendStale(ann, ENOUGH - 2);
  sendStale(bob, ENOUGH - 2);
  await setting.passMs(20);
  expect(heard).toEqual([]);
  sendStale(bob, ENOUGH);
  await setting.passMs(20);
  expect(heard).toEqual(['bob: stale raised']);
  expect(suspicionsOf('ann')).toEqual([]);
});

test('survives a resume and a takeover, and is not raised anew by them', async () => {
  const { setting, heard, login, suspicionsOf } = await openWatched();
  const bob = await login('bob');
  sendStale(bob, ENOUGH * 4);
  await setting.passMs(20);
  bob.drop();
  await setting.passMs(20);
  const back = await setting.connectRaw();
  back.resume(bob);
  await setting.waitFor('the resume', () => back.first('login-accepted') !== undefined);
  expect(suspicionsOf('bob')).toEqual(['stale']);
  const newer = await login('bob');
  expect(suspicionsOf('bob')).toEqual(['stale']);
  sendStale(newer, ENOUGH);
  await setting.passMs(20);
  expect(heard).toEqual(['bob: stale raised']);
});

test('is cleared of one who is away, with the live handle', async () => {
  const states: string[] = [];
  const { setting, login } = await openWatched({
    onSuspicion: (session) => states.push(session.state),
  });
  const bob = await login('bob');
  sendStale(bob, ENOUGH);
  await setting.passMs(20);
  bob.drop();
  await setting.passMs(4_000);
  expect(states).toEqual(['logged-in', 'reconnecting']);
});

test('of one who was removed is forgotten without a word', async () => {
  const { setting, host, heard, login } = await openWatched();
  sendStale(await login('bob'), ENOUGH);
  await setting.passMs(20);
  host.evict(host.sessions.getByPlayer('bob' as PlayerId)!);
  await setting.passMs(10_000);
  expect(heard).toEqual(['bob: stale raised']);
  await login('bob');
  expect(host.inspect(host.sessions.getByPlayer('bob' as PlayerId)!)?.suspicions).toEqual([]);
});

test('what comes too late or too early just after a login or a resume counts for nobody', async () => {
  const { setting, heard, login } = await openWatched({ suspicion: { ...LIMITS, graceMs: 2_000 } });
  const bob = await setting.loginRaw('bob');
  await setting.waitFor('ticks', () => bob.serverTick > 5);
  sendStale(bob, ENOUGH);
  for (let left = ENOUGH; left > 0; left -= 1) bob.send(moveInput({ tick: 1_000_000 }));
  await setting.passMs(2_100);
  expect(heard).toEqual([]);
  // Too soon for another grace: whoever comes back all the time hides nothing.
  const again = await login('bob');
  sendStale(again, ENOUGH);
  await setting.passMs(20);
  expect(heard).toEqual(['bob: stale raised']);
  await setting.passMs(4_000);
  const later = await login('bob');
  heard.length = 0;
  sendStale(later, ENOUGH);
  await setting.passMs(20);
  expect(heard).toEqual([]);
});

test.each<[string, (peer: RawPeer) => void]>([
  ['stale', (peer) => peer.send(moveInput({ tick: 1 }))],
  ['duplicate', (peer) => peer.send(moveInput({ tick: peer.serverTick + 5 }))],
  ['ahead', (peer) => peer.send(moveInput({ tick: 2 ** 52 }))],
  ['invalid', (peer) => peer.send(moveInput({ tick: peer.serverTick, yaw: Number.NaN }))],
  ['invalid', (peer) => peer.send({ kind: 'user-message', name: 'who', payload: '{}' })],
  [
    'refused',
    (peer) =>
      peer.send(shootInput({ tick: peer.serverTick + 1, targetPlayerId: 'bob' as PlayerId })),
  ],
])('of %s has its own threshold', async (kind, offend) => {
  const { setting, host, heard, login } = await openWatched({
    suspicion: {
      ...LIMITS,
      duplicate: { raiseAtPerSecond: 3 },
      invalid: { raiseAtPerSecond: 3 },
      refused: { raiseAtPerSecond: 3 },
    },
    limits: { strikesMax: 1_000 },
    inputLimits: { pendingInputsMax: 100 },
  });
  const bob = await login('bob');
  for (let left = 12; left > 0; left -= 1) offend(bob);
  await setting.passMs(200);
  expect(heard).toEqual([`bob: ${kind} raised`]);
  expect(host.counters.suspicionsRaisedByKind.get(kind)).toBe(1);
});

test('of a flood is raised by what was dropped unread', async () => {
  const { setting, host, heard, login } = await openWatched({
    limits: { messageBurst: 30, syncMessagesPerSecond: 1 },
    suspicion: { ...LIMITS, stale: { raiseAtPerSecond: Infinity } },
  });
  const bob = await login('bob');
  sendStale(bob, 60);
  await setting.passMs(20);
  expect(heard).toEqual(['bob: flood raised']);
  expect(host.counters.overBudgetMessages).toBeGreaterThanOrEqual(16);
});

test('is of nobody without a name', async () => {
  const { setting, host, heard } = await openWatched({
    limits: { messageBurst: 30, syncMessagesPerSecond: 1, strikesMax: 1_000 },
  });
  const stranger = await setting.connectRaw();
  sendStale(stranger, 60);
  await setting.passMs(20);
  expect(host.counters.overBudgetMessages).toBeGreaterThan(0);
  expect(heard).toEqual([]);
});

test('what a hook throws is reported and touches nobody', async () => {
  const errors: string[] = [];
  const { setting, host, login } = await openWatched({
    onSuspicion: () => {
      throw new Error('from the hook');
    },
    onError: (_error, where) => errors.push(where),
  });
  const [ann, bob] = [await login('ann'), await login('bob')];
  sendStale(bob, ENOUGH);
  await setting.passMs(8_000);
  expect(errors).toEqual(['onSuspicion', 'onSuspicion']);
  expect(host.counters.userErrors).toBe(2);
  expect([ann.isClosed, bob.isClosed]).toEqual([false, false]);
});

test('a game may remove the suspect from within the hook', async () => {
  const { setting, host, login } = await openWatched({
    onSuspicion: (session) => {
      host.sessions.remove(session, 'evicted');
    },
  });
  const [ann, bob] = [await login('ann'), await login('bob')];
  sendStale(bob, ENOUGH * 3);
  await setting.waitFor('the end of bob', () => bob.isClosed);
  expect(bob.closeCode).toBe('evicted');
  expect(ann.isClosed).toBe(false);
  expect(host.counters).toMatchObject({ internalErrors: 0, suspicionsRaised: 1 });
});

test('every verdict is counted for the host, by its code where it is a rejection', async () => {
  const { setting, host, login } = await openWatched();
  const bob = await login('bob');
  const tick = bob.serverTick + 4;
  for (const input of [
    moveInput({ tick }),
    moveInput({ tick }),
    moveInput({ tick: tick + 1, directionX: 40 }),
    moveInput({ tick: 1 }),
    moveInput({ tick: tick + 1_000 }),
  ]) {
    bob.send(input);
  }
  await setting.passMs(500);
  const { verdicts, inputsRejectedByCode } = host.counters;
  expect(verdicts).toEqual({ accepted: 1, duplicate: 1, clamped: 1, stale: 1, rejected: 1 });
  expect([...inputsRejectedByCode]).toEqual([['too-far-ahead', 1]]);
});

test('ten refusals of one tick are one message, and every later one comes with its tick', async () => {
  const { setting, login } = await openWatched();
  const bob = await login('bob');
  sendStale(bob, 10);
  await setting.passMs(200);
  expect(bob.all('verdict-report').map(({ entries }) => entries.length)).toEqual([10]);
  sendStale(bob, 1);
  await setting.passMs(60);
  sendStale(bob, 1);
  await setting.passMs(200);
  const ticks = bob.all('verdict-report').map((report) => report.tick);
  expect(ticks).toHaveLength(3);
  expect(new Set(ticks).size).toBe(3);
});
