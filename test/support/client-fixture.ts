/** The real client on virtual time against a fake server, for tests of src/client. */
import { createConnect } from '../../src/client/connect.ts';
import type { Client } from '../../src/client/client.ts';
import type { ConnectDefaults, ConnectOptions } from '../../src/client/client-options.ts';
import type { MessageDefinitions } from '../../src/protocol/define-messages.ts';
import { FakeServer } from './fake-server.ts';
import type { FakeServerOptions } from './fake-server.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualTime } from './virtual-time.ts';

export interface ClientFixture {
  readonly time: VirtualTime;
  readonly server: FakeServer;
  /** What listeners have thrown. */
  readonly listenerErrors: unknown[];
  /** Starts to connect; time must move for it to settle. */
  connect<Definitions extends MessageDefinitions>(
    options?: Partial<ConnectOptions<Definitions>>,
  ): Promise<Client<Definitions>>;
  /** Connects, and lets time move until the client is logged in and listened to. */
  logIn<Definitions extends MessageDefinitions>(
    options?: Partial<ConnectOptions<Definitions>>,
  ): Promise<Client<Definitions>>;
}

/** `page` is what the platform lends to a page; nothing by default. */
export async function createClientFixture(
  networkOptions: Partial<FakeServerOptions> = {},
  page: Pick<ConnectDefaults, 'tokenStorage' | 'locks'> = {},
): Promise<ClientFixture> {
  const time = new VirtualTime();
  const random = new SeededRandom(1);
  const server = new FakeServer({ scheduler: time, random, ...networkOptions });
  await server.start();
  const listenerErrors: unknown[] = [];
  const connect = createConnect({
    clock: time,
    scheduler: time,
    random,
    reportError: (error) => listenerErrors.push(error),
    createTransport: () => server.network.client,
    ...page,
  });
  const fixture: ClientFixture = {
    time,
    server,
    listenerErrors,
    connect: (options) => {
      const promise = connect({ url: 'ws://fake', credentials: { name: 'anna' }, ...options });
      // Whoever awaits it later still sees the rejection.
      promise.catch(() => undefined);
      return promise;
    },
    logIn: async (options) => {
      const promise = fixture.connect(options);
      await time.advanceMs(0);
      return promise;
    },
  };
  return fixture;
}

/** The moves of a client from now on, as `from → to (cause)`. */
export function recordMoves<Definitions extends MessageDefinitions>(
  client: Client<Definitions>,
): string[] {
  const moves: string[] = [];
  client.on('state', ({ from, to, cause }) => moves.push(`${from} → ${to} (${cause})`));
  return moves;
}
