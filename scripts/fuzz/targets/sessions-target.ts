/**
 * Scripts of valid events into MultiSessionManager: every method in every state, through live,
 * dead, foreign and made-up handles, with subscribers that call back, and time that jumps. After
 * each step the coordinator's look-ups agree with each other and every move was legal.
 */
import type { SessionId } from '../../../src/protocol/ids.ts';
import type { ResumeSuccess } from '../../../src/session/coordinator-calls.ts';
import type { ManagedSession } from '../../../src/session/managed-session.ts';
import type {
  MultiSessionManager,
  MultiSessionManagerOptions,
} from '../../../src/session/multi-session-manager.ts';
import type { SessionEvent } from '../../../src/session/session-event.ts';
import type { SessionPolicy } from '../../../src/session/session-policy.ts';
import { SESSION_STATES } from '../../../src/session/session-state.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Coverage } from '../coverage.ts';
import type { Production } from '../production.ts';
import { ScriptReader } from '../script-reader.ts';
import {
  PEERS,
  PLAYERS,
  SESSION_OPERATIONS,
  SUBSCRIBER_ERROR,
  type SessionOperation,
  type SessionsScene,
} from '../session-operations.ts';
import { TransitionCheck } from '../transition-check.ts';

const STEPS_MAX = 96;
const HANDLES_MAX = 48;
const NESTED_STEPS_MAX = 64;
/** Combinations from here on are of an operation and a state. */
const STATE_KEYS = 4_096;
/** What is no handle at all. */
const IMPOSTORS = [undefined, null, {}, { sessionId: 's1', isAlive: true, state: 'logged-in' }];

const POLICIES: readonly Partial<SessionPolicy>[] = [
  {},
  { reconnectWindowMs: 0 },
  { loginAttemptsMax: 1, stallMsMax: 100 },
  { takeover: 'reject' },
  { livenessTimeoutMs: 4, heartbeatIntervalMs: 2, loginTimeoutMs: 1, reconnectWindowMs: 1 },
  { stallMsMax: 2 ** 31 - 1, reconnectWindowMs: 2 ** 31 - 1 },
];
type Manager = MultiSessionManager<string>;
type Handle = ManagedSession<string>;

export type CreateCoordinator = (options: MultiSessionManagerOptions<string>) => Manager;

interface StageOptions {
  readonly production: Production;
  readonly createCoordinator: CreateCoordinator;
  readonly script: ScriptReader;
  readonly coverage: Coverage;
}

/** One script's coordinator and everything that was ever returned by it. */
class SessionsStage implements SessionsScene {
  now = 1_000;
  problem: { readonly error: unknown } | undefined;
  readonly manager: Manager;
  readonly foreign: Manager;
  readonly handles: Handle[] = [];
  readonly script: ScriptReader;
  readonly check: TransitionCheck;
  readonly seen: SessionEvent[] = [];
  readonly seenLater: SessionEvent[] = [];
  readonly #coverage: Coverage;
  /** Events that still get an operation from within the subscriber. */
  nestedLeft = 0;
  restoredCount = 0;
  readonly resumes: ResumeSuccess<string>[] = [];
  #nestedSteps = 0;
  #isNested = false;
  /** Of the handle that the operation took; 0 = none. */
  #stateFound = 0;
  #ids = 0;

  constructor({ production, createCoordinator, script, coverage }: StageOptions) {
    this.#coverage = coverage;
    const createSessionId = (): SessionId => `s${(this.#ids += 1)}` as SessionId;
    const clock = { now: (): number => this.now };
    const policy = script.pick(POLICIES);
    this.script = script;
    this.manager = createCoordinator({
      clock,
      policy,
      createSessionId,
      onSubscriberError: (error) => this.#judge(error),
    });
    this.foreign = new production.MultiSessionManager({ clock, createSessionId });
    this.check = new TransitionCheck(production);
    this.manager.subscribe(this.check.handleEvent);
    this.manager.subscribe((event) => {
      this.seen.push(event);
      this.#callBack();
    });
    this.manager.subscribe((event) => this.seenLater.push(event));
  }

  /** Any handle: mostly one that lives or lived, sometimes none of ours. */
  handle(): Handle {
    const choice = this.script.byte();
    if (choice >= 250) return this.script.pick(IMPOSTORS) as unknown as Handle;
    if (choice >= 244) {
      return this.foreign.observeTransportActivity(this.script.pick(PEERS)) as Handle;
    }
    const handle = this.handles[choice % Math.max(1, this.handles.length)];
    this.#stateFound = handle === undefined ? 0 : SESSION_STATES.indexOf(handle.state);
    return (handle ?? IMPOSTORS[0]) as Handle;
  }

  remember(handle: Handle | undefined): void {
    if (handle === undefined || this.handles.includes(handle)) return;
    if (this.handles.length >= HANDLES_MAX) this.handles.shift();
    this.handles.push(handle);
  }

  run(): void {
    const index = this.script.below(SESSION_OPERATIONS.length);
    const operation = SESSION_OPERATIONS[index] as SessionOperation;
    const isAlone = this.nestedLeft <= 0 && !this.#isNested;
    const seenBefore = this.seen.length;
    this.#stateFound = 0;
    const answer = operation.run(this);
    if (isAlone && operation.name === 'evaluate') this.#checkEvaluation(seenBefore);
    this.#note(index, answer, seenBefore);
  }

  /** Moves nobody twice, nobody early, and leaves nobody behind whose deadline has passed. */
  #checkEvaluation(seenBefore: number): void {
    const moved = new Set<string>();
    const { livenessTimeoutMs } = this.manager.policy;
    for (const { session, cause, to } of this.seen.slice(seenBefore)) {
      if (moved.has(session.sessionId)) throw new Error('one evaluation moves a session twice');
      moved.add(session.sessionId);
      const isEarly = this.now < session.lastLivenessAt + livenessTimeoutMs;
      const isTimeOut = to === 'timed-out' && cause === 'liveness-timeout';
      if (isTimeOut && isEarly) throw new Error('a session times out before its deadline');
    }
    for (const session of this.manager) {
      // One whose last newcomer has timed out just now falls due at the next evaluation (L15).
      const isFallback = session.state === 'reconnecting' && moved.size > 0;
      if (this.now >= session.deadline && !moved.has(session.sessionId) && !isFallback) {
        throw new Error(`a session in ${session.state} outlives its deadline`);
      }
    }
  }

  #callBack(): void {
    if (this.nestedLeft <= 0 || this.#nestedSteps >= NESTED_STEPS_MAX) return;
    this.nestedLeft -= 1;
    this.#nestedSteps += 1;
    const wasNested = this.#isNested;
    this.#isNested = true;
    try {
      this.run();
    } finally {
      this.#isNested = wasNested;
    }
  }

  /** Deliberate: what production code throws in a call from a subscriber ends there otherwise. */
  #judge(error: unknown): void {
    if (error instanceof Error && error.message === SUBSCRIBER_ERROR) return;
    this.problem ??= { error };
  }

  /** The moves that the operation has made, and the state in which it found its session. */
  #note(operation: number, answer: unknown, seenBefore: number): void {
    const isRefused = answer === false || answer === undefined ? 1 : 0;
    this.#coverage.note(STATE_KEYS + (operation * 8 + this.#stateFound) * 2 + isRefused);
    for (let at = seenBefore; at < this.seen.length; at += 1) {
      const { from, to } = this.seen[at] as SessionEvent;
      this.#coverage.note(
        (operation * 8 + SESSION_STATES.indexOf(from)) * 8 + SESSION_STATES.indexOf(to),
      );
    }
  }
}

/** `createCoordinator` is another one only to plant a bug in it. */
export function createSessionsTarget(
  production: Production,
  createCoordinator: CreateCoordinator = (options) =>
    new production.MultiSessionManager<string>(options),
): FuzzTarget {
  return {
    name: 'sessions',
    isDecoder: false,
    isAsync: false,
    shape: 'script',
    inputBytesMax: 512,
    createSeeds: () => [],
    execute(input, coverage) {
      const script = new ScriptReader(input);
      const stage = new SessionsStage({ production, createCoordinator, script, coverage });
      for (let step = 0; step < STEPS_MAX && !script.isOver; step += 1) {
        stage.run();
        assertSound(stage);
      }
      assertEnds(stage);
    },
    describe(key) {
      if (key >= STATE_KEYS) {
        const found = key - STATE_KEYS;
        const name = SESSION_OPERATIONS[Math.floor(found / 16)]?.name;
        const state = SESSION_STATES[Math.floor(found / 2) % 8];
        return `${name}/in ${state}${found % 2 === 1 ? '/refused' : ''}`;
      }
      const name = SESSION_OPERATIONS[Math.floor(key / 64)]?.name;
      return `${name}/${SESSION_STATES[Math.floor(key / 8) % 8]}→${SESSION_STATES[key % 8]}`;
    },
  };
}

/** The look-ups agree, nobody is in them twice, nobody dead is in them at all. */
function assertSound(stage: SessionsStage): void {
  const { manager, check, seen, seenLater } = stage;
  check.assertSound();
  if (stage.problem !== undefined) throw stage.problem.error;
  let count = 0;
  let creation = 0;
  const players = new Set<string>();
  for (const session of manager) {
    count += 1;
    if (!session.isAlive) throw new Error('a dead handle is iterated over');
    if (session.state === 'disconnected') throw new Error('a removed session is iterated over');
    if (manager.get(session.peerId) !== session) throw new Error('get() finds another handle');
    if (manager.getBySession(session.sessionId) !== session) {
      throw new Error('getBySession() finds another handle');
    }
    const number = Number(session.sessionId.slice(1));
    const isRestored = session.sessionId.startsWith('r');
    if (!isRestored && number <= creation) throw new Error('iteration is not in order of creation');
    if (!isRestored) creation = number;
    if (session.playerId === undefined) continue;
    if (players.has(session.playerId)) throw new Error('a player has two sessions');
    players.add(session.playerId);
    if (manager.getByPlayer(session.playerId) !== session) {
      throw new Error('getByPlayer() finds another handle');
    }
  }
  if (count !== manager.size)
    throw new Error(`size is ${manager.size}, ${count} are iterated over`);
  if (check.liveCount !== count) throw new Error(`${check.liveCount} live by their events`);
  const { 'session-created': created, 'session-removed': removed } = manager.counters;
  if (created - removed !== count) throw new Error('the counters disagree with the size');
  assertLookUps(stage, players);
  if (seen.length !== seenLater.length || seen.some((event, at) => event !== seenLater[at])) {
    throw new Error('two subscribers have seen different events');
  }
}

function assertLookUps({ manager }: SessionsStage, players: ReadonlySet<string>): void {
  for (const peerId of PEERS) {
    const session = manager.get(peerId);
    if (session !== undefined && (!session.isAlive || session.peerId !== peerId)) {
      throw new Error('get() finds a handle that is dead or another peer’s');
    }
  }
  for (const playerId of PLAYERS) {
    const session = manager.getByPlayer(playerId);
    if ((session !== undefined) !== players.has(playerId)) {
      throw new Error('getByPlayer() finds somebody whom iteration does not');
    }
  }
}

/** After stop() nobody is left, every session has had its end, and nobody comes again. */
function assertEnds(stage: SessionsStage): void {
  const { manager } = stage;
  stage.nestedLeft = 0;
  const { size } = manager;
  if (manager.stop('server-stopped') !== size) throw new Error('stop() counts another number');
  assertSound(stage);
  if (manager.size !== 0) throw new Error('somebody is left after stop()');
  for (const peerId of PEERS) {
    if (manager.observeTransportActivity(peerId) !== undefined) {
      throw new Error('a session is created after stop()');
    }
  }
  const { heartbeatsDue } = manager.evaluate();
  if (heartbeatsDue.length > 0) throw new Error('a heartbeat is due to nobody');
}
