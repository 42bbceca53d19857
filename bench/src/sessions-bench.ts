/**
 * What a tracked session costs: one activity with its share of the time-outs, and its memory.
 * Beside it, in the same process: a timer per session and `timer.refresh()`, which is the usual
 * way, and a lazy wheel that does nothing else, which is the limit.
 */
import { MultiSessionManager } from 'holdfast/session';
import type { ManagedSession } from 'holdfast/session';
import type { PeerId, PlayerId, SessionId, WorldId } from 'holdfast/protocol';

import type { BenchOptions } from './bench-options.ts';
import { LazyWheel } from './lazy-wheel.ts';
import { atMost } from './measure/goal.ts';
import type { Goal } from './measure/goal.ts';
import { machineInfo } from './measure/machine-info.ts';
import type { MachineInfo } from './measure/machine-info.ts';
import { quantile } from './measure/quantile.ts';
import { roundNumbers } from './measure/round-numbers.ts';

const COUNTS = [1_000, 100_000, 1_000_000];
const ACTIVITY_INTERVAL_MS = 100;
const EVALUATION_INTERVAL_MS = 50;
const LIVENESS_TIMEOUT_MS = 10_000;
/** Of the clock that the sessions see; the first one warms up. */
const WINDOW_MS = 2_000;
/** A thousand sessions are through two seconds in a blink. */
const ACTIVITIES_MIN = 5_000_000;
const WINDOWS = 3;

export interface SessionsRow {
  readonly sessions: number;
  /** One activity at 10 Hz, with its share of the evaluations and of the heartbeat schedule. */
  readonly activityNs: number;
  /** One evaluation, of which there are 20 a second. */
  readonly evaluateNs: number;
  readonly bytesPerSession: number;
  readonly timerRefreshNs: number;
  readonly lazyWheelNs: number;
  readonly ratioToTimerRefresh: number;
  readonly ratioToLazyWheel: number;
}

export interface SessionsResult {
  readonly bench: 'sessions';
  readonly rows: readonly SessionsRow[];
  readonly goals: readonly Goal[];
  readonly machine: MachineInfo;
  readonly settings: Readonly<Record<string, unknown>>;
}

export function benchSessions({ sessions }: BenchOptions): SessionsResult {
  const counts = sessions === undefined ? COUNTS : [sessions];
  const rows = counts.map(measureCount);
  const last = rows.at(-1)!;
  return roundNumbers({
    bench: 'sessions',
    rows,
    goals: [
      atMost('ratioToTimerRefresh', last.ratioToTimerRefresh, 0.02),
      atMost('ratioToLazyWheel', last.ratioToLazyWheel, 1.5),
      atMost('bytesPerSession', last.bytesPerSession, 500),
    ],
    machine: machineInfo(),
    settings: {
      activityHz: 1_000 / ACTIVITY_INTERVAL_MS,
      evaluationHz: 1_000 / EVALUATION_INTERVAL_MS,
      livenessTimeoutMs: LIVENESS_TIMEOUT_MS,
      windows: WINDOWS,
      idCharacters: 16,
      order: 'shuffled once, the same for each turn',
    },
  });
}

function measureCount(count: number): SessionsRow {
  const ours = measureSessions(count);
  collectGarbage();
  const timerRefreshNs = measureTimerRefresh(count);
  collectGarbage();
  const lazyWheelNs = measureLazyWheel(count);
  process.stderr.write(`${count} sessions: ${ours.activityNs.toFixed(1)} ns\n`);
  return {
    sessions: count,
    ...ours,
    timerRefreshNs,
    lazyWheelNs,
    ratioToTimerRefresh: ours.activityNs / timerRefreshNs,
    ratioToLazyWheel: ours.activityNs / lazyWheelNs,
  };
}

type Measured = Pick<SessionsRow, 'activityNs' | 'evaluateNs' | 'bytesPerSession'>;

function measureSessions(count: number): Measured {
  const time = { now: 0 };
  const before = usedBytes();
  const manager = createManager(time);
  const handles = enterAll(manager, { count, time });
  // The array of the handles is ours.
  const bytesPerSession = (usedBytes() - before) / count - 8;
  shuffle(handles);
  const activities = {
    touch: () => touchAll(manager, handles),
    evaluate: () => manager.evaluate(),
  };
  const { activityNs, evaluateNs } = measureWindows(activities, { count, time });
  if (manager.size !== count) throw new Error('an active session timed out');
  return { activityNs, evaluateNs, bytesPerSession };
}

interface Crowd {
  readonly count: number;
  /** The clock that sessions see. */
  readonly time: { now: number };
}

function createManager(time: { readonly now: number }): MultiSessionManager {
  let created = 0;
  return new MultiSessionManager({
    clock: { now: () => time.now },
    createSessionId: () => sixteen('s', (created += 1)) as SessionId,
    policy: { stallMsMax: 1_000, livenessTimeoutMs: LIVENESS_TIMEOUT_MS },
    historyEventsMax: 1,
  });
}

function enterAll(manager: MultiSessionManager, { count, time }: Crowd): ManagedSession[] {
  const handles: ManagedSession[] = [];
  const worldId = 'world' as WorldId;
  for (let index = 0; index < count; index += 1) {
    // Logins are spread over heartbeat intervals, as they are in life.
    if (index % 1_000 === 0) {
      time.now += (ACTIVITY_INTERVAL_MS * 20 * 1_000) / count;
      manager.evaluate();
    }
    const session = manager.observeTransportActivity(sixteen('p', index) as PeerId)!;
    const attempt = manager.notifyLoginStarted(session)!;
    const playerId = sixteen('u', index) as PlayerId;
    const player = { playerId, worldId, data: undefined };
    const handle = manager.notifyLoginSucceeded(session, { attempt, ...player });
    if (handle !== undefined) handles.push(handle);
  }
  return handles;
}

function touchAll(manager: MultiSessionManager, handles: readonly ManagedSession[]): void {
  for (const handle of handles) manager.notifyInboundActivity(handle);
}

interface Turns {
  /** All of them, once. */
  touch(): void;
  evaluate(): void;
}

/** The middle one of a few windows, after one that warms up. */
function measureWindows(
  turns: Turns,
  { count, time }: Crowd,
): { activityNs: number; evaluateNs: number } {
  const perWindow = Math.max(WINDOW_MS, (ACTIVITIES_MIN / count) * ACTIVITY_INTERVAL_MS);
  const windows = Array.from({ length: WINDOWS + 1 }, () => {
    let [touches, evaluations, evaluatedNs] = [0, 0, 0];
    const started = cpuNs();
    for (const end = time.now + perWindow; time.now < end;) {
      time.now += EVALUATION_INTERVAL_MS;
      if (time.now % ACTIVITY_INTERVAL_MS < EVALUATION_INTERVAL_MS) {
        turns.touch();
        touches += 1;
      }
      const evaluationStarted = cpuNs();
      turns.evaluate();
      evaluatedNs += cpuNs() - evaluationStarted;
      evaluations += 1;
    }
    const took = cpuNs() - started;
    return { activityNs: took / (touches * count), evaluateNs: evaluatedNs / evaluations };
  }).slice(1);
  return {
    activityNs: quantile(
      windows.map(({ activityNs }) => activityNs),
      0.5,
    ),
    evaluateNs: quantile(
      windows.map(({ evaluateNs }) => evaluateNs),
      0.5,
    ),
  };
}

function measureLazyWheel(count: number): number {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  shuffle(order);
  const time = { now: 0 };
  const wheel = new LazyWheel(count, LIVENESS_TIMEOUT_MS);
  const turns = {
    touch: () => {
      for (const index of order) wheel.touch(index, time.now);
    },
    evaluate: () => wheel.evaluate(time.now),
  };
  const { activityNs } = measureWindows(turns, { count, time });
  if (wheel.expired > 0) throw new Error('an active entry of the wheel timed out');
  return activityNs;
}

function measureTimerRefresh(count: number): number {
  const timers = Array.from({ length: count }, () => setTimeout(() => undefined, 60_000));
  shuffle(timers);
  const rounds = Math.max(1, Math.ceil(1_000_000 / count));
  const windows = Array.from({ length: WINDOWS + 1 }, () => {
    const started = cpuNs();
    for (let round = 0; round < rounds; round += 1) for (const timer of timers) timer.refresh();
    return (cpuNs() - started) / (rounds * count);
  }).slice(1);
  for (const timer of timers) clearTimeout(timer);
  return quantile(windows, 0.5);
}

/** Messages don't come in the order in which their sessions lie in memory. Fisher, Yates, 1938. */
function shuffle(items: { [index: number]: unknown; readonly length: number }): void {
  for (let index = items.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [items[index], items[other]] = [items[other], items[index]];
  }
}

/** Of this process, collector included: others on the machine don't count. */
function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1_000;
}

/** Twice: the buffers that one collection lets go of are counted until the next. */
function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  gc?.();
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** One flat text, as the host's ids are: a sum of texts keeps its parts, in 72 bytes more. */
function sixteen(prefix: string, index: number): string {
  return Buffer.from(`${prefix}${String(index).padStart(15, '0')}`, 'latin1').toString('latin1');
}
