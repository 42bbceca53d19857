/**
 * What must be true of suspicions, asked of any build: `dist`, or a copy of it with a planted bug.
 * In: the folder of a build. Out: what was said of two sessions over a short play, line by line.
 */
import type * as HostCoreFile from '../../src/host/host-core.ts';
import type * as HostCountersFile from '../../src/host/host-counters.ts';
import type { HostCore } from '../../src/host/host-core.ts';
import type { HostLimits } from '../../src/host/host-limits.ts';
import type { PeerLink } from '../../src/host/peer-link.ts';
import type * as SeatFile from '../../src/host/seat.ts';
import type * as SuspicionLimitsFile from '../../src/host/suspicion-limits.ts';
import type * as SuspicionWatchFile from '../../src/host/suspicion-watch.ts';
import type * as VerdictFile from '../../src/authority/verdict.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { fakeSession } from './fake-session.ts';

const LIMITS = {
  windowMs: 2_000,
  graceMs: 1_000,
  stale: { raiseAtPerSecond: 5, clearAtPerSecond: 2 },
} as const;

interface HostBuild {
  readonly core: typeof HostCoreFile;
  readonly counters: typeof HostCountersFile;
  readonly seat: typeof SeatFile;
  readonly limits: typeof SuspicionLimitsFile;
  readonly watch: typeof SuspicionWatchFile;
  readonly verdict: typeof VerdictFile;
}

/** `root` ends with `/`. */
export async function loadHostBuild(root: URL, extension: 'ts' | 'js'): Promise<HostBuild> {
  const load = <Module>(name: string): Promise<Module> =>
    import(new URL(`${name}.${extension}`, root).href) as Promise<Module>;
  return {
    core: await load('host/host-core'),
    counters: await load('host/host-counters'),
    seat: await load('host/seat'),
    limits: await load('host/suspicion-limits'),
    watch: await load('host/suspicion-watch'),
    verdict: await load('authority/verdict'),
  };
}

function openStage(build: HostBuild) {
  const told: string[] = [];
  const sessions = new Map<string, ManagedSession>();
  const watch = new build.watch.SuspicionWatch({
    limits: build.limits.validateSuspicionLimits(LIMITS, { tickRateHz: 20 }),
    counters: new build.counters.HostCounters(),
    sessionOf: (sessionId) => sessions.get(sessionId),
    tell: (session, { kind, change }) => told.push(`${session.playerId}: ${kind} ${change}`),
  });
  const link = (name: string): PeerLink => {
    const session = fakeSession(name);
    sessions.set(session.sessionId, session);
    return { session, seat: new build.seat.Seat(name, {} as HostLimits) } as PeerLink;
  };
  const offend = (peer: PeerLink, count: number, now: number): void => {
    const { STALE } = build.verdict;
    for (let left = count; left > 0; left -= 1) watch.noteVerdict(peer, STALE, now);
  };
  return { watch, told, link, offend };
}

/** Two who are each below the threshold, and above it together; then one above it. */
function playApart(build: HostBuild): readonly string[] {
  const { told, link, offend } = openStage(build);
  const [ann, bob] = [link('ann'), link('bob')];
  offend(ann, 8, 0);
  offend(bob, 8, 0);
  told.push('then one of them');
  offend(bob, 2, 0);
  return told;
}

/** A steady rate between the two thresholds after a raise, then silence. */
function playSteadily(build: HostBuild): readonly string[] {
  const { watch, told, link, offend } = openStage(build);
  const bob = link('bob');
  offend(bob, 10, 0);
  for (let now = 250; now < 10_000; now += 250) {
    offend(bob, 1, now);
    watch.review(now);
  }
  told.push('then silence');
  for (let now = 10_000; now < 16_000; now += 250) watch.review(now);
  return told;
}

/** A suspect comes back, and goes on. */
function playResumed(build: HostBuild): readonly string[] {
  const { watch, told, link, offend } = openStage(build);
  const bob = link('bob');
  offend(bob, 20, 0);
  watch.noteArrival(bob.seat, 100);
  offend(bob, 20, 1_200);
  watch.review(1_200);
  return told;
}

/** Just let in; and one who comes back each second. */
function playNewcomers(build: HostBuild): readonly string[] {
  const { watch, told, link, offend } = openStage(build);
  const [ann, bob] = [link('ann'), link('bob')];
  watch.noteArrival(ann.seat, 0);
  offend(ann, 20, 999);
  for (let now = 0; now < 4_000; now += 900) {
    watch.noteArrival(bob.seat, now);
    offend(bob, 12, now);
  }
  return told;
}

/** What a hook throws. */
function playThrowing({ core }: HostBuild): readonly string[] {
  const reported: string[] = [];
  const host = {
    counters: { userErrors: 0 },
    options: {
      onSuspicion: () => {
        throw new Error('from the hook');
      },
      onError: (_error: unknown, where: string) => reported.push(where),
    },
  } as unknown as HostCore;
  try {
    const what = { kind: 'stale', change: 'raised', perSecond: 5 } as const;
    core.tellSuspicion(host, fakeSession('bob'), what);
  } catch {
    reported.push('escaped');
  }
  return reported;
}

const PLAYS = {
  apart: { play: playApart, expected: ['then one of them', 'bob: stale raised'] },
  steadily: {
    play: playSteadily,
    expected: ['bob: stale raised', 'then silence', 'bob: stale cleared'],
  },
  resumed: { play: playResumed, expected: ['bob: stale raised'] },
  newcomers: { play: playNewcomers, expected: ['bob: stale raised'] },
  throwing: { play: playThrowing, expected: ['onSuspicion'] },
} as const;

/** The names of the plays in which something else was said than should be. */
export function suspicionFindings(build: HostBuild): string[] {
  return Object.entries(PLAYS).flatMap(([name, { play, expected }]) => {
    const told = play(build);
    return JSON.stringify(told) === JSON.stringify(expected) ? [] : [`${name}: ${told.join(', ')}`];
  });
}
