/**
 * What a script can do to a coordinator: each method of MultiSessionManager, the jumps of time, and
 * what only callers can do (call back, throw in a subscriber, remove while iterating). In: a stage.
 * Out: what the method returned.
 */
import type { PeerId, PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { ResumeSuccess } from '../../src/session/coordinator-calls.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import type { MultiSessionManager } from '../../src/session/multi-session-manager.ts';
import type { ScriptReader } from './script-reader.ts';

/** What the operations see of a script's run. */
export interface SessionsScene {
  now: number;
  readonly manager: MultiSessionManager<string>;
  readonly script: ScriptReader;
  /** Events that still get an operation from within the subscriber. */
  nestedLeft: number;
  /** Sessions that a store could have kept, so far. */
  restoredCount: number;
  /** Resumes that were begun, answered or not. */
  readonly resumes: ResumeSuccess<string>[];
  /** Any handle: live, dead, foreign, made up. */
  handle(): ManagedSession<string>;
  remember(handle: ManagedSession<string> | undefined): void;
}

export interface SessionOperation {
  readonly name: string;
  run(scene: SessionsScene): unknown;
}

/** What a subscriber throws on purpose. */
export const SUBSCRIBER_ERROR = 'a subscriber of the game';
export const PEERS = ['p0', 'p1', 'p2', 'p3', '__proto__', 'constructor', '1', '€'] as PeerId[];
export const PLAYERS = ['alice', 'bob', '__proto__', '1'] as PlayerId[];
const WORLDS = ['main', 'other'] as WorldId[];
const JUMPS = [
  0,
  1,
  49.5,
  250,
  999,
  1_000,
  1_001,
  2_000,
  9_999,
  10_000,
  30_000,
  1e6,
  2 ** 31,
  1e12,
];
const CAUSES = ['evicted', 'server-stopped', 'a-reason', 'left', 'merged', 'constructor'];
const CODES = [
  'slow-consumer',
  'protocol-error',
  'rate-limited',
  'left',
  'internal-error',
] as const;

export const SESSION_OPERATIONS: readonly SessionOperation[] = [
  {
    name: 'observeTransportActivity',
    run(stage) {
      const handle = stage.manager.observeTransportActivity(stage.script.pick(PEERS));
      stage.remember(handle);
      return handle;
    },
  },
  {
    name: 'logIn',
    run(stage) {
      const session = stage.handle();
      const attempt = stage.manager.notifyLoginStarted(session);
      const playerId = stage.script.pick(PLAYERS);
      const worldId = stage.script.pick(WORLDS);
      if (attempt === undefined) return undefined;
      const data = 'data';
      const success = { attempt, playerId, worldId, data };
      const handle = stage.manager.notifyLoginSucceeded(session, success);
      stage.remember(handle);
      return handle;
    },
  },
  {
    name: 'notifyLoginStarted',
    run: (stage) => stage.manager.notifyLoginStarted(stage.handle()),
  },
  {
    name: 'notifyLoginSucceeded',
    run(stage) {
      const session = stage.handle();
      const attempt = stage.script.below(5);
      const playerId = stage.script.pick(PLAYERS);
      const worldId = stage.script.pick(WORLDS);
      const success = { attempt, playerId, worldId, data: 'data' };
      const handle = stage.manager.notifyLoginSucceeded(session, success);
      stage.remember(handle);
      return handle;
    },
  },
  {
    name: 'notifyLoginFailed',
    run(stage) {
      const session = stage.handle();
      const attempt = stage.script.below(5);
      return stage.manager.notifyLoginFailed(session, { attempt, code: stage.script.pick(CAUSES) });
    },
  },
  {
    name: 'notifyHeartbeatSent',
    run: (stage) => stage.manager.notifyHeartbeatSent(stage.handle()),
  },
  {
    name: 'notifyHeartbeatReceived',
    run(stage) {
      const session = stage.handle();
      const sentAt = stage.now - stage.script.byte();
      const receipt = stage.script.below(2) === 0 ? { serverTick: 1 } : { serverTick: -1, sentAt };
      return stage.manager.notifyHeartbeatReceived(session, receipt);
    },
  },
  {
    name: 'notifyInboundActivity',
    run: (stage) => stage.manager.notifyInboundActivity(stage.handle()),
  },
  {
    name: 'notifyTransportLost',
    run: (stage) => stage.manager.notifyTransportLost(stage.handle()),
  },
  { name: 'notifyLeft', run: (stage) => stage.manager.notifyLeft(stage.handle()) },
  {
    name: 'notifyHostClosed',
    run: (stage) => stage.manager.notifyHostClosed(stage.handle(), stage.script.pick(CODES)),
  },
  {
    name: 'evaluate',
    run(stage) {
      stage.now += stage.script.pick(JUMPS);
      return stage.manager.evaluate();
    },
  },
  {
    name: 'advance',
    run: (stage) => (stage.now += stage.script.pick(JUMPS)),
  },
  {
    name: 'remove',
    run(stage) {
      const session = stage.handle();
      const wasAlive = stage.manager.remove(session, stage.script.pick(CAUSES));
      if (stage.manager.remove(session, 'again')) throw new Error('a session is removed twice');
      return wasAlive;
    },
  },
  { name: 'removeAll', run: (stage) => stage.manager.removeAll(stage.script.pick(CAUSES)) },
  { name: 'callBack', run: (stage) => (stage.nestedLeft = stage.script.below(8)) },
  {
    name: 'subscribe',
    run(stage) {
      let calls = stage.script.below(4);
      const stop = stage.manager.subscribe(() => {
        calls -= 1;
        if (calls <= 0) stop();
        throw new Error(SUBSCRIBER_ERROR);
      });
      return true;
    },
  },
  {
    name: 'iterate and remove',
    run(stage) {
      for (const session of stage.manager) {
        if (stage.script.below(3) === 0) stage.manager.remove(session, 'evicted');
      }
      return true;
    },
  },
  {
    name: 'notifyResumeStarted',
    run(stage) {
      const newcomer = stage.handle();
      const sessionId = stage.handle()?.sessionId ?? ('nobody’s' as SessionId);
      const attempt = stage.manager.notifyLoginStarted(newcomer, 'resume');
      const start = { sessionId, newcomer, attempt: attempt ?? stage.script.below(5) };
      const epoch = stage.manager.notifyResumeStarted(start);
      stage.resumes.push({ ...start, expectedEpoch: epoch ?? stage.script.below(4) });
      return epoch;
    },
  },
  {
    name: 'resume',
    run(stage) {
      const resume = stage.script.pick<ResumeSuccess<string> | undefined>(stage.resumes);
      if (resume === undefined) return undefined;
      const handle = stage.manager.resume(resume);
      stage.remember(handle);
      return handle;
    },
  },
  {
    name: 'notifyResumeRefused',
    run(stage) {
      const resume = stage.script.pick<ResumeSuccess<string> | undefined>(stage.resumes);
      if (resume === undefined) return undefined;
      const retryAfterMs = stage.script.pick(JUMPS);
      const isBusy = stage.script.below(2) === 0;
      return stage.manager.notifyResumeRefused(isBusy ? { ...resume, retryAfterMs } : resume);
    },
  },
  {
    name: 'restore',
    run(stage) {
      const wantsSame = stage.script.below(4) === 0;
      const last = `r${stage.restoredCount}` as SessionId;
      // A store has no record of a session that has ended.
      const isSame = wantsSame && stage.manager.getBySession(last) !== undefined;
      if (!isSame) stage.restoredCount += 1;
      const handle = stage.manager.restore({
        sessionId: isSame ? last : (`r${stage.restoredCount}` as SessionId),
        playerId: stage.script.pick(PLAYERS),
        worldId: stage.script.pick(WORLDS),
        epoch: 1 + stage.script.below(4),
        data: 'data',
      });
      stage.remember(handle);
      return handle;
    },
  },
];
