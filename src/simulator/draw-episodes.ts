/**
 * Troubles that belong together, which single acts would meet by luck alone: many peers gone in one
 * instant, an outage that a held seat outlasts, a server that stands still just when a deadline
 * falls due, a goodbye from somebody who is cut off. In: what is on, who is there, the policy. Out:
 * plain acts, so that a scenario shrinks as ever.
 */
import type { SessionPolicy } from '../session/session-policy.ts';
import type { Draw } from './draw.ts';
import type { ScenarioAct, ScenarioPeer } from './scenario.ts';

/** Each with how often it is on in a seed. An outage makes a seed long. */
export const EPISODES = {
  blackout: 0.25,
  outage: 0.04,
  'untimely stall': 0.25,
  'goodbye while lost': 0.25,
} as const;
export type Episode = keyof typeof EPISODES;

export interface EpisodeFrame {
  readonly kinds: ReadonlySet<string>;
  readonly peers: readonly ScenarioPeer[];
  readonly policy: Pick<
    SessionPolicy,
    'livenessTimeoutMs' | 'reconnectWindowMs' | 'loginTimeoutMs'
  >;
  /** When trouble may begin, and when all of it is over, in ms of the run. */
  readonly fromMs: number;
  readonly untilMs: number;
}

type DrawEpisode = (draw: Draw, frame: EpisodeFrame) => ScenarioAct[];

const DRAWS: Readonly<Record<Episode, DrawEpisode>> = {
  blackout: drawBlackout,
  outage: drawOutage,
  'untimely stall': drawUntimelyStall,
  'goodbye while lost': drawGoodbyeWhileLost,
};

/** So much longer than the deadline it is about an episode may last. */
const MARGIN_MS = 1_000;
/** What a blackout lasts at most: everybody honest is to play as well. */
const BLACKOUT_MS_MAX = 12_000;

/** The acts of all episodes that are on. */
export function drawEpisodes(draw: Draw, frame: EpisodeFrame): ScenarioAct[] {
  const kinds = Object.keys(EPISODES) as Episode[];
  return kinds.flatMap((kind) => (frame.kinds.has(kind) ? DRAWS[kind](draw, frame) : []));
}

/** A moment at which something that takes so long may begin, to be over in time. */
function drawMoment(draw: Draw, { fromMs, untilMs }: EpisodeFrame, durationMs: number): number {
  return Math.floor(draw.between(fromMs, Math.max(fromMs, untilMs - durationMs)));
}

/** Cut off both ways; `isTold`: both ends learn at once that the connection is gone. */
function cut(peer: string, span: Span, isTold: boolean): ScenarioAct[] {
  const direction = 'both';
  const partition: ScenarioAct = { kind: 'partition', peer, ...span, direction };
  if (!isTold) return [partition];
  return [partition, { kind: 'reset', peer, atMs: span.atMs, durationMs: 0, direction }];
}

interface Span {
  readonly atMs: number;
  readonly durationMs: number;
}

/** At least three at once: their deadlines fall due in one evaluation, and the next, too. */
function drawBlackout(draw: Draw, frame: EpisodeFrame): ScenarioAct[] {
  const { peers, policy } = frame;
  const victims = draw.shuffled(peers).slice(0, draw.whole(3, peers.length));
  const afterMs = draw.between(0.2, 1) * (policy.reconnectWindowMs + MARGIN_MS);
  const durationMs = Math.min(BLACKOUT_MS_MAX, Math.round(policy.livenessTimeoutMs + afterMs));
  const span = { atMs: drawMoment(draw, frame, durationMs), durationMs };
  const isTold = draw.chance(0.5);
  return victims.flatMap(({ name }) => cut(name, span, isTold));
}

/** One or two for longer than the client is brisk, or the whole server. */
function drawOutage(draw: Draw, frame: EpisodeFrame): ScenarioAct[] {
  const durationMs = Math.round(draw.between(11_000, 18_000));
  const span = { atMs: drawMoment(draw, frame, durationMs), durationMs };
  if (draw.chance(0.15)) return [{ kind: 'server-restart', ...span }];
  const honest = frame.peers.filter(({ role }) => role === 'honest');
  const victims = draw.shuffled(honest).slice(0, draw.whole(1, 2));
  return victims.flatMap(({ name: peer }) => {
    if (draw.chance(0.2)) return [{ kind: 'crash', peer, ...span }];
    return cut(peer, span, draw.chance(0.5));
  });
}

/** The server stands still from before a deadline until after it. */
function drawUntimelyStall(draw: Draw, frame: EpisodeFrame): ScenarioAct[] {
  const { livenessTimeoutMs, reconnectWindowMs, loginTimeoutMs } = frame.policy;
  const { name, joinsAtMs } = draw.pick(frame.peers);
  const durationMs = Math.round(draw.between(400, 2_800));
  const stall = (dueMs: number): ScenarioAct => {
    const atMs = Math.max(frame.fromMs, Math.floor(dueMs - draw.between(0.05, 0.95) * durationMs));
    return { kind: 'server-pause', atMs, durationMs };
  };
  const due = draw.pick(['liveness', 'window', 'login'] as const);
  if (due === 'login') return [stall(joinsAtMs + loginTimeoutMs)];
  const isTold = due === 'window';
  const dueMs = isTold ? Math.min(reconnectWindowMs, BLACKOUT_MS_MAX) : livenessTimeoutMs;
  const lostMs = dueMs + durationMs + MARGIN_MS;
  const span = { atMs: drawMoment(draw, frame, lostMs), durationMs: lostMs };
  return [...cut(name, span, isTold), stall(span.atMs + dueMs)];
}

/** A player gives up while its client still tries to come back. */
function drawGoodbyeWhileLost(draw: Draw, frame: EpisodeFrame): ScenarioAct[] {
  const honest = frame.peers.filter(({ role }) => role === 'honest');
  const { name: peer } = draw.pick(honest);
  const span = { durationMs: Math.round(draw.between(1_500, 5_000)) };
  const atMs = drawMoment(draw, frame, span.durationMs);
  const leavesAtMs = Math.floor(atMs + draw.between(50, span.durationMs));
  const awayMs = Math.round(draw.between(500, 4_000));
  return [
    ...cut(peer, { atMs, ...span }, true),
    { kind: 'leave', peer, atMs: leavesAtMs, durationMs: awayMs },
  ];
}
