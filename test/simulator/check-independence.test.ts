/** A user's own game, asked whether its players affect each other but through their world. */
import { describe, expect, test, vi } from 'vitest';
import {
  checkIndependence,
  checkLiveness,
  createChatter,
  createSimulation,
  defineMessages,
  recordRun,
} from '../../src/simulator/index.ts';
import type { RecordedOptions, RunRecipe, Simulation } from '../../src/simulator/index.ts';

// A loaded machine is no finding.
vi.setConfig({ testTimeout: 60_000 });

const MESSAGES = defineMessages({
  chat: {
    lane: 'reliable',
    schema: {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: (value) => ({ value: value as string }),
      },
    },
  },
});

type Messages = typeof MESSAGES;

const SEATS = [
  { name: 'ada' },
  { name: 'bob', joinsAtMs: 200 },
  { name: 'cleo', joinsAtMs: 400, playerId: 'player of cleo' },
];
const BAD_LINE = { delayMs: 30, jitterMs: 20, lossRate: 0.02 };

async function play(simulation: Simulation<Messages>): Promise<void> {
  await simulation.advanceMs(2_000);
  simulation.peers.get('bob')?.dropConnection();
  simulation.peers.get('cleo')?.crash();
  await simulation.advanceMs(3_000);
  simulation.peers.get('cleo')?.restart();
  simulation.heal();
  await simulation.advanceMs(1_500);
}

function recipeOf(options: () => Partial<RecordedOptions<Messages>>): RunRecipe<Messages> {
  return {
    options: () => ({
      seed: 4,
      peers: SEATS,
      faults: BAD_LINE,
      messages: MESSAGES,
      ...options(),
    }),
    play,
  };
}

/** `answer`: what the server says to whoever chats; made for each run. */
function chatGame(createAnswer: () => (sessionId: string) => string): RunRecipe<Messages> {
  return recipeOf(() => {
    const answer = createAnswer();
    return {
      behaviour: () =>
        createChatter({ rate: 0.2, say: () => ({ name: 'chat', payload: 'hello' }) }),
      onMessage: (session, _, host) => {
        host.send(session, { name: 'chat', payload: answer(session.sessionId) });
      },
    };
  });
}

/** Each third message is one too many. */
function countBy(key: (sessionId: string) => string): (sessionId: string) => string {
  const counts = new Map<string, number>();
  return (sessionId) => {
    const count = (counts.get(key(sessionId)) ?? 0) + 1;
    counts.set(key(sessionId), count);
    return count % 3 === 0 ? 'not so fast' : 'heard';
  };
}

describe('checkIndependence', () => {
  test('finds nothing where players meet in the world alone, an attacker among them', async () => {
    const hostile = [{ name: 'mallory', kind: 'flood' }] as const;
    expect(await checkIndependence(recipeOf(() => ({ hostile })))).toEqual([]);
    expect(await checkIndependence(chatGame(() => countBy((id) => id)))).toEqual([]);
  });

  test("finds a hook that counts everybody's messages together, and shows where", async () => {
    const findings = await checkIndependence(chatGame(() => countBy(() => 'all')));
    expect(new Set(findings.map(({ oracle }) => oracle))).toEqual(new Set(['O1']));
    expect(findings[0]?.text).toContain("is not 'joint'");
    expect(findings[0]?.text).toContain('not so fast');
  });

  test('finds what a run leaves behind for the next one', async () => {
    const answer = countBy((id) => id);
    const findings = await checkIndependence(chatGame(() => answer));
    expect(new Set(findings.map(({ oracle }) => oracle))).toEqual(new Set(['O1', 'O10']));
  });

  test('finds what a hook throws, unless the game says that it may', async () => {
    const onMessage = (): void => {
      throw new Error('no chat today');
    };
    const noisy = (extra: object): RunRecipe<Messages> => {
      const { options } = chatGame(() => () => '');
      return { options: () => ({ ...options(), onMessage, ...extra }), play };
    };
    const [finding] = await checkIndependence(noisy({}));
    expect(finding).toMatchObject({ oracle: 'errors' });
    expect(finding?.text).toContain('no chat today');
    expect(await checkIndependence(noisy({ onError: () => undefined }))).toEqual([]);
  });

  test('says who is another player than its options say', async () => {
    const authenticate = () => ({ playerId: 'somebody' });
    const findings = await checkIndependence(
      recipeOf(() => ({ authenticate, peers: [{ name: 'ada' }] })),
    );
    expect(findings[0]?.text).toContain('ada is player somebody: its playerId says ada');
  });
});

describe('recordRun', () => {
  test('writes down who lived through what, and from when on all was healed', async () => {
    const run = await recordRun(recipeOf(() => ({})));
    expect([...run.peers.keys()]).toEqual(['ada', 'bob', 'cleo']);
    const moves = [...(run.peers.get('bob')?.trace.entries('server-move') ?? [])];
    expect(moves.some(({ text }) => text?.includes('reconnecting'))).toBe(true);
    expect((run.healedAt ?? 0) - run.startedAt).toBe(5_000);
    expect(checkLiveness(run, { withinMs: 800, snapshotGapMsMax: 500 })).toEqual([]);
  });

  test('rejects where a check of the game throws', async () => {
    const checks = [
      {
        name: 'never',
        check: () => {
          throw new Error('ever');
        },
      },
    ];
    await expect(recordRun(recipeOf(() => ({ checks })))).rejects.toThrow("check 'never': ever");
  });

  test('a simulation that was never healed says so', async () => {
    const simulation = await createSimulation({ seed: 1, peers: 1 });
    await simulation.stop();
    expect(simulation.healedAt).toBeUndefined();
  });
});
