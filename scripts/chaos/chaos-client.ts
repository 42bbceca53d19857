/**
 * One player of a chaos run: the shipped client, always moving, now and then shooting and sending a
 * token, who writes down what it sees and hears. In: a name. Out: rows.
 */
import { connect, webSocketTransport } from 'holdfast/client';
import type { Client, CombatEvent, VerdictReport } from 'holdfast/client';
import { peekMessageKind, ServerFrameDecoder } from 'holdfast/protocol';
import type { LoginAccepted, UserMessage } from 'holdfast/protocol';
import { CHAOS_MESSAGES } from './chaos-messages.ts';
import type { ChaosMessages, LedgerPayload, ProcessPayload } from './chaos-messages.ts';
import type { ClientRow, LogRow, ResyncedNote } from './log-rows.ts';
import { machineNow, sleep } from './machine-clock.ts';
import { TappedTransport } from './tapped-transport.ts';
import type { FrameTap } from './tapped-transport.ts';
import { chooseMove, chooseShot } from './player-moves.ts';
import type { WorldLog } from './world-log.ts';

export interface PlayerSettings {
  readonly url: string;
  /** Between two of the same player. Ticks. */
  readonly shotTicks: number;
  readonly tokenTicks: number;
}

export interface ChaosClientOptions extends PlayerSettings {
  readonly name: string;
  /** So that not all do the same in one tick. */
  readonly phase: number;
  readonly write: (row: LogRow) => void;
  readonly world: WorldLog;
}

/** The connection that lasts at present. */
interface Line {
  readonly decoder: ServerFrameDecoder;
  accepted: LoginAccepted | undefined;
  acceptedAt: number;
  process: number | undefined;
  hasJoined: boolean;
  /** What is to be noted once it is known which process says it. */
  readonly waiting: ((process: number) => void)[];
}

type Row = ClientRow extends infer One
  ? One extends unknown
    ? Omit<One, 'client'>
    : never
  : never;

/** Before the next attempt of a first login that was lost. Milliseconds, at most. */
const RETRY_MS_MAX = 300;
/** Outcomes that are written down in one row. */
const HEARD_MAX = 50;

export class ChaosClient implements FrameTap {
  readonly name: string;
  readonly #options: ChaosClientOptions;
  readonly #transport: TappedTransport;
  #client: Client<ChaosMessages> | undefined;
  #line: Line = newLine();
  /** Of the last connection that said it. */
  #lastProcess: number | undefined;
  #resynced: ResyncedNote | undefined;
  #newestTick = 0;
  #newestTickBefore = 0;
  #tokensSent = 0;
  readonly #heard: number[] = [];
  #isOver = false;
  #hasClosed = false;

  constructor(options: ChaosClientOptions) {
    this.name = options.name;
    this.#options = options;
    this.#transport = new TappedTransport(webSocketTransport(), this);
  }

  /** It plays: what it sees belongs to a connection that is logged in. */
  get isIn(): boolean {
    return this.#client?.state === 'logged-in' && this.#line.hasJoined;
  }

  /** The session has ended, and it was not asked to. */
  get isLost(): boolean {
    return this.#hasClosed && !this.#isOver;
  }

  /** Logs in; tries again as long as the first login doesn't get through. */
  async start(): Promise<void> {
    while (!this.#isOver && this.#client === undefined) {
      try {
        this.#adopt(await this.#connect());
      } catch {
        await sleep(Math.random() * RETRY_MS_MAX);
      }
    }
  }

  /** Cuts the connection; the client comes back by its own means. */
  drop(): void {
    this.#transport.drop();
  }

  async leave(): Promise<void> {
    this.#flushHeard();
    this.#write({ kind: 'left' });
    this.#isOver = true;
    await this.#client?.leave();
  }

  /** Notes where it stands; nothing is noted afterwards. */
  async finish(): Promise<void> {
    this.#flushHeard();
    const { state = 'disconnected', sessionId = '' } = this.#client ?? {};
    this.#write({ kind: 'end', state, sessionId });
    this.#isOver = true;
    await this.#client?.leave();
  }

  handleOpen(): void {
    this.#line = newLine();
    this.#newestTickBefore = this.#newestTick;
  }

  handleFrame(bytes: Uint8Array): void {
    const kind = peekMessageKind(bytes);
    if (kind === 'snapshot') return this.#noteSnapshot(bytes);
    if (kind !== 'login-accepted' && kind !== 'heartbeat' && kind !== 'roster') {
      if (kind !== 'user-message' || this.#line.process !== undefined) return;
    }
    const message = this.#line.decoder.decode(bytes);
    if (message.kind === 'login-accepted') this.#noteAccepted(message);
    if (message.kind === 'heartbeat') this.#noteTick(message.serverTick);
    if (message.kind === 'user-message') this.#noteProcess(message);
    if (message.kind === 'roster') {
      this.#whenKnown((process) => this.#options.world.noteRoster(process, message));
    }
  }

  handleClosed(): void {
    const { accepted, waiting } = this.#line;
    const lastProcess = this.#lastProcess;
    // Who goes on counting is still with the same process.
    if (accepted?.reliableReceived !== undefined && lastProcess !== undefined) {
      for (const note of waiting) note(lastProcess);
    }
    this.#line = newLine();
  }

  #connect(): Promise<Client<ChaosMessages>> {
    return connect({
      url: this.#options.url,
      credentials: { name: this.name },
      messages: CHAOS_MESSAGES,
      transport: this.#transport,
    });
  }

  #adopt(client: Client<ChaosMessages>): void {
    this.#client = client;
    if (this.#isOver) return void client.leave();
    client.on('resynced', ({ fromTick, ticksLost, eventsMissed }) => {
      const newestTick = this.#newestTickBefore;
      this.#resynced = { fromTick, ticksLost, eventsMissed: eventsMissed ?? null, newestTick };
      // What was known of a history that is gone counts no more.
      this.#newestTick = Math.min(this.#newestTick, fromTick);
    });
    client.on('combat', (event) => this.#noteOutcome(event));
    client.on('message', (message) => {
      if (message.name === 'ledger') this.#noteAnswer(message.payload);
    });
    client.on('verdicts', (report) => this.#noteVerdicts(report));
    client.on('input-tick', ({ tick }) => this.#play(client, tick));
    client.on('closed', ({ reason }) => {
      this.#hasClosed = true;
      this.#write({ kind: 'closed', at: machineNow(), reason });
    });
  }

  #play(client: Client<ChaosMessages>, tick: number): void {
    if (!this.#line.hasJoined || this.#isOver) return;
    const { phase, shotTicks, tokenTicks } = this.#options;
    const turn = tick + phase;
    client.sendMove(chooseMove(client.self, turn));
    if (turn % shotTicks === 0) {
      const shot = chooseShot(client.self, client.players.values());
      const shotTick = shot === undefined ? undefined : client.shoot(shot);
      if (shotTick !== undefined) this.#write({ kind: 'shot', tick: shotTick });
    }
    if (turn % tokenTicks !== 0) return;
    const number = this.#tokensSent + 1;
    if (!client.send({ name: 'token', payload: { number } })) return;
    this.#tokensSent = number;
    this.#write({ kind: 'token', number });
  }

  #noteAccepted(message: LoginAccepted): void {
    const { sessionId, playerId, epoch, entity, isResumed } = message;
    this.#options.world.noteFields(message);
    const at = machineNow();
    this.#line = { ...newLine(this.#line.decoder), accepted: message, acceptedAt: at };
    this.#flushHeard();
    this.#write({ kind: 'accepted', at, sessionId, playerId, epoch, entity, isResumed });
  }

  #noteProcess({ name, payload }: UserMessage): void {
    if (name !== 'process') return;
    const line = this.#line;
    const { process } = JSON.parse(payload) as ProcessPayload;
    line.process = process;
    this.#lastProcess = process;
    for (const note of line.waiting.splice(0)) note(process);
  }

  #whenKnown(note: (process: number) => void): void {
    const { process, waiting } = this.#line;
    if (process === undefined) waiting.push(note);
    else note(process);
  }

  #noteTick(tick: number): void {
    this.#newestTick = Math.max(this.#newestTick, tick);
  }

  #noteSnapshot(bytes: Uint8Array): void {
    const { accepted, acceptedAt, hasJoined, process } = this.#line;
    if (accepted === undefined) return;
    const message = this.#line.decoder.decode(bytes);
    if (message.kind !== 'snapshot') return;
    if (process === undefined) return this.#noteTick(message.tick);
    const seen = this.#options.world.noteSnapshot(process, message);
    if (!hasJoined) {
      this.#flushHeard();
      this.#line.hasJoined = true;
      this.#write({
        kind: 'joined',
        process,
        acceptedAt,
        tick: seen.tick,
        me: seen.players.get(accepted.entity),
        resynced: this.#resynced,
        newestTick: this.#newestTickBefore,
        isFresh: accepted.reliableReceived === undefined,
      });
      this.#resynced = undefined;
    }
    this.#noteTick(seen.tick);
  }

  #noteOutcome(event: CombatEvent): void {
    if (event.event === 'shoot-rejected') return;
    this.#whenKnown((process) => {
      this.#heard.push(this.#options.world.noteEvent(process, event));
      if (this.#heard.length >= HEARD_MAX) this.#flushHeard();
    });
  }

  #noteAnswer({ tick, number, count, recent }: LedgerPayload): void {
    this.#whenKnown((process) => {
      this.#write({ kind: 'answer', process, tick, number, count, recent });
    });
  }

  #noteVerdicts({ entries }: VerdictReport): void {
    const tokens = entries.filter(
      ({ input, outcome }) => input === 'token' && outcome === 'rejected',
    ).length;
    if (tokens > 0) this.#write({ kind: 'refused', tokens });
  }

  #flushHeard(): void {
    if (this.#heard.length > 0) this.#write({ kind: 'heard', ids: this.#heard.splice(0) });
  }

  /** Nothing after its last word. */
  #write(row: Row): void {
    if (this.#isOver) return;
    this.#options.write({ client: this.name, ...row });
  }
}

function newLine(decoder = new ServerFrameDecoder()): Line {
  return {
    decoder,
    accepted: undefined,
    acceptedAt: 0,
    process: undefined,
    hasJoined: false,
    waiting: [],
  };
}
