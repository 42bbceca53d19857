/**
 * Writes a run down: a trace for each peer, the tape of the worlds, gauges, errors. In: what the
 * network's tap, the coordinator's subscribers, the host's and the clients' hooks say; it changes
 * nothing. Out: a RunResult. In a solo run its worlds play the others' part from a tape.
 */
import type { AuthorityInput } from '../authority/authority.ts';
import type { Verdict } from '../authority/verdict.ts';
import type { World, WorldOptions } from '../authority/world.ts';
import { BoundsWatch, type WatchedHost } from './bounds-watch.ts';
import type { Clock } from '../base/clock.ts';
import type { Client } from '../client/client.ts';
import type { Suspicion } from '../host/suspicion.ts';
import type { PeerId } from '../protocol/ids.ts';
import { MESSAGE_KIND_BYTES } from '../protocol/message-kinds.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import { DisplacementWatch } from './displacement-watch.ts';
import { EnvironmentTape } from './environment-tape.ts';
import { LoginWatch } from './login-watch.ts';
import type { NetworkTap, TappedBeginning, TappedEnd } from './network-tap.ts';
import type { Packet } from './packet.ts';
import { RecordingWorld } from './recording-world.ts';
import { ReplayingWorld } from './replaying-world.ts';
import { RunGauges } from './run-gauges.ts';
import type { PeerRole, PeerRun, RunError, RunResult } from './run-result.ts';
import { readSnapshotTick } from './oracles/wire/frame-peek.ts';
import { SessionLog, type FrameFact } from './session-log.ts';
import { SessionWatch, type WatchedSessions } from './session-watch.ts';
import type { SimulationOptions } from './simulation-options.ts';
import { Trace } from './trace.ts';

/** Whose part a run plays live, and from where the others' comes. */
export interface Replay {
  readonly tape: EnvironmentTape;
  /** PlayerIds. */
  readonly livePlayers: ReadonlySet<string>;
  /** False: without the others, in worlds whose ticks are those of the tape. Default true. */
  readonly hasPuppets?: boolean;
}

export interface RunRecorderOptions {
  readonly clock: Clock;
  readonly replay?: Replay;
  /** Bounds the way of a body in one tick; undefined = the game's rules move bodies by leaps. */
  readonly speedMetresPerSecond?: number;
  /** `limits.reliableQueueBytesMax` of the host. Default: the host's. */
  readonly queueBytesMax?: number;
  /** What a trace will hold about; it grows. Default 64 kB. */
  readonly traceBytes?: number;
}

export interface RecordedPeer {
  readonly name: string;
  readonly role: PeerRole;
  readonly playerId?: string;
}

/** What the recorder cannot see. */
export type RunFrame = Omit<
  RunResult,
  'peers' | 'tape' | 'gauges' | 'errors' | 'endedAt' | 'sessions'
>;

/** What must be handed to a simulation so that the recorder hears of everything. */
export type RecorderHooks = Required<
  Pick<
    SimulationOptions,
    'tap' | 'createWorld' | 'onVerdict' | 'onSuspicion' | 'onHostCreated' | 'onJoined' | 'onError'
  >
>;

/** A host, as far as it matters here. */
export interface CreatedHost extends WatchedHost {
  readonly sessions: WatchedHost['sessions'] & WatchedSessions;
}

/** A peer of a simulation, as far as it matters here. */
export interface JoinedPeer {
  readonly name: string;
  readonly client: Pick<Client, 'on'> | undefined;
}

/** A move of a session, on either side. */
interface Move {
  readonly from: string;
  readonly to: string;
  readonly cause: string;
}

/** The note that says so in every trace. */
export const SERVER_BEGINS = 'a server process begins';

/** The note that says so in every trace: it takes nothing in any more. */
export const SERVER_DRAINS = 'the server stops and keeps the sessions';

/** The note that says so in a player's trace: a token that was kept is gone. */
export const COMPUTER_FORGETS = 'its computer forgets what it kept';

/** What the PeerId of a restored session begins with (L23). */
const RESTORED = 'restored:';
/** The default of `limits.reliableQueueBytesMax`. */
const QUEUE_BYTES_MAX_DEFAULT = 262_144;
/** The default of `limits.sessionsPerAddressMax`: every peer has an address of its own. */
const SESSIONS_PER_PEER_MAX = 32;
/** How seldom the bounds of the host are looked at. */
const LOOK_TICKS = 8;

const SNAPSHOT = MESSAGE_KIND_BYTES.snapshot;
const WORDS: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES['login-accepted'],
  MESSAGE_KIND_BYTES['login-rejected'],
  MESSAGE_KIND_BYTES.heartbeat,
  MESSAGE_KIND_BYTES.resynced,
  MESSAGE_KIND_BYTES.close,
]);
/** Of these it matters only how many there are: peers acknowledge them. */
const COUNTED: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES.roster,
  MESSAGE_KIND_BYTES['combat-event'],
  MESSAGE_KIND_BYTES['verdict-report'],
  MESSAGE_KIND_BYTES['user-message'],
]);

/** Nobody listens before the client is there, so its login is one move. */
const FIRST_LOGIN: Move = { from: 'login-pending', to: 'logged-in', cause: 'login-succeeded' };

export class RunRecorder implements NetworkTap {
  readonly gauges: RunGauges = new RunGauges();
  readonly tape: EnvironmentTape;
  readonly #options: RunRecorderOptions;
  readonly #peers = new Map<string, PeerRun>();
  readonly #errors: RunError[] = [];
  /** PeerIds taken apart: there is a verdict on every input. */
  readonly #parts = new Map<PeerId, PeerIdParts>();
  readonly #displacement: DisplacementWatch | undefined;
  readonly #bounds: BoundsWatch;
  #host: CreatedHost | undefined;
  #unsubscribe: (() => void) | undefined;
  /** Of a run in which everybody is live: a model knows the rules, not who is a puppet. */
  readonly #sessions: SessionLog | undefined;
  #watch: SessionWatch | undefined;
  #logins: LoginWatch | undefined;

  constructor(options: RunRecorderOptions) {
    this.#options = options;
    this.#sessions = options.replay === undefined ? new SessionLog() : undefined;
    this.tape = options.replay?.tape ?? new EnvironmentTape();
    const { clock, speedMetresPerSecond, queueBytesMax = QUEUE_BYTES_MAX_DEFAULT } = options;
    const { gauges } = this;
    const sessionsMax = (): number => this.#peers.size * SESSIONS_PER_PEER_MAX;
    this.#bounds = new BoundsWatch({ clock, gauges, queueBytesMax, sessionsMax });
    if (speedMetresPerSecond === undefined) return;
    this.#displacement = new DisplacementWatch({ clock, speedMetresPerSecond, gauges });
  }

  /** Spread into the options of a simulation. */
  get hooks(): RecorderHooks {
    return {
      tap: this,
      createWorld: (options) => this.createWorld(options),
      onVerdict: (session, input, verdict) => this.handleVerdict(session, input, verdict),
      onSuspicion: (session, suspicion) => this.handleSuspicion(session, suspicion),
      onHostCreated: (host) => this.handleHostCreated(host),
      onJoined: (peer) => this.handleJoined(peer),
      onError: (error, where) => this.handleError(error, where),
    };
  }

  /** The game's `authenticate`, for a model that must know when it has answered what. */
  hearLogins<Given extends unknown[], Answer>(
    authenticate: (...given: Given) => Answer,
  ): (...given: Given) => Answer {
    if (this.#sessions === undefined) return authenticate;
    this.#logins ??= new LoginWatch(this.#sessions, this.#options.clock);
    return this.#logins.watch(authenticate);
  }

  /** Begins a peer's trace; what is heard of names that were not added is left out. */
  addPeer({ name, role, playerId }: RecordedPeer): void {
    const trace = new Trace(name, this.#options.traceBytes);
    this.#peers.set(name, { name, role, playerId, trace });
  }

  traceOf(name: string): Trace | undefined {
    return this.#peers.get(name)?.trace;
  }

  /** The `createWorld` of the host. */
  createWorld(options: WorldOptions): World {
    const { clock, replay } = this.#options;
    const onStepped = (world: World): void => this.#handleStepped(world);
    if (replay === undefined) {
      return new RecordingWorld(options, { tape: this.tape, clock, onStepped });
    }
    const onDivergence = (text: string): void => this.noteDivergence(text, replay.livePlayers);
    return new ReplayingWorld(options, { ...replay, clock, onStepped, onDivergence });
  }

  handleSent(peer: string, packet: Packet): void {
    if (packet.act !== undefined) return;
    const moment = packet.direction === 'up' ? 'client-sent' : 'server-sent';
    const at = this.#options.clock.now();
    this.traceOf(peer)?.recordFrame(at, moment, packet);
    if (packet.direction === 'down') this.#noteWord(peer, packet);
  }

  handleDelivered(peer: string, packet: Packet, at: number): void {
    if (packet.act !== undefined) return;
    const moment = packet.direction === 'up' ? 'server-received' : 'client-received';
    this.traceOf(peer)?.recordFrame(at, moment, packet);
    if (packet.direction === 'up') this.#noteFrame('received', peer, packet);
  }

  handleText(peer: string, connection: number, at: number): void {
    this.#sessions?.note({ kind: 'text-received', at, peer, connection });
  }

  handleLost(peer: string, connection: number, at: number): void {
    this.#sessions?.note({ kind: 'lost', at, peer, connection });
  }

  handleBegun(peer: string, { client, connection, at }: TappedBeginning): void {
    const text = `client ${client} begins connection ${connection}`;
    this.traceOf(peer)?.recordText(at, 'connection-opened', text);
  }

  handleOpened(peer: string, connection: number, at: number): void {
    this.traceOf(peer)?.recordText(
      at,
      'connection-opened',
      `server opens connection ${connection}`,
    );
    this.#sessions?.note({ kind: 'opened', at, peer, connection });
  }

  handleEnded(peer: string, { side, connection, code, unread, at }: TappedEnd): void {
    const words = [`${side}'s end of connection ${connection}`];
    if (code !== undefined) words.push(code);
    if (unread > 0) words.push(`with ${unread} unread`);
    this.traceOf(peer)?.recordText(at, 'connection-closed', words.join(' '));
    if (side === 'server') this.#sessions?.note({ kind: 'ended', at, peer, connection });
  }

  /** A server process begins: all that an earlier one knew is gone. */
  handleHostCreated(host: CreatedHost): void {
    this.#unsubscribe?.();
    this.#watch?.stop();
    this.#host = host;
    const { clock } = this.#options;
    if (this.#sessions !== undefined) {
      this.#watch = new SessionWatch(host.sessions, this.#sessions, clock);
    }
    for (const name of this.#peers.keys()) this.handleNote(name, SERVER_BEGINS);
    this.#unsubscribe = host.sessions.subscribe((event) => this.handleSessionEvent(event));
  }

  /** The server stops in good order: what still comes is left to the next process. */
  handleDraining(): void {
    for (const name of this.#peers.keys()) this.handleNote(name, SERVER_DRAINS);
    this.#sessions?.note({ kind: 'host-drains', at: this.#options.clock.now() });
  }

  /** For `host.sessions.subscribe`. */
  handleSessionEvent(event: SessionEvent): void {
    const { session, from, to, cause, at, epoch } = event;
    const [name, connection] = this.#ownerOf(session);
    const text = JSON.stringify([session.sessionId, connection, from, to, cause, epoch]);
    this.traceOf(name)?.recordText(at, 'server-move', text);
  }

  /** Whose first login of a new client was accepted: `onJoined` of a simulation. */
  handleJoined({ name, client }: JoinedPeer): void {
    this.handleClientMove(name, FIRST_LOGIN);
    client?.on('state', (move) => this.handleClientMove(name, move));
  }

  /** A move of the client's session. */
  handleClientMove(name: string, { from, to, cause }: Move): void {
    const text = JSON.stringify(['', 0, from, to, cause, 0]);
    this.traceOf(name)?.recordText(this.#options.clock.now(), 'client-move', text);
  }

  /** For the host's `onVerdict`. */
  handleVerdict(session: ManagedSession, input: AuthorityInput, verdict: Verdict): void {
    const [name, connection] = this.#split(session.peerId);
    this.traceOf(name)?.recordVerdict(this.#options.clock.now(), input, { verdict, connection });
  }

  /** For the host's `onSuspicion`. */
  handleSuspicion(session: ManagedSession, { kind, change }: Suspicion): void {
    const [name] = this.#ownerOf(session);
    this.traceOf(name)?.recordText(this.#options.clock.now(), 'suspicion', `${kind} ${change}`);
  }

  /** A fact of a peer's own that two runs must share: what a checker or an actor saw. */
  handleNote(name: string, text: string): void {
    this.traceOf(name)?.recordText(this.#options.clock.now(), 'note', text);
  }

  /** Something that nobody may cause. */
  handleError(error: unknown, where: string): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#errors.push({ at: this.#options.clock.now(), where, text });
  }

  /** The solo run has left the tape: said in the traces of those who are live, so that it shows. */
  noteDivergence(text: string, livePlayers: ReadonlySet<string>): void {
    for (const { name, playerId } of this.#peers.values()) {
      if (playerId !== undefined && livePlayers.has(playerId)) this.handleNote(name, text);
    }
  }

  /** All of it; the recorder is done. */
  finish(frame: RunFrame): RunResult {
    const { tape, gauges } = this;
    const endedAt = this.#options.clock.now();
    if (this.#host !== undefined) this.#bounds.lookLast(this.#host);
    const sessions = this.#sessions;
    return { ...frame, endedAt, tape, gauges, peers: this.#peers, errors: this.#errors, sessions };
  }

  /** What the host says that settles something: of the rest nothing follows for a session. */
  #noteWord(peer: string, packet: Packet): void {
    const kind = packet.bytes[0] ?? 0;
    if (WORDS.has(kind)) this.#noteFrame('sent', peer, packet);
    const of = { at: this.#options.clock.now(), peer, connection: packet.connection };
    if (COUNTED.has(kind)) this.#sessions?.note({ kind: 'counted-sent', ...of });
    if (kind !== SNAPSHOT) return;
    this.#sessions?.note({ kind: 'snapshot-sent', ...of, tick: readSnapshotTick(packet.bytes) });
  }

  #noteFrame(kind: FrameFact['kind'], peer: string, packet: Packet): void {
    const at = this.#options.clock.now();
    const { connection, lane, sentAt, bytes } = packet;
    this.#sessions?.noteFrame({ kind, at, peer, connection, lane, sentAt }, bytes);
  }

  #handleStepped(world: World): void {
    this.#displacement?.look(world);
    if (this.#host !== undefined && world.tick % LOOK_TICKS === 0) this.#bounds.look(this.#host);
  }

  /** A session that a store has brought back has no connection yet: it is its player's. */
  #ownerOf({ peerId, playerId }: ManagedSession): PeerIdParts {
    if (!peerId.startsWith(RESTORED)) return this.#split(peerId);
    const owners = [...this.#peers.values()].filter((peer) => peer.playerId === playerId);
    return [owners[0]?.name ?? '', 0];
  }

  #split(peerId: PeerId): PeerIdParts {
    let parts = this.#parts.get(peerId);
    if (parts === undefined) this.#parts.set(peerId, (parts = splitPeerId(peerId)));
    return parts;
  }
}

type PeerIdParts = readonly [name: string, connection: number];

/** The name and the number of the connection, of a PeerId `name#number`. */
function splitPeerId(peerId: PeerId): PeerIdParts {
  const end = peerId.lastIndexOf('#');
  return end === -1 ? [peerId, 1] : [peerId.slice(0, end), Number(peerId.slice(end + 1))];
}
