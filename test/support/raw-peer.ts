/** A peer without manners: sends any message or bytes, keeps all it gets. Answers heartbeats. */
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { isCountedFrame } from '../../src/protocol/counted-messages.ts';
import type { ClientMessage, Resume, ServerMessage } from '../../src/protocol/messages.ts';
import { ServerFrameDecoder } from '../../src/protocol/server-frame-decoder.ts';
import { readBaselineAge } from '../../src/simulator/oracles/wire/frame-peek.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';
import type { MemoryClientConnection } from '../../src/transport/memory-network.ts';
import type { ClientConnection, ClientTransport } from '../../src/transport/transport.ts';
import type { Lane } from '../../src/protocol/lanes.ts';

type OfKind<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;

export class RawPeer {
  readonly received: ServerMessage[] = [];
  /** Of each snapshot that came: the age of its baseline in ticks; 0 = whole. */
  readonly baselineAges: number[] = [];
  isOpen = false;
  isClosed = false;
  /** The code of the transport's close, when there was one. */
  closeCode: string | undefined;
  answersHeartbeats = true;
  /** Counted messages of its session that it has taken, over all connections. */
  reliableReceived = 0;
  /** Hears each message as it comes. */
  onMessage: ((message: ServerMessage) => void) | undefined;
  readonly #connection: ClientConnection;
  readonly #decoder = new ServerFrameDecoder();
  /** Whose session it has resumed: rosters are told once. */
  #earlier: RawPeer | undefined;

  constructor(transport: ClientTransport, url: string) {
    this.#connection = transport.connect(url, {
      handleOpen: () => {
        this.isOpen = true;
      },
      handleBytes: (_lane, bytes) => this.#handleBytes(bytes),
      handleClosed: ({ code }) => {
        this.isClosed = true;
        this.closeCode = code;
      },
    });
  }

  login(credentials: unknown, protocolVersion = PROTOCOL_VERSION): void {
    this.send({ kind: 'login', protocolVersion, credentials: JSON.stringify(credentials) });
  }

  /** Asks for the session of an earlier connection; `changes`: what it says that isn't so. */
  resume(earlier: RawPeer, changes: Partial<Resume> = {}): void {
    const accepted = earlier.last('login-accepted');
    if (accepted === undefined) throw new Error('the earlier connection was never accepted');
    const { sessionId, resumeToken: token } = accepted;
    this.reliableReceived = earlier.reliableReceived;
    this.#earlier = earlier;
    const { serverTick: lastTick, reliableReceived } = earlier;
    const said = {
      protocolVersion: PROTOCOL_VERSION,
      sessionId,
      token,
      lastTick,
      reliableReceived,
    };
    this.send({ kind: 'resume', ...said, ...changes });
  }

  send(message: ClientMessage): void {
    this.#connection.write('reliable', encodeClientMessage(message));
  }

  sendBytes(bytes: Uint8Array, lane: Lane = 'reliable'): void {
    this.#connection.write(lane, bytes);
  }

  /** Over the memory transport: takes nothing from the network until `resumeReading`. */
  pauseReading(): void {
    (this.#connection as MemoryClientConnection).pauseReading();
  }

  resumeReading(): void {
    (this.#connection as MemoryClientConnection).resumeReading();
  }

  drop(): void {
    this.#connection.drop();
  }

  all<Kind extends ServerMessage['kind']>(kind: Kind): OfKind<Kind>[] {
    return this.received.filter((message): message is OfKind<Kind> => message.kind === kind);
  }

  first<Kind extends ServerMessage['kind']>(kind: Kind): OfKind<Kind> | undefined {
    return this.all(kind)[0];
  }

  last<Kind extends ServerMessage['kind']>(kind: Kind): OfKind<Kind> | undefined {
    return this.all(kind).at(-1);
  }

  /** A number of some player's state in the newest snapshot, in its own unit. */
  fieldOf(playerId: string, name: string): number | undefined {
    const fields = this.first('login-accepted')?.snapshotFields ?? [];
    const index = fields.findIndex((field) => field.name === name);
    const entity = this.entityOf(playerId);
    const state = this.last('snapshot')?.players.find((player) => player.entity === entity);
    const value = state?.fields[index];
    return value === undefined ? undefined : value * (fields[index]?.precision ?? Number.NaN);
  }

  /** The entity that the newest roster gives to this player. */
  entityOf(playerId: string): number | undefined {
    const entered = this.all('roster').flatMap((roster) => roster.entered);
    const entry = entered.findLast((each) => each.playerId === playerId);
    return entry?.entity ?? this.#earlier?.entityOf(playerId);
  }

  /** The world's last tick that this peer has seen. */
  get serverTick(): number {
    return this.last('snapshot')?.tick ?? this.last('heartbeat')?.serverTick ?? 0;
  }

  #handleBytes(bytes: Uint8Array): void {
    const message = this.#decoder.decode(bytes);
    if (message.kind === 'rejected') throw new Error(`the server sent ${message.code}`);
    this.received.push(message);
    if (message.kind === 'snapshot') this.baselineAges.push(readBaselineAge(bytes));
    if (isCountedFrame(bytes)) this.reliableReceived += 1;
    if (message.kind === 'resynced') this.reliableReceived = message.reliableSent;
    if (message.kind === 'login-accepted' && message.reliableReceived === undefined) {
      this.reliableReceived = 0;
    }
    this.onMessage?.(message);
    if (message.kind === 'heartbeat' && this.answersHeartbeats) {
      const { nonce, serverTick } = message;
      const { reliableReceived } = this;
      this.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
    }
  }
}
