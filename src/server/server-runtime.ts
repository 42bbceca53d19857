/**
 * The entry point: owns a host and its transports from start to stop. Whoever starts a runtime gets
 * the coordinator through `host.sessions`; nobody makes or injects one.
 */
import { ServerNetworkHost } from '../host/server-network-host.ts';
import type { StopOptions } from '../host/server-network-host.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { createWebSocketServer } from '../transport/websocket-server.ts';
import type { WebSocketTransportServer } from '../transport/websocket-server.ts';
import type { CheckedConfig, ServerConfig } from './runtime-config.ts';
import { checkConfig } from './runtime-config.ts';

const PORT_DEFAULT = 7777;
const HOSTNAME_DEFAULT = '127.0.0.1';

export class ServerRuntime<
  Data = unknown,
  Definitions extends MessageDefinitions = MessageDefinitions,
> {
  readonly host: ServerNetworkHost<Data, Definitions>;
  /** Undefined when the user brought transports. */
  readonly #webSocket: WebSocketTransportServer | undefined;
  #addresses: readonly string[] = [];
  #isStarted = false;

  /** Checks the configuration (HoldfastError `invalid-configuration` or `invalid-policy`). */
  constructor(config: ServerConfig<Data, Definitions>) {
    const isDevelopment = process.env['NODE_ENV'] !== 'production';
    const checked = checkConfig(config as unknown as ServerConfig, isDevelopment);
    const webSocket = config.transports ? undefined : createDefaultTransport(config, checked);
    this.#webSocket = webSocket;
    this.host = new ServerNetworkHost<Data, Definitions>({
      ...checked,
      transports: webSocket ? [webSocket] : (config.transports ?? []),
      onMessage: (session, message) =>
        checked.onMessage(session, message, this.host as unknown as ServerNetworkHost),
    });
  }

  /** Starts a server. Rejects with a HoldfastError, and then nothing is left running. */
  static async start<Data = unknown, Definitions extends MessageDefinitions = MessageDefinitions>(
    config: ServerConfig<Data, Definitions>,
  ): Promise<ServerRuntime<Data, Definitions>> {
    const runtime = new ServerRuntime(config);
    await runtime.start();
    return runtime;
  }

  /**
   * Where clients connect to, such as `ws://127.0.0.1:7777`. Empty before the start, and as long as
   * a server of yours doesn't listen.
   */
  get address(): string {
    return this.addresses[0] ?? '';
  }

  /** One address per transport. */
  get addresses(): readonly string[] {
    if (this.#webSocket === undefined || this.#addresses.length === 0) return this.#addresses;
    return [this.#webSocket.address];
  }

  /** Once per runtime: rejects with `already-started`, or after `stop` with `already-stopped`. */
  async start(): Promise<void> {
    if (this.#isStarted) {
      throw new HoldfastError('already-started', 'this runtime was started before');
    }
    this.#isStarted = true;
    this.#addresses = await this.host.start();
  }

  /**
   * Ends all sessions, tells their clients why, closes the port; a server of yours is only let go.
   * With a store and `sessions: 'keep'` the sessions go on in the next process instead. Idempotent
   * and bounded; the first call decides.
   */
  stop(options?: StopOptions): Promise<void> {
    return this.host.stop(options);
  }

  /** Resolves when it has stopped: as it was told, or because another process has its store. */
  get stopped(): Promise<void> {
    return this.host.stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function createDefaultTransport<Data, Definitions extends MessageDefinitions>(
  config: ServerConfig<Data, Definitions>,
  { randomStreams }: CheckedConfig,
): WebSocketTransportServer {
  const { server, port, hostname, handleRequest, trustedProxies, path, webSocketLimits } = config;
  return createWebSocketServer({
    ...(server === undefined
      ? { port: port ?? PORT_DEFAULT, hostname: hostname ?? HOSTNAME_DEFAULT }
      : { server, ...definedOf({ port, hostname }) }),
    random: randomStreams('peer-id'),
    ...definedOf({ handleRequest, trustedProxies, path, limits: webSocketLimits }),
  });
}

type Defined<Options> = { -readonly [Name in keyof Options]?: Exclude<Options[Name], undefined> };

/** The options that were given. */
function definedOf<Options extends object>(options: Options): Defined<Options> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Defined<Options>;
}
