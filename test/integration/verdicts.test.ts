import { expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { openMemory } from '../support/open-setting.ts';
import { Saboteur } from '../support/saboteur.ts';
import { ScriptedTransport } from '../support/scripted-transport.ts';
import type { ScriptedConnection } from '../support/scripted-transport.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

const PLAYERS = ['ann', 'bob', 'eve'] as const;
const STEPS = 1_500;
const SEEDS = [1, 2, 3, 4, 5, 6];

/** A note that the saboteur takes as an input, and now and then as an order to break the world. */
function noteOf(random: SeededRandom): string {
  if (random.unit() > 0.05) return random.unit() < 0.5 ? 'reject' : 'fine';
  return random.unit() < 0.5 ? 'throw in step' : 'event that nobody defined';
}

function tickOf(random: SeededRandom, tick: number): number {
  return random.unit() < 0.9 ? Math.max(0, tick - 3 + random.below(14)) : random.below(2 ** 31);
}

test.each(SEEDS)('every input of a long life gets exactly one verdict (seed %i)', async (seed) => {
  const random = new SeededRandom(seed);
  const transport = new ScriptedTransport();
  let verdicts = 0;
  let sent = 0;
  const setting = await openMemory({
    transports: [transport],
    onVerdict: () => {
      verdicts += 1;
    },
    createAuthorities: (context) => [...SPEC_CONFIG.createAuthorities(context), new Saboteur()],
    onError: () => undefined,
    limits: { messageBurst: 1_000_000, strikesMax: 1_000_000, sessionsPerAddressMax: 1_000 },
  });
  const { host } = setting.runtime;
  const lives = new Map<string, ScriptedConnection>();

  let connections = 0;
  function connect(name: string): void {
    connections += 1;
    const connection = transport.open(`${name}-${connections}`);
    lives.set(name, connection);
    connection.login({ playerId: name });
  }

  /** Sends one input, of which the host must make one verdict. */
  function sendInput(connection: ScriptedConnection): void {
    const tick = connection.all('snapshot').at(-1)?.tick ?? 0;
    sent += 1;
    const dice = random.unit();
    if (dice < 0.5) {
      const directionX = random.unit() < 0.05 ? Number.NaN : random.unit() * 3;
      connection.deliver(moveInput({ tick: tickOf(random, tick), directionX }));
    } else if (dice < 0.8) {
      const targetPlayerId = PLAYERS[random.below(PLAYERS.length)] as PlayerId;
      connection.deliver(shootInput({ tick: tickOf(random, tick), targetPlayerId }));
    } else if (dice < 0.95) {
      const payload = JSON.stringify(noteOf(random));
      connection.deliver({ kind: 'user-message', name: 'note', payload });
    } else {
      connection.deliver({ kind: 'user-message', name: 'unheard-of', payload: '""' });
    }
  }

  for (let steps = 0; steps < STEPS; steps += 1) {
    const name = PLAYERS[random.below(PLAYERS.length)]!;
    const connection = lives.get(name);
    const isOver = connection === undefined || connection.closeCode !== undefined;
    const dice = random.unit();
    if (isOver || dice < 0.02) {
      // Also while the older connection is still there: a takeover.
      connect(name);
    } else if (dice < 0.04) {
      connection.end();
      lives.delete(name);
    } else if (dice < 0.05) {
      connection.deliver({ kind: 'leave' });
      lives.delete(name);
    } else {
      sendInput(connection);
    }
    if (random.unit() < 0.3) await setting.passMs(random.below(90));
  }
  await setting.passMs(1_000);
  expect(sent).toBeGreaterThan(STEPS / 2);
  expect(host.counters.worldsFailed).toBeGreaterThan(0);
  expect(host.sessions.counters['session-taken-over']).toBeGreaterThan(0);
  expect(host.counters.lateMessages).toBe(0);
  expect(verdicts).toBe(sent);
});

test('an input that came before the login has its verdict too', async () => {
  const verdicts: unknown[] = [];
  const setting = await openMemory({
    onVerdict: (session, input, verdict) => verdicts.push([session.state, input.kind, verdict]),
  });
  const peer = await setting.connectRaw();
  peer.send(moveInput({ tick: 5 }));
  await setting.waitFor('a verdict', () => verdicts.length > 0);
  expect(verdicts).toEqual([
    ['transport-connected', 'move-input', { outcome: 'rejected', code: 'not-logged-in' }],
  ]);
});

test('what waited when its player was taken over, lost or removed is counted, never told', async () => {
  const setting = await openMemory({
    policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 5_000 },
  });
  const { host } = setting.runtime;
  const older = await setting.loginRaw('bob');
  await setting.waitFor('ticks', () => older.serverTick > 2);
  const waiting = () => moveInput({ tick: older.serverTick + 6 });
  older.send(waiting());
  await setting.passMs(1);
  const newer = await setting.loginRaw('bob');
  const session = host.sessions.getByPlayer('bob' as PlayerId)!;
  const rejected = () => host.inspect(session)?.verdicts.rejectedByCode['not-logged-in'] ?? 0;
  await setting.waitFor('the first', () => rejected() === 1);
  newer.send(moveInput({ tick: newer.serverTick + 6 }));
  await setting.passMs(1);
  newer.drop();
  await setting.waitFor('the second', () => rejected() === 2);
  const newest = await setting.loginRaw('bob');
  await setting.passMs(300);
  for (const peer of [older, newer, newest]) expect(peer.all('verdict-report')).toEqual([]);
});
