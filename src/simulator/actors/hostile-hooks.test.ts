import { describe, expect, test } from 'vitest';

import { authenticateByProof, proofOf } from '../../../test/support/hostile-stage.ts';
import { defineMessages } from '../../protocol/define-messages.ts';
import type { MessageDefinitions } from '../../protocol/define-messages.ts';
import { createUnits } from '../seeded-streams.ts';
import { createSimulation } from '../simulation.ts';
import type { Simulation } from '../simulation.ts';
import { HostileHooks } from './hostile-hooks.ts';

const messages: MessageDefinitions = defineMessages({
  chat: {
    lane: 'reliable',
    schema: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
  },
});

interface HookScene {
  readonly simulation: Simulation;
  readonly hooks: HostileHooks;
  readonly errors: string[];
}

type HookName = 'authenticate' | 'onMessage' | 'onVerdict' | 'onSuspicion' | 'remover' | 'thrower';

/** Two players, of whom `eve` is the victim of one kind of hook. */
async function openScene(bad: HookName): Promise<HookScene> {
  const errors: string[] = [];
  let hooks: HostileHooks | undefined;
  const simulation = await createSimulation({
    seed: 11,
    peers: ['ada', 'eve'].map((name) => ({ name, credentials: proofOf(name), joinsAtMs: 10 })),
    messages,
    behaviour:
      () =>
      ({ client, tick, random }) => {
        client.sendMove({ directionX: random(), directionY: 0, yaw: 0 });
        // Ten shots that go nowhere, then silence: raised and cleared again and again.
        if (tick % 80 < 10) client.shoot({ directionX: 0, directionY: 0 });
        if (tick % 20 === 0) client.send({ name: 'chat', payload: tick });
      },
    policy: { loginTimeoutMs: 2_000 },
    suspicion: { windowMs: 1_000, refused: { raiseAtPerSecond: 2, clearAtPerSecond: 1.9 } },
    onSuspicion: (session, suspicion) => {
      if (bad === 'onSuspicion') hooks?.onSuspicion()(session, suspicion);
    },
    onError: (_, where) => errors.push(where),
    authenticate: (credentials, request) => {
      const inner = authenticateByProof;
      const answer = bad === 'authenticate' ? hooks?.authenticate(inner) : inner;
      return (answer ?? inner)(credentials, request);
    },
    onMessage: (session, message) => {
      if (bad === 'onMessage') hooks?.onMessage(() => undefined)(session, message);
    },
    onVerdict: (session, input, verdict) => {
      if (bad === 'onVerdict') hooks?.onVerdict(undefined)(session, input, verdict);
    },
  });
  hooks = new HostileHooks({
    scheduler: simulation.server.node,
    streams: (purpose) => createUnits(3, purpose),
    rate: bad === 'authenticate' ? 1 : 0.3,
    isVictim: ({ peerId }) => peerId.startsWith('eve#'),
    areVictimCredentials: (credentials) => (credentials as { playerId: string }).playerId === 'eve',
  });
  if (bad === 'remover') hooks.subscribeRemover(simulation.server.sessions);
  if (bad === 'thrower') hooks.subscribeThrower(simulation.server.sessions);
  return { simulation, hooks, errors };
}

/** Lets the victim come back as often as it likes. */
async function run({ simulation }: HookScene): Promise<void> {
  for (let second = 0; second < 60; second += 1) {
    await simulation.advanceMs(1_000);
    simulation.peer('eve').join();
    if (second % 7 === 0) simulation.dropConnection('eve');
  }
}

function expectUnmoved({ simulation }: HookScene): void {
  const { client, state } = simulation.peer('ada');
  expect([state, client?.epoch, client?.stats.reconnects]).toEqual(['logged-in', 1, 0]);
  expect(simulation.server.host.counters.internalErrors).toBe(0);
}

async function end({ simulation }: HookScene): Promise<void> {
  await simulation.stop();
  simulation.expectNoLeaks();
}

describe('hostile hooks', () => {
  test('a subscriber that removes a victim in its own event moves nobody else', async () => {
    const scene = await openScene('remover');
    await run(scene);
    expect(scene.hooks.counts.get('removes in a callback')).toBeGreaterThan(3);
    expectUnmoved(scene);
    await end(scene);
  });

  test('a subscriber that throws moves nobody, and is told to the operator', async () => {
    const scene = await openScene('thrower');
    await run(scene);
    expect(scene.hooks.counts.get('subscriber throws')).toBeGreaterThan(3);
    expect(new Set(scene.errors)).toEqual(new Set(['sessions.subscribe']));
    expectUnmoved(scene);
    await end(scene);
  });

  test('onMessage that throws ends its sender’s session alone', async () => {
    const scene = await openScene('onMessage');
    await run(scene);
    expect(scene.hooks.counts.get('onMessage throws')).toBeGreaterThan(3);
    expect(new Set(scene.errors)).toEqual(new Set(['onMessage chat']));
    expectUnmoved(scene);
    await end(scene);
  });

  test('onVerdict that throws changes nothing, for its victim either', async () => {
    const scene = await openScene('onVerdict');
    await scene.simulation.advanceMs(10_000);
    expect(scene.hooks.counts.get('onVerdict throws')).toBeGreaterThan(3);
    expect(new Set(scene.errors)).toEqual(new Set(['onVerdict']));
    expect(scene.simulation.peer('eve').client?.epoch).toBe(1);
    expectUnmoved(scene);
    await end(scene);
  });

  test('onSuspicion that throws changes nothing, for its victim either', async () => {
    const scene = await openScene('onSuspicion');
    await run(scene);
    expect(scene.hooks.counts.get('onSuspicion throws')).toBeGreaterThan(3);
    expect(new Set(scene.errors)).toEqual(new Set(['onSuspicion']));
    expectUnmoved(scene);
    await end(scene);
  });

  test('authenticate fails its victim in every way, and nobody else', async () => {
    const scene = await openScene('authenticate');
    await run(scene);
    const ways = ['throws', 'rejects', 'never answers', 'answers late', 'answers nonsense'];
    const unseen = ways.filter((way) => scene.hooks.counts.get(`authenticate ${way}`) === 0);
    expect(unseen).toEqual([]);
    expect(new Set(scene.errors)).toEqual(new Set(['authenticate']));
    expectUnmoved(scene);
    await scene.simulation.advanceMs(16_000);
    await end(scene);
  });
});
