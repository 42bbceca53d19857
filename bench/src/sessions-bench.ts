/**
 * What a tracked session costs: one activity with its share of the time-outs, and its memory.
 * Beside it, in the same process, the usual way: a timer per session and `timer.refresh()`.
 */
import { MultiSessionManager } from 'holdfast/session';
import type { ManagedSession } from 'holdfast/session';
import type { PeerId, PlayerId, SessionId, WorldId } from 'holdfast/protocol';

const ACTIVITY_INTERVAL_MS = 100;
const EVALUATION_INTERVAL_MS = 50;
const MEASURED_MS = 2_000;

export interface SessionsResult {
  readonly sessions: number;
  /** One activity at 10 Hz, evaluations and heartbeat schedule included. */
  readonly activityNs: number;
  readonly timerRefreshNs: number;
  readonly ratio: number;
  readonly bytesPerSession: number;
}

function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

function usedBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function sixteen(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(15, '0')}`;
}

export function benchSessions({ sessions: count }: { sessions: number }): SessionsResult {
  let now = 0;
  let created = 0;
  const before = usedBytes();
  const manager = new MultiSessionManager({
    clock: { now: () => now },
    createSessionId: () => sixteen('s', (created += 1)) as SessionId,
    policy: { stallMsMax: 1_000 },
    historyEventsMax: 1,
  });
  const handles: ManagedSession[] = [];
  const worldId = 'world' as WorldId;
  for (let index = 0; index < count; index += 1) {
    // Logins are spread over an interval, as heartbeats are in life.
    if (index % 1_000 === 0) {
      now += (ACTIVITY_INTERVAL_MS * 20 * 1_000) / count;
      manager.evaluate();
    }
    const session = manager.observeTransportActivity(sixteen('p', index) as PeerId)!;
    const attempt = manager.notifyLoginStarted(session)!;
    const playerId = sixteen('u', index) as PlayerId;
    const player = { playerId, worldId, data: undefined };
    const handle = manager.notifyLoginSucceeded(session, { attempt, ...player });
    if (handle !== undefined) handles.push(handle);
  }
  const bytesPerSession = Math.round((usedBytes() - before) / count - 8);
  process.stderr.write(`${count} sessions, ${bytesPerSession} B each\n`);
  const run = (durationMs: number): number => {
    const started = process.hrtime.bigint();
    let activities = 0;
    for (const end = now + durationMs; now < end;) {
      now += EVALUATION_INTERVAL_MS;
      if (now % ACTIVITY_INTERVAL_MS < EVALUATION_INTERVAL_MS) {
        for (const handle of handles) manager.notifyInboundActivity(handle);
        activities += handles.length;
      }
      manager.evaluate();
    }
    return Number(process.hrtime.bigint() - started) / activities;
  };
  run(MEASURED_MS);
  const activityNs = run(MEASURED_MS);
  const timerRefreshNs = measureTimerRefresh(count);
  if (manager.size !== count) throw new Error('an active session timed out');
  return {
    sessions: count,
    activityNs: round(activityNs),
    timerRefreshNs: round(timerRefreshNs),
    ratio: round(activityNs / timerRefreshNs),
    bytesPerSession,
  };
}

function measureTimerRefresh(count: number): number {
  const timers = Array.from({ length: count }, () => setTimeout(() => undefined, 10_000));
  for (const timer of timers) timer.refresh();
  const started = process.hrtime.bigint();
  for (const timer of timers) timer.refresh();
  const took = Number(process.hrtime.bigint() - started);
  for (const timer of timers) clearTimeout(timer);
  return took / count;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
