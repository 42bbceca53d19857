/**
 * A server's transport with network conditions around another one, for each connection its own.
 * In: the host's calls, the events of the inner transport. Out: both, as the conditions say.
 * Must not know: what bytes mean, sessions.
 */
import type { PeerId } from '../protocol/ids.ts';
import type { ConditionFaults } from './condition-faults.ts';
import { ConditionedConnection } from './conditioned-connection.ts';
import { createLine, resolveConditionedSetting } from './conditioned-options.ts';
import type {
  ConditionedOptions,
  ConditionedPlatform,
  ConditionedSetting,
} from './conditioned-options.ts';
import type { LineFates } from './line-fates.ts';
import type { Lanes, LinkConditions, LinkDirections } from './link-conditions.ts';
import type { TransportConnection, TransportHandler, TransportServer } from './transport.ts';

export class ConditionedServer implements TransportServer {
  readonly #inner: TransportServer;
  readonly #setting: ConditionedSetting;
  /** What the line of a new connection begins with; nothing travels over it. */
  readonly #pattern: LineFates;
  /** Until the inner connection has ended. */
  readonly #byInner = new Map<TransportConnection, ConditionedConnection>();
  /** Until the host was told of the end. */
  readonly #byPeer = new Map<PeerId, ConditionedConnection>();

  /** Throws HoldfastError `invalid-configuration` that names the option or the condition. */
  constructor(inner: TransportServer, options: ConditionedOptions, platform: ConditionedPlatform) {
    this.#inner = inner;
    this.#setting = resolveConditionedSetting(options, platform);
    this.#pattern = createLine(this.#setting, options);
  }

  /** What has been done to messages so far, over all connections. */
  get faults(): Readonly<ConditionFaults> {
    return this.#setting.faults;
  }

  /** The line of one open connection, to read or set its conditions alone. */
  line(peerId: PeerId): Pick<LineFates, 'conditions' | 'setConditions'> | undefined {
    return this.#byPeer.get(peerId)?.line;
  }

  /**
   * For every connection, those to come included, for what is sent from now on; what `conditions`
   * leaves out is perfect. Throws HoldfastError `invalid-configuration`; then nothing has changed.
   */
  setConditions(
    directions: LinkDirections,
    lanes: Lanes,
    conditions: Partial<LinkConditions>,
  ): void {
    this.#pattern.setConditions(directions, lanes, conditions);
    for (const { line } of this.#byPeer.values()) line.setConditions(directions, lanes, conditions);
  }

  start(handler: TransportHandler): Promise<string> {
    return this.#inner.start({
      admitConnection: (request) => handler.admitConnection(request),
      handleOpen: (inner) => handler.handleOpen(this.#adopt(inner, handler)),
      handleBytes: (inner, lane, bytes) => this.#byInner.get(inner)?.receive(lane, bytes),
      handleMalformed: (inner, code) => this.#byInner.get(inner)?.receiveMalformed(code),
      handleClosed: (inner) => {
        const connection = this.#byInner.get(inner);
        this.#byInner.delete(inner);
        connection?.handleInnerClosed();
      },
    });
  }

  async stop(): Promise<void> {
    for (const connection of this.#byPeer.values()) connection.stop();
    await this.#inner.stop();
  }

  #adopt(inner: TransportConnection, handler: TransportHandler): ConditionedConnection {
    const line = createLine(this.#setting, {});
    line.setConditionsOf(this.#pattern);
    const connection = new ConditionedConnection({
      setting: this.#setting,
      line,
      inner,
      handler,
      onEnded: () => this.#byPeer.delete(inner.peerId),
    });
    this.#byInner.set(inner, connection);
    this.#byPeer.set(inner.peerId, connection);
    return connection;
  }
}
