/**
 * What is drawn for a seed about ways back into a session: who keeps the seat when a player logs in
 * twice, whose page is loaded anew. From a stream apart, so that a seed's other troubles are what
 * they were. In: a seed, who is there. Out: a part of a policy, acts.
 */
import type { SessionPolicy } from '../session/session-policy.ts';
import { Draw } from './draw.ts';
import type { ScenarioAct, ScenarioPeer } from './scenario.ts';

/** Where this stream begins, apart from a scenario's own. */
const STREAM = 2 ** 40;
const REJECT_RATE = 0.2;
const RELOAD_RATE = 0.25;
/** A kind is on for certain in one of so many seeds. */
const TURN = 16;

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
}

export function drawReturns(frame: ReturnsFrame): Returns {
  const { seed } = frame;
  const draw = new Draw(STREAM + seed);
  const isOn = (rate: number, turn: number): boolean => draw.chance(rate) || seed % TURN === turn;
  const takeover = isOn(REJECT_RATE, 3) ? 'reject' : 'replace';
  return { takeover, acts: isOn(RELOAD_RATE, 9) ? drawReloads(draw, frame) : [] };
}

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
