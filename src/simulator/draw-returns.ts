/**
 * What is drawn for a seed about ways back into a session: who keeps the seat when a player logs in
 * twice, whose page is loaded anew, what outlives the server's process and how its disk behaves.
 * From a stream apart, so that a seed's other troubles are what they were.
 * In: a seed, who is there. Out: a part of a policy, acts.
 */
import type { SessionPolicy } from '../session/session-policy.ts';
import { Draw } from './draw.ts';
import {
  STORE_LOSSES,
  type ScenarioAct,
  type ScenarioPeer,
  type ScenarioStore,
} from './scenario.ts';

/** Where this stream begins, apart from a scenario's own. */
const STREAM = 2 ** 40;
const REJECT_RATE = 0.2;
const RELOAD_RATE = 0.25;
/** A kind is on for certain in one of so many seeds. */
const TURN = 16;
const STORE_TURN = 12;

export interface ReturnsFrame {
  readonly seed: number;
  readonly peers: readonly ScenarioPeer[];
  /** When trouble may begin, and when all of it is over, in ms of the run. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Returns {
  readonly takeover: SessionPolicy['takeover'];
  readonly acts: readonly ScenarioAct[];
  readonly store: ScenarioStore | undefined;
}

export function drawReturns(frame: ReturnsFrame): Returns {
  const { seed } = frame;
  const draw = new Draw(STREAM + seed);
  const isOn = (rate: number, turn: number): boolean => draw.chance(rate) || seed % TURN === turn;
  const takeover = isOn(REJECT_RATE, 3) ? 'reject' : 'replace';
  const reloads = isOn(RELOAD_RATE, 9) ? drawReloads(draw, frame) : [];
  // Seldom: such a seed has no solo runs.
  if (seed % TURN !== STORE_TURN) return { takeover, acts: reloads, store: undefined };
  const store: ScenarioStore = {
    journal: draw.pick(['behind', 'ahead']),
    checkpointIntervalMs: draw.pick([100, 250, 1_000]),
  };
  return { takeover, acts: [...reloads, ...drawDisk(draw, frame)], store };
}

/** A death or two of the process, and mostly something of the disk before it. */
function drawDisk(draw: Draw, frame: ReturnsFrame): ScenarioAct[] {
  const { fromMs, untilMs, seed } = frame;
  const acts: ScenarioAct[] = [];
  const certain = DISK_KINDS[Math.floor(seed / TURN) % DISK_KINDS.length]!;
  const others = DISK_KINDS.flat().filter(() => draw.chance(0.15));
  const kinds = new Set([...certain, ...others]);
  for (const kind of kinds) {
    const atMs = Math.floor(draw.between(fromMs, untilMs - 5_000));
    const isDeath = kind.startsWith('server') || STORE_LOSSES.some((each) => each === kind);
    const durationMs = Math.round(isDeath ? draw.steep(20, 3_000) : draw.between(300, 4_000));
    acts.push({ kind, atMs, durationMs });
    if (isDeath || draw.chance(0.5)) continue;
    const diesAtMs = atMs + Math.round(draw.between(0.1, 1) * durationMs);
    acts.push({ kind: 'server-restart', atMs: diesAtMs, durationMs: 100 });
  }
  return acts;
}

/** By turns: two seeds with a store have had all of them. */
const DISK_KINDS = [
  ['server-restart', 'store-slow', 'store-hang', 'store-emptied'],
  ['server-drain', 'store-failing', 'store-answer-lost', 'store-rolled-back'],
] as const;

/** Twice in a row, too: the second may come before the first has been answered. */
function drawReloads(draw: Draw, { peers, fromMs, untilMs }: ReturnsFrame): ScenarioAct[] {
  const honest = peers.filter(({ role }) => role === 'honest');
  const readers = draw.shuffled(honest).slice(0, draw.whole(1, 3));
  return readers.flatMap(({ name: peer }) => {
    const atMs = Math.floor(draw.between(fromMs, untilMs));
    const durationMs = Math.round(draw.steep(1, 2_000));
    const first: ScenarioAct = { kind: 'reload', peer, atMs, durationMs };
    if (draw.chance(0.6)) return [first];
    const againMs = atMs + durationMs + Math.round(draw.steep(1, 600));
    return [first, { ...first, atMs: againMs }];
  });
}
