/**
 * Non-interference, first form: for any interleaving of N peers' events, what each peer lives
 * through equals what it lives through alone under the same clock. A canary couples two peers on
 * purpose: a checker that cannot see that sees nothing.
 */
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import type { CloseCode } from '../../src/protocol/codes.ts';
import type { PeerId, PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { MultiSessionManager } from '../../src/session/multi-session-manager.ts';
import type { MultiSessionManagerOptions } from '../../src/session/multi-session-manager.ts';

/** Short durations, so that a script of a hundred steps walks through every state. */
const POLICY = {
  loginTimeoutMs: 400,
  loginAttemptsMax: 2,
  heartbeatIntervalMs: 100,
  livenessTimeoutMs: 300,
  reconnectWindowMs: 500,
  stallMsMax: 250,
};

/** What one peer can do, or what can be done to it. Each goes through its newest handle. */
type PeerAction =
  | { readonly kind: 'contact' | 'same-contact' | 'start-login' | 'activity' | 'heartbeat' }
  | { readonly kind: 'lost' | 'left' | 'remove' | 'dead-activity' | 'dead-lost' }
  | { readonly kind: 'succeed'; readonly attemptOff: number; readonly world: number }
  | { readonly kind: 'fail'; readonly attemptOff: number }
  | { readonly kind: 'host-close'; readonly code: CloseCode };

type Step =
  | { readonly peer: number; readonly action: PeerAction }
  /** Shared by everybody: time passes and the host evaluates. */
  | { readonly passMs: number };

type Sessions = MultiSessionManager<string>;
type CreateSessions = (options: MultiSessionManagerOptions<string>) => Sessions;

const attemptOff = fc.constantFrom(0, 0, 0, -1, 1);
const plainKinds = fc.constantFrom(
  'contact' as const,
  'same-contact' as const,
  'start-login' as const,
  'start-login' as const,
  'activity' as const,
  'activity' as const,
  'heartbeat' as const,
  'lost' as const,
  'left' as const,
  'remove' as const,
  'dead-activity' as const,
  'dead-lost' as const,
);
const action: fc.Arbitrary<PeerAction> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: plainKinds }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('succeed' as const),
      attemptOff,
      world: fc.constantFrom(0, 0, 0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), attemptOff }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('host-close' as const),
      code: fc.constantFrom('slow-consumer' as const, 'protocol-error' as const),
    }),
  },
);

/** What seldom comes together by chance: a connection whose login is answered, and then more. */
const answer: fc.Arbitrary<PeerAction> = fc.constantFrom(
  { kind: 'succeed', attemptOff: 0, world: 0 },
  { kind: 'succeed', attemptOff: 0, world: 0 },
  { kind: 'succeed', attemptOff: 0, world: 1 },
  { kind: 'fail', attemptOff: 0 },
);
const logIn: fc.Arbitrary<PeerAction[]> = fc
  .tuple(answer, fc.array(action, { maxLength: 2 }))
  .map(([given, more]) => [{ kind: 'contact' }, { kind: 'start-login' }, given, ...more]);

function scripts(peersCount: number): fc.Arbitrary<Step[]> {
  const acting = fc
    .tuple(
      fc.nat(peersCount - 1),
      fc.oneof(fc.array(action, { minLength: 1, maxLength: 4 }), logIn),
    )
    .map(([peer, actions]): Step[] => actions.map((one) => ({ peer, action: one })));
  const passing = fc
    .array(fc.constantFrom(0, 10, 50, 50, 100, 200, 250, 251, 400), { minLength: 1, maxLength: 8 })
    .map((durations): Step[] => durations.map((passMs) => ({ passMs })));
  return fc
    .array(fc.oneof({ weight: 3, arbitrary: acting }, { weight: 1, arbitrary: passing }), {
      minLength: 5,
      maxLength: 60,
      size: 'max',
    })
    .map((parts) => parts.flat());
}

/** One peer: its connections, the newest handle, an older one, and everything it lived through. */
class PeerUnderTest {
  readonly trace: string[] = [];
  readonly #name: string;
  readonly #sessions: Sessions;
  #connectionsCount = 0;
  #attempt = 0;
  #current: ManagedSession<string> | undefined;
  #older: ManagedSession<string> | undefined;

  constructor(name: string, sessions: Sessions) {
    this.#name = name;
    this.#sessions = sessions;
  }

  act(given: PeerAction): void {
    this.trace.push(`${given.kind}: ${String(this.#act(given))}`);
  }

  /** What a host would see of it now. */
  look(): void {
    const session = this.#current;
    if (session === undefined) return;
    const { state, epoch, deadline, lastCause, isAlive, data } = session;
    const found = this.#sessions.getByPlayer(this.#name as PlayerId)?.peerId;
    this.trace.push([state, epoch, deadline, lastCause, isAlive, data, found].join(' '));
  }

  #act(given: PeerAction): unknown {
    const sessions = this.#sessions;
    if (given.kind === 'contact') return this.#connect();
    const session = this.#current;
    if (session === undefined) return 'nobody';
    const older = this.#older ?? session;
    const { playerId, peerId } = { playerId: this.#name as PlayerId, peerId: session.peerId };
    switch (given.kind) {
      case 'same-contact':
        return sessions.get(peerId) !== undefined && this.#hear(peerId);
      case 'start-login': {
        const attempt = sessions.notifyLoginStarted(session);
        this.#attempt = attempt ?? this.#attempt;
        return attempt;
      }
      case 'succeed': {
        const attempt = this.#attempt + given.attemptOff;
        const worldId = `world ${given.world}` as WorldId;
        const success = { attempt, playerId, worldId, data: peerId };
        const handle = sessions.notifyLoginSucceeded(session, success);
        if (handle !== undefined) this.#current = handle;
        return handle?.peerId;
      }
      case 'fail': {
        const attempt = this.#attempt + given.attemptOff;
        return sessions.notifyLoginFailed(session, { attempt, code: 'bad-credentials' });
      }
      case 'activity':
        return sessions.notifyInboundActivity(session);
      case 'heartbeat':
        return [
          sessions.notifyHeartbeatSent(session),
          sessions.notifyHeartbeatReceived(session, { serverTick: 0 }),
        ].join();
      case 'lost':
        return sessions.notifyTransportLost(session);
      case 'left':
        return sessions.notifyLeft(session);
      case 'host-close':
        return sessions.notifyHostClosed(session, given.code);
      case 'remove':
        return sessions.remove(session, 'evicted');
      case 'dead-activity':
        return sessions.notifyInboundActivity(older);
      case 'dead-lost':
        return sessions.notifyTransportLost(older);
    }
  }

  #connect(): string {
    this.#older = this.#current;
    this.#attempt = 0;
    const peerId = `${this.#name}/${(this.#connectionsCount += 1)}` as PeerId;
    return this.#hear(peerId);
  }

  #hear(peerId: PeerId): string {
    this.#current = this.#sessions.observeTransportActivity(peerId);
    return String(this.#current?.state);
  }
}

/** Runs the steps of some peers, and time for all; the trace of each of them. */
function live(steps: readonly Step[], peers: readonly number[], create: CreateSessions) {
  let ms = 0;
  const clock: Clock = { now: () => ms };
  let idsCount = 0;
  const createSessionId = () => `session-${(idsCount += 1)}` as SessionId;
  const sessions = create({ clock, policy: POLICY, createSessionId });
  const lives = new Map(peers.map((peer) => [`p${peer}`, new PeerUnderTest(`p${peer}`, sessions)]));
  const lifeOf = ({ peerId }: ManagedSession) => lives.get(peerId.split('/')[0] ?? '');
  sessions.subscribe(({ session, from, to, cause, at, epoch, previousPeerId }) => {
    const move = [session.peerId, from, to, cause, at, epoch, previousPeerId].join(' ');
    lifeOf(session)?.trace.push(move);
  });
  for (const step of steps) {
    if ('passMs' in step) {
      ms += step.passMs;
      const { heartbeatsDue, stallMs } = sessions.evaluate();
      for (const session of heartbeatsDue) lifeOf(session)?.trace.push(`heartbeat due at ${ms}`);
      for (const life of lives.values()) life.trace.push(`at ${ms}, stalled for ${stallMs}`);
      for (const life of lives.values()) life.look();
    } else {
      lives.get(`p${step.peer}`)?.act(step.action);
    }
  }
  return peers.map((peer) => lives.get(`p${peer}`)?.trace ?? []);
}

function nonInterference(peersCount: number, create: CreateSessions) {
  const everybody = Array.from({ length: peersCount }, (_, peer) => peer);
  return fc.property(scripts(peersCount), (steps) => {
    const together = live(steps, everybody, create);
    for (const peer of everybody) {
      expect(together[peer]).toEqual(live(steps, [peer], create)[0]);
    }
  });
}

const createReal: CreateSessions = (options) => new MultiSessionManager<string>(options);

/** The loss of one connection is proof of life for everybody: what must never be. */
class CoupledByActivity extends MultiSessionManager<string> {
  override notifyTransportLost(session: ManagedSession<string>): boolean {
    const isAccepted = super.notifyTransportLost(session);
    for (const other of this) super.notifyInboundActivity(other);
    return isAccepted;
  }
}

/** One who leaves takes the oldest along. */
class CoupledByLeaving extends MultiSessionManager<string> {
  override notifyLeft(session: ManagedSession<string>): boolean {
    const isAccepted = super.notifyLeft(session);
    const [oldest] = this;
    if (isAccepted && oldest !== undefined) super.remove(oldest, 'evicted');
    return isAccepted;
  }
}

const seed = Number(process.env['HOLDFAST_SEED'] ?? randomInt(2 ** 31));

describe('non-interference of sessions', () => {
  test.each([2, 5])('each of %i peers lives as it would alone', (peersCount) => {
    console.info(
      `seed ${seed}; replay: HOLDFAST_SEED=${seed} npx vitest run --project node test/property`,
    );
    fc.assert(nonInterference(peersCount, createReal), { seed, numRuns: 150 });
  });

  test('the scripts walk through every state and every cause of a peer', () => {
    const words = new Set<string>();
    for (const steps of fc.sample(scripts(1), { seed, numRuns: 300 })) {
      for (const line of live(steps, [0], createReal)[0] ?? []) {
        for (const word of line.split(' ')) words.add(word);
      }
    }
    for (const word of [
      'login-failed',
      'timed-out',
      'reconnecting',
      'disconnected',
      'taken-over',
      'merged',
      'superseded',
      'login-timeout',
      'liveness-timeout',
      'reconnect-window-expired',
      'bad-credentials',
      'slow-consumer',
      'protocol-error',
      'left',
      'evicted',
      'transport-lost',
    ]) {
      expect(words, `seed ${seed}`).toContain(word);
    }
  });

  test.each([
    { name: 'shared proof of life', Coupled: CoupledByActivity },
    { name: 'a shared end', Coupled: CoupledByLeaving },
  ])('canary: $name is seen', ({ Coupled }) => {
    const property = nonInterference(3, (options) => new Coupled(options));
    const result = fc.check(property, { seed, numRuns: 500, endOnFailure: true });
    expect(result.failed, `seed ${seed}`).toBe(true);
  });
});
