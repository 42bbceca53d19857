/**
 * Scripts of valid events into SessionManager, the client's own session: every method in every
 * state, with answers of older attempts and epochs, subscribers that call back, time that jumps.
 * After each step state, deadline and events agree, and every move was legal.
 */
import type { SessionId } from '../../../src/protocol/ids.ts';
import type { ClientSessionEvent, SessionManager } from '../../../src/session/session-manager.ts';
import { SESSION_STATES } from '../../../src/session/session-state.ts';
import type { Coverage } from '../coverage.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { ScriptReader } from '../script-reader.ts';

const STEPS_MAX = 96;
const NESTED_STEPS_MAX = 64;
const JUMPS = [0, 1, 250, 1_999, 2_000, 9_999, 10_000, 40_000, 1e6, 2 ** 31];
const IDS = ['s1', 's2', '__proto__'] as SessionId[];
const CODES = ['slow-consumer', 'bad-credentials', 'resume-refused', 'constructor'];

interface Operation {
  readonly name: string;
  run(stage: ClientStage): unknown;
}

class ClientStage {
  now = 500;
  nestedLeft = 0;
  attempt = 0;
  problem: { readonly error: unknown } | undefined;
  readonly manager: SessionManager;
  readonly script: ScriptReader;
  readonly events: ClientSessionEvent[] = [];
  readonly #coverage: Coverage;
  #nestedSteps = 0;

  constructor(production: Production, script: ScriptReader, coverage: Coverage) {
    this.script = script;
    this.#coverage = coverage;
    this.manager = new production.SessionManager({
      clock: { now: () => this.now },
      onSubscriberError: (error) => (this.problem ??= { error }),
    });
    this.manager.subscribe((event) => {
      this.events.push(event);
      if (this.nestedLeft <= 0 || this.#nestedSteps >= NESTED_STEPS_MAX) return;
      this.nestedLeft -= 1;
      this.#nestedSteps += 1;
      this.run();
    });
  }

  run(): void {
    const index = this.script.below(OPERATIONS.length);
    const before = SESSION_STATES.indexOf(this.manager.state);
    const answer = (OPERATIONS[index] as Operation).run(this);
    const after = SESSION_STATES.indexOf(this.manager.state);
    const isRefused = answer === false || answer === undefined ? 1 : 0;
    this.#coverage.note(((index * 8 + before) * 8 + after) * 2 + isRefused);
  }

  /** Mostly the attempt that is pending. */
  anyAttempt(): number {
    return this.script.below(4) === 0 ? this.script.below(8) : this.attempt;
  }
}

const OPERATIONS: readonly Operation[] = [
  { name: 'notifyConnectionOpened', run: (stage) => stage.manager.notifyConnectionOpened() },
  {
    name: 'notifyLoginSent',
    run(stage) {
      const attempt = stage.manager.notifyLoginSent();
      stage.attempt = attempt ?? stage.attempt;
      return attempt;
    },
  },
  {
    name: 'notifyLoginSucceeded',
    run: (stage) =>
      stage.manager.notifyLoginSucceeded({
        attempt: stage.anyAttempt(),
        sessionId: stage.script.pick(IDS),
        epoch: stage.script.below(6),
        livenessTimeoutMs: 10_000,
        reconnectWindowMs: stage.script.pick([30_000, 0, 1]),
        isResumed: stage.script.below(3) === 0,
      }),
  },
  {
    name: 'notifyLoginFailed',
    run: (stage) =>
      stage.manager.notifyLoginFailed({
        attempt: stage.anyAttempt(),
        code: stage.script.pick(CODES),
        retryable: stage.script.below(2) === 0,
      }),
  },
  { name: 'notifyInboundActivity', run: (stage) => stage.manager.notifyInboundActivity() },
  { name: 'notifyTransportLost', run: (stage) => stage.manager.notifyTransportLost() },
  {
    name: 'notifyClosed',
    run: (stage) =>
      stage.manager.notifyClosed({
        code: stage.script.pick(CODES),
        retryable: stage.script.below(2) === 0,
      }),
  },
  { name: 'notifyLeft', run: (stage) => stage.manager.notifyLeft() },
  {
    name: 'evaluate',
    run(stage) {
      stage.now += stage.script.pick(JUMPS);
      stage.manager.evaluate();
      return true;
    },
  },
  { name: 'callBack', run: (stage) => (stage.nestedLeft = stage.script.below(6)) },
];

export function createClientSessionTarget(production: Production): FuzzTarget {
  const legal = new Set(
    production.SESSION_TRANSITIONS.filter(({ side }) => side === 'client').map(
      ({ from, to }) => `${from} → ${to}`,
    ),
  );
  return {
    name: 'client-session',
    isDecoder: false,
    isAsync: false,
    shape: 'script',
    inputBytesMax: 384,
    createSeeds: () => [],
    execute(input, coverage) {
      const stage = new ClientStage(production, new ScriptReader(input), coverage);
      for (let step = 0; step < STEPS_MAX && !stage.script.isOver; step += 1) {
        stage.run();
        assertSound(stage, legal);
      }
      stage.nestedLeft = 0;
      stage.manager.notifyLeft();
      assertSound(stage, legal);
      if (stage.manager.state !== 'disconnected') throw new Error('leaving does not disconnect');
    },
    describe(key) {
      const from = SESSION_STATES[Math.floor(key / 16) % 8];
      const to = SESSION_STATES[Math.floor(key / 2) % 8];
      const name = OPERATIONS[Math.floor(key / 128)]?.name;
      return `${name}/${from}→${to}${key % 2 === 1 ? '/refused' : ''}`;
    },
  };
}

function assertSound(stage: ClientStage, legal: ReadonlySet<string>): void {
  const { manager, events, problem } = stage;
  if (problem !== undefined) throw problem.error;
  let state = 'disconnected';
  let at = -Infinity;
  for (const event of events) {
    const move = `${event.from} → ${event.to}`;
    if (!legal.has(move)) throw new Error(`the move ${move} is not in the table`);
    if (event.from !== state) throw new Error(`a session in ${state} moves ${move}`);
    if (event.at < at) throw new Error('an event lies before the one before');
    state = event.to;
    at = event.at;
  }
  if (manager.state !== state) throw new Error(`the state is ${manager.state}, by events ${state}`);
  if (Number.isNaN(manager.deadline)) throw new Error('the deadline is no number');
  if (!Number.isSafeInteger(manager.epoch) || manager.epoch < 0) throw new Error('no epoch');
  if (state === 'logged-in' && manager.sessionId === undefined) throw new Error('no session id');
}
