/** What the compiler knows of a user's simulation; `npm test` runs it over this file first. */
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expectTypeOf, test } from 'vitest';
import type { Client } from '../../src/client/index.ts';
import {
  checkIndependence,
  combineBehaviours,
  createChatter,
  createLeaver,
  createSimulation,
  createWalker,
  defineMessages,
  recordRun,
} from '../../src/simulator/index.ts';
import type {
  Behaviour,
  HostileActorKind,
  HostileOptions,
  OracleFinding,
  RunRecipe,
  RunResult,
  Simulation,
  SimulationCheck,
  SimulationOptions,
} from '../../src/simulator/index.ts';

interface Bid {
  readonly coins: number;
}

const BID: StandardSchemaV1<Bid> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as Bid }) },
};
const MESSAGES = defineMessages({ bid: { lane: 'reliable', schema: BID } });

type Messages = typeof MESSAGES;

describe('the types of a simulation', () => {
  test('know the messages of the game in hooks, behaviours and clients', async () => {
    const simulation = await createSimulation({
      seed: 1,
      peers: ['ada'],
      messages: MESSAGES,
      onMessage: (session, message, host) => {
        expectTypeOf(message.name).toEqualTypeOf<'bid'>();
        expectTypeOf(message.payload).toEqualTypeOf<Bid>();
        host.send(session, { name: 'bid', payload: { coins: 1 } });
        // @ts-expect-error: no such message
        host.send(session, { name: 'offer', payload: { coins: 1 } });
      },
      behaviour:
        () =>
        ({ client }) => {
          // @ts-expect-error: a bid has coins
          client.send({ name: 'bid', payload: {} });
        },
    });
    expectTypeOf(simulation).toEqualTypeOf<Simulation<Messages>>();
    expectTypeOf(simulation.peer('ada').client).toEqualTypeOf<Client<Messages> | undefined>();
    await simulation.stop();
  });

  test('follow from the messages, whatever else is given for them', async () => {
    const check: SimulationCheck<Messages> = { name: 'any', check: ({ peers }) => void peers.size };
    const behaviour: Behaviour<Messages> = ({ client }) => {
      client.send({ name: 'bid', payload: { coins: 1 } });
    };
    const simulation = await createSimulation({
      seed: 1,
      peers: [{ name: 'ada', behaviour }],
      messages: MESSAGES,
      checks: [check],
      behaviour: () => combineBehaviours(createWalker(), createLeaver(), behaviour),
    });
    expectTypeOf(simulation).toEqualTypeOf<Simulation<Messages>>();
    await simulation.stop();
  });

  test('know who may be hostile and how a line may be bad', () => {
    expectTypeOf<'flood'>().toExtend<HostileActorKind>();
    const options: SimulationOptions = {
      seed: 1,
      peers: ['ada', { name: 'bob', faults: { up: { lossRate: 0.1 }, down: { delayMs: 5 } } }],
      hostile: [{ name: 'mallory', kind: 'garbage', faults: { delayMs: 20 } }],
      faults: { burst: { enterRate: 0.01, leaveRate: 0.3, lossRate: 0.8 } },
      behaviour: () => createWalker(),
    };
    expectTypeOf(options.peers).toExtend<SimulationOptions['peers']>();
    // @ts-expect-error: no such harm
    void ({ name: 'mallory', kind: 'politeness' } satisfies HostileOptions);
    // @ts-expect-error: the seed is what repeats a run
    void ({ peers: 1 } satisfies SimulationOptions);
    void ({ seed: 1, peers: 1, faults: { lossRate: 0 } } satisfies SimulationOptions);
  });

  test('know what a recipe is and what comes of it', () => {
    const recipe: RunRecipe<Messages> = {
      options: () => ({
        seed: 1,
        peers: 2,
        messages: MESSAGES,
        behaviour: () => createChatter({ say: () => ({ name: 'bid', payload: { coins: 2 } }) }),
      }),
      play: async (simulation) => {
        expectTypeOf(simulation).toEqualTypeOf<Simulation<Messages>>();
        await simulation.stepTicks(1);
      },
    };
    expectTypeOf(recordRun<Messages>).returns.toEqualTypeOf<Promise<RunResult>>();
    expectTypeOf(checkIndependence<Messages>).returns.toEqualTypeOf<Promise<OracleFinding[]>>();
    const { play } = recipe;
    // @ts-expect-error: the recorder itself listens to the wire
    void recordRun<Messages>({ options: () => ({ seed: 1, peers: 1, tap: {} }), play });
  });
});
