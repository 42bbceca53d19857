/**
 * The client that `connect` returns: brings session, mirror of the world and listeners together.
 * In: calls of the game, moves and messages from the keeper. Out: events, inputs.
 */
import type { MessageDefinitions, MessageInputOf } from '../protocol/define-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import { isId } from '../protocol/ids.ts';
import type {
  CombatEvent,
  LoginAccepted,
  Resynced,
  Snapshot,
  UserMessage,
  UserUpdate,
} from '../protocol/messages.ts';
import { createUserMessage, tryParseUserMessage } from '../protocol/user-message.ts';
import type { SessionCause } from '../session/session-cause.ts';
import type { ClientSessionEvent } from '../session/session-manager.ts';
import type { SessionState } from '../session/session-state.ts';
import type { Client, Move, Shot } from './client.ts';
import type { ClientEvents } from './client-events.ts';
import type { ClientOptions } from './client-options.ts';
import type { ClientStats } from './client-stats.ts';
import { createClientTraffic } from './client-traffic.ts';
import type { GameplayMessage } from './gameplay-message.ts';
import type { PlayerView } from './player-view.ts';
import { NO_PREDICTION } from './prediction.ts';
import { SentMoves } from './sent-moves.ts';
import { SessionKeeper } from './session-keeper.ts';
import { ShotBook } from './shot-book.ts';
import { TypedEmitter } from './typed-emitter.ts';
import { WorldMirror } from './world-mirror.ts';

/** docs/adr/0019-a-tick-to-spare-for-copies.md. */
const SPARE_TICKS = 1;

export class HoldfastClient<Definitions extends MessageDefinitions> implements Client<Definitions> {
  readonly #options: ClientOptions<Definitions>;
  readonly #traffic = createClientTraffic();
  readonly #emitter: TypedEmitter<ClientEvents<Definitions>>;
  readonly #keeper: SessionKeeper;
  readonly #shots: ShotBook;
  /** Of the last accepted login; undefined before the first, when nobody has the client yet. */
  #mirror: WorldMirror | undefined;
  /** Of the connection that carries the session. */
  #sentMoves = new SentMoves({ repeatsMax: 0, aheadTicksMax: 0 });
  #logins = 0;
  #snapshotsReceived = 0;
  #snapshotsStale = 0;
  #userMessagesRejected = 0;

  constructor(options: ClientOptions<Definitions>) {
    this.#options = options;
    this.#emitter = new TypedEmitter(options.onListenerError);
    this.#shots = new ShotBook({
      clock: options.clock,
      scheduler: options.scheduler,
      onShot: (event) => this.#emitter.emit('shot', event),
    });
    this.#keeper = new SessionKeeper(options, this.#traffic, {
      handleMove: (move) => this.#handleMove(move),
      handleMessage: (message) => this.#handleMessage(message),
    });
  }

  get state(): SessionState {
    return this.#keeper.session.state;
  }

  get lastCause(): SessionCause {
    return this.#keeper.session.lastCause ?? 'transport-activity';
  }

  get sessionId(): SessionId {
    return this.#accepted.sessionId;
  }

  get playerId(): PlayerId {
    return this.#accepted.playerId;
  }

  get worldId(): WorldId {
    return this.#accepted.worldId;
  }

  get epoch(): number {
    return this.#accepted.epoch;
  }

  get tickRateHz(): number {
    return this.#accepted.tickRateHz;
  }

  get serverTick(): number | undefined {
    return this.#mirror?.serverTick;
  }

  get players(): ReadonlyMap<PlayerId, PlayerView> {
    return this.#mirror?.players ?? new Map<PlayerId, PlayerView>();
  }

  get self(): PlayerView | undefined {
    return this.#mirror?.self;
  }

  get selfConfirmed(): PlayerView | undefined {
    return this.#mirror?.selfConfirmed;
  }

  get selfInterpolated(): PlayerView | undefined {
    return this.#mirror?.selfInterpolated;
  }

  get stats(): ClientStats {
    return {
      ...this.#traffic,
      ...(this.#mirror?.prediction ?? NO_PREDICTION),
      roundTripTimeMs: this.#mirror?.roundTripTimeMs,
      jitterMs: this.#mirror?.jitterMs ?? 0,
      interpolationDelayMs: this.#mirror?.interpolationDelayMs ?? 0,
      extrapolations: this.#mirror?.extrapolated.times ?? 0,
      extrapolatedMs: this.#mirror?.extrapolated.ms ?? 0,
      inputMarginTicks: this.#mirror?.inputMarginTicks,
      inputLeadTicks: this.#mirror?.inputLeadTicks ?? 0,
      snapshotsReceived: this.#snapshotsReceived,
      snapshotsStale: this.#snapshotsStale,
      userMessagesRejected: this.#userMessagesRejected,
      reconnects: Math.max(0, this.#logins - 1),
      listenerErrors: this.#emitter.listenerErrors,
      eventsDropped: this.#emitter.eventsDropped,
    };
  }

  /** The first login, for `connect` alone; rejects as `connect` does. */
  login(): Promise<void> {
    return this.#keeper.login();
  }

  cancelLogin(reason: unknown): void {
    this.#keeper.cancelLogin(reason);
  }

  sendMove({ directionX, directionY, yaw }: Move): number | undefined {
    checkFinite('directionX', directionX);
    checkFinite('directionY', directionY);
    checkFinite('yaw', yaw);
    if (this.state !== 'logged-in') return undefined;
    const tick = this.#mirror?.takeMoveTick();
    if (tick === undefined) return undefined;
    const input = { kind: 'move-input', tick, directionX, directionY, yaw } as const;
    const { isSyncOrdered } = this.#keeper;
    if (!this.#keeper.send(isSyncOrdered ? input : this.#sentMoves.withEarlier(input))) {
      return undefined;
    }
    this.#sentMoves.note(input);
    this.#mirror?.handleMoveSent(input);
    return tick;
  }

  shoot({ directionX, directionY, targetPlayerId }: Shot): number | undefined {
    checkFinite('directionX', directionX);
    checkFinite('directionY', directionY);
    if (targetPlayerId !== undefined && !isId(targetPlayerId)) {
      throw new HoldfastError('invalid-argument', 'targetPlayerId: must be the id of a player');
    }
    const mirror = this.#mirror;
    if (this.state !== 'logged-in' || mirror === undefined) return undefined;
    const tick = mirror.takeShotTick();
    if (tick === undefined) return undefined;
    const isSent = this.#keeper.send({
      kind: 'shoot-input',
      tick,
      targetPlayerId,
      directionX,
      directionY,
      viewTick: mirror.viewTick,
    });
    if (!isSent) return undefined;
    this.#shots.handleSent(tick);
    return tick;
  }

  send(message: MessageInputOf<Definitions>): boolean {
    const { messages } = this.#options;
    return this.#keeper.send(createUserMessage(messages, message));
  }

  on<Name extends keyof ClientEvents<Definitions>>(
    name: Name,
    listener: (event: ClientEvents<Definitions>[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  leave(): Promise<void> {
    return this.#keeper.leave();
  }

  get #accepted(): LoginAccepted {
    const { accepted } = this.#keeper;
    if (accepted === undefined) throw new HoldfastError('not-logged-in', 'not logged in yet');
    return accepted;
  }

  #handleMove({ from, to, cause }: ClientSessionEvent): void {
    if (from === 'logged-in') this.#mirror?.stop();
    if (to === 'logged-in') this.#begin();
    this.#emitter.emit('state', { from, to, cause });
    if (to === 'disconnected') {
      this.#shots.close();
      // Every other way to the end is the server's or the player's decision.
      const retryable = cause === 'reconnect-window-expired';
      this.#emitter.emit('closed', { reason: cause, retryable });
    }
    if (to === 'logged-in') this.#handleLogin();
  }

  /** Begins anew with what the accepted login says; nothing of an older connection touches it. */
  #begin(): void {
    const { isResumed, reliableReceived, inputAheadTicksMax: aheadTicksMax } = this.#accepted;
    // Where the counting goes on, so do rosters and answers: no complete one follows.
    const isContinued = isResumed && reliableReceived !== undefined;
    this.#shots.handleLogin({ resent: this.#keeper.memory.shotsUnacknowledged, isContinued });
    const { inputRepeatsMax: repeatsMax } = this.#options;
    this.#sentMoves = new SentMoves({ repeatsMax, aheadTicksMax });
    this.#mirror = this.#createMirror(isContinued);
  }

  #createMirror(isContinued: boolean): WorldMirror {
    const { clock, scheduler, inputRepeatsMax, prediction } = this.#options;
    const { interpolationDelayMs, extrapolationMsMax } = this.#options;
    return new WorldMirror({
      accepted: this.#accepted,
      clock,
      scheduler,
      interpolationDelayMs,
      extrapolationMsMax,
      spareTicks: this.#keeper.isSyncOrdered || inputRepeatsMax === 0 ? 0 : SPARE_TICKS,
      handshakeMs: this.#keeper.memory.handshakeMs,
      roster: isContinued ? this.#mirror?.roster : undefined,
      prediction,
      onInputTick: (tick) => this.#emitter.emit('input-tick', { tick }),
      onCorrection: (correction) => this.#emitter.emit('correction', correction),
    });
  }

  #handleLogin(): void {
    this.#logins += 1;
    const mirror = this.#mirror;
    if (this.#logins > 1) {
      mirror?.start();
      return;
    }
    // Whoever awaits `connect` has had no chance to listen yet: a macrotask is theirs.
    this.#emitter.hold();
    this.#options.scheduler.defer(() => {
      this.#emitter.release();
      if (this.state === 'logged-in' && mirror === this.#mirror) mirror?.start();
    });
  }

  #handleMessage(message: GameplayMessage): void {
    switch (message.kind) {
      case 'heartbeat':
        this.#shots.handleServerTick(message.serverTick);
        this.#mirror?.handleHeartbeat(message);
        break;
      case 'snapshot':
        this.#handleSnapshot(message);
        break;
      case 'roster':
        this.#mirror?.handleRoster(message);
        break;
      case 'input-ack':
        this.#mirror?.handleInputAck(message);
        break;
      case 'verdict-report':
        this.#mirror?.handleVerdicts(message);
        this.#emitter.emit('verdicts', message);
        break;
      case 'combat-event':
        this.#emitter.emit('combat', message);
        this.#handleOwnShot(message);
        break;
      case 'resynced':
        this.#handleResynced(message);
        break;
      case 'user-message':
      case 'user-update':
        this.#handleUserMessage(message);
        break;
    }
  }

  #handleSnapshot(snapshot: Snapshot): void {
    this.#snapshotsReceived += 1;
    if (this.#mirror?.handleSnapshot(snapshot) === true) {
      const { tick, players } = snapshot;
      this.#emitter.emit('snapshot', { tick, playerCount: players.length });
    } else {
      this.#snapshotsStale += 1;
    }
  }

  #handleResynced({ fromTick, ticksLost, eventsMissed }: Resynced): void {
    if (eventsMissed !== 0) this.#shots.endOld();
    this.#emitter.emit('resynced', { fromTick, ticksLost, eventsMissed });
  }

  #handleOwnShot(event: CombatEvent): void {
    const { playerId, inputAheadTicksMax: aheadTicksMax } = this.#accepted;
    this.#shots.handleCombat(event, { playerId, aheadTicksMax });
  }

  #handleUserMessage(message: UserMessage | UserUpdate): void {
    const parsed = tryParseUserMessage(this.#options.messages, message);
    if (parsed.ok) this.#emitter.emit('message', parsed.value);
    else this.#userMessagesRejected += 1;
  }
}

function checkFinite(option: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new HoldfastError('invalid-argument', `${option}: must be a finite number`);
}
