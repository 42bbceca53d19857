/**
 * The real client and the real server over a line that delays and breaks, drawn by a seed: whatever
 * is lost, each end hears what the other said once and in order, or the client is told of a gap.
 */
import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { FragileLine } from '../support/fragile-line.ts';
import { openMemory } from '../support/open-setting.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

const ADA = 'ada' as PlayerId;
const STEPS = 250;

/** Holes in a row of numbers that should be 1, 2, 3, …; an error where it goes back. */
function holesOf(heard: readonly number[]): number {
  let last = 0;
  let holes = 0;
  for (const number of heard) {
    if (number <= last) throw new Error(`${number} was heard after ${last}`);
    holes += number - last - 1;
    last = number;
  }
  return holes;
}

async function live(seed: number, retransmitBytesMax: number) {
  const random = new SeededRandom(seed);
  const atServer: number[] = [];
  const atClient: number[] = [];
  const gaps: (number | undefined)[] = [];
  const setting = await openMemory(
    {
      policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 30_000, stallMsMax: 60_000 },
      limits: { retransmitBytesMax, seatMovesPerMinute: 10_000, seatMoveBurst: 10_000 },
      onMessage: (_session, { payload }) => atServer.push(Number(payload)),
    },
    { reliableLane: { delayMsMin: 5, delayMsMax: 40 } },
  );
  const line = new FragileLine(setting.transport);
  const client = await setting.connectPlayer(ADA, { connectOptions: { transport: line } });
  client.on('message', ({ payload }) => atClient.push(Number(payload)));
  client.on('resynced', ({ eventsMissed }) => gaps.push(eventsMissed));
  const { host } = setting.runtime;
  let toClient = 0;
  let toServer = 0;
  const speak = (): void => {
    toClient += 1;
    host.send('field', { name: 'note', payload: `${toClient}` });
    if (client.send({ name: 'note', payload: `${toServer + 1}` })) toServer += 1;
  };
  // A lane that lost something in its midst would be no reliable one: what was deaf is cut.
  const heal = (): void => {
    if (line.isMute || line.isDeaf) line.cut();
    Object.assign(line, { isMute: false, isDeaf: false, isDown: false });
  };
  const faults = [
    () => line.cut(),
    () => line.forsake(),
    () => (line.isMute = true),
    () => (line.isDeaf = true),
    () => (line.isDown = true),
  ];
  for (let step = 0; step < STEPS; step += 1) {
    if (random.unit() < 0.6) speak();
    if (random.unit() < 0.06) faults[Math.floor(random.unit() * faults.length)]?.();
    if (random.unit() < 0.15) heal();
    await setting.passMs(Math.floor(random.unit() * 60));
  }
  heal();
  await setting.waitFor('ada is back', () => client.state === 'logged-in');
  await setting.passMs(100);
  await setting.waitFor('ada is back', () => client.state === 'logged-in');
  speak();
  await setting.waitFor(
    'the last words',
    () => atClient.at(-1) === toClient && atServer.at(-1) === toServer,
  );
  await setting.waitFor('all is acknowledged', () => {
    const session = host.sessions.getByPlayer(ADA);
    return session !== undefined && host.inspect(session)?.retransmitBytes === 0;
  });
  const { epoch, stats } = client;
  return { atServer, atClient, gaps, epoch, stats, counters: host.counters };
}

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

describe('a client and a server that lose each other', () => {
  test.each(SEEDS)('hear each other once and in order (seed %i)', async (seed) => {
    const run = await live(seed, 65_536);
    expect([holesOf(run.atClient), holesOf(run.atServer), run.gaps]).toEqual([0, 0, []]);
    expect(run.epoch).toBeGreaterThan(2);
    expect(run.counters.countedMessagesResent).toBeGreaterThan(0);
    expect(run.stats.messagesRetransmitted).toBeGreaterThan(0);
    expect(run.stats.messagesLost).toBe(0);
  });

  test('know what is missing when too much was to be kept', async () => {
    let gaps = 0;
    for (const seed of SEEDS) {
      const run = await live(seed, 100);
      expect(holesOf(run.atServer)).toBe(0);
      // A roster may be among what is missing.
      const missed = run.gaps.reduce<number>((sum, gap) => sum + (gap ?? Number.NaN), 0);
      expect(missed).toBeGreaterThanOrEqual(holesOf(run.atClient));
      gaps += run.gaps.length;
    }
    expect(gaps).toBeGreaterThan(0);
  });
});
