import { expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { HookStage } from '../support/hook-stage.ts';
import { openSetting } from '../support/open-setting.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { MEMORY, WEB_SOCKETS } from '../support/settings.ts';
import type { SettingKind } from '../support/settings.ts';

const RACERS = 10;
const MEMORY_SEEDS = 20;

interface Race {
  readonly kind: SettingKind;
  readonly seed: number;
  readonly worlds: readonly string[];
}

/**
 * Ten logins of one player wait in the hook, and are answered in random order: whoever began last
 * has the seat in the end, and nobody who began earlier takes it from one who began later.
 */
async function race({ kind, seed, worlds }: Race): Promise<void> {
  const random = new SeededRandom(seed);
  const hook = new HookStage();
  const setting = await openSetting(kind, { authenticate: hook.authenticate });
  const { sessions } = setting.runtime.host;
  const ends = new Map<string, number>();
  const entries = new Map<string, number>();
  sessions.subscribe(({ session: { sessionId }, from, to }) => {
    if (from === 'disconnected') entries.set(sessionId, (entries.get(sessionId) ?? 0) + 1);
    if (to === 'disconnected') ends.set(sessionId, (ends.get(sessionId) ?? 0) + 1);
  });
  const racers: RawPeer[] = [];
  for (let racer = 0; racer < RACERS; racer += 1) {
    const peer = await setting.connectRaw();
    peer.login({ racer });
    racers.push(peer);
  }
  await setting.waitFor('all hooks', () => hook.calls.length === RACERS);
  const waiting = [...hook.calls];
  /** In the order in which they got the seat: each began later than the one before. */
  const holders: RawPeer[] = [];
  let newest = -1;
  while (waiting.length > 0) {
    const [call] = waiting.splice(random.below(waiting.length), 1);
    const { racer } = call!.credentials as { racer: number };
    if (racer > newest) holders.push(racers[racer]!);
    newest = Math.max(newest, racer);
    const worldId = worlds[random.below(worlds.length)]!;
    call!.answer({ playerId: 'bob', worldId, data: { name: `racer ${racer}` } });
    if (random.unit() < 0.5) await setting.passMs(random.below(70));
  }
  const winner = racers.at(-1)!;
  expect(holders.at(-1)).toBe(winner);
  await setting.waitFor('a snapshot', () => winner.first('snapshot') !== undefined);
  const refused = racers.filter((peer) => !holders.includes(peer));
  for (const loser of refused) {
    await setting.waitFor('a refusal', () => loser.first('login-rejected') !== undefined);
    const refusal = { code: 'already-logged-in', retryable: false, retryAfterMs: 0 };
    expect(loser.all('login-rejected')).toMatchObject([refusal]);
    expect(loser.all('login-accepted')).toEqual([]);
    loser.drop();
  }
  await setting.waitFor('one is left', () => sessions.size === 1);

  const session = sessions.getByPlayer('bob' as PlayerId);
  expect(session).toMatchObject({ state: 'logged-in', data: { name: `racer ${RACERS - 1}` } });
  if (worlds.length === 1) expect(session?.epoch).toBe(holders.length);
  const accepted = winner.all('login-accepted');
  expect(accepted).toHaveLength(1);
  expect(accepted[0]).toMatchObject({ sessionId: session?.sessionId, epoch: session?.epoch });
  expect(winner.isClosed).toBe(false);
  for (const loser of holders.slice(0, -1)) {
    await setting.waitFor('the end', () => loser.isClosed);
    expect(loser.closeCode).toBe('superseded');
    expect(loser.last('close')).toMatchObject({ code: 'superseded' });
  }
  // Every stay but the winner's has begun once and ended once.
  expect([...entries.values()]).toEqual(Array.from({ length: RACERS }, () => 1));
  expect([...ends.values()]).toEqual(Array.from({ length: RACERS - 1 }, () => 1));
  expect(ends.has(session!.sessionId)).toBe(false);
}

const seeds = Array.from({ length: MEMORY_SEEDS }, (_, index) => index + 1);

test.each(seeds)(
  'of ten racing logins into one world the newest wins (memory, seed %i)',
  async (seed) => {
    await race({ kind: MEMORY, seed, worlds: ['field'] });
  },
);

test.each(seeds)(
  'of ten racing logins into any world the newest wins (memory, seed %i)',
  async (seed) => {
    await race({ kind: MEMORY, seed, worlds: ['north', 'south', 'west'] });
  },
);

test.each([1, 2])('of ten racing logins the newest wins (WebSockets, seed %i)', async (seed) => {
  await race({ kind: WEB_SOCKETS, seed, worlds: ['field'] });
  await race({ kind: WEB_SOCKETS, seed, worlds: ['north', 'south'] });
});
