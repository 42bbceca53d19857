/**
 * Swarm testing: each seed draws which faults are on at all, then how strong each is for whom, so
 * that rare mixes come up and no fault hides another. In: a seed. Out: a Scenario, equal for equal
 * seeds. Source: A. Groce et al., "Swarm testing" (ISSTA 2012),
 * https://doi.org/10.1145/2338965.2336763.
 */
import { createPrng } from '../base/prng.ts';
import type { SessionPolicy } from '../session/session-policy.ts';
import { HOSTILE_ACTOR_KINDS } from './actors/create-hostile-actor.ts';
import type { LinkConditions, LinkDirection } from './link-conditions.ts';
import {
  HONEST_ACTORS,
  COMPUTER_ACTS,
  LINE_ACTS,
  type ComputerAct,
  type LineAct,
  type Scenario,
  type ScenarioAct,
  type ScenarioPeer,
} from './scenario.ts';

const TICK_RATE_HZ = 20;
/** With the phase after it at least 36 s, what a seed must last to count. */
const SAFETY_MS = 22_000;
/**
 * As long as coming back may take at most: liveness time-out, reconnect window, one back-off of
 * 5 s and a login, at the largest drawn values.
 */
const LIVENESS_MS = 15_000;
const PEERS_MIN = 8;
const HONEST_MIN = 5;
const HONEST_MAX = 7;
/** Nobody's line is touched before that, so that most are in when the trouble begins. */
const TROUBLE_BEGINS_MS = 2_000;
/** Trouble of the last second could not show before the healing. */
const TROUBLE_ENDS_MS = SAFETY_MS - 1_000;

/** Names that break what takes a name for a key, a path, a number or ASCII. */
const NAMES = [
  'ada',
  '__proto__',
  '1',
  'constructor',
  'zoë',
  '李雷',
  'toString',
  '0',
  'cleo',
  '👾',
  'hasOwnProperty',
  'bob#2',
  '-1',
  'ﬀ',
  'null',
  'a'.repeat(48),
  'eve/..',
  'undefined',
] as const;

/** Kinds of trouble with a line that are on or off for a whole seed. */
const LINK_FAULTS = [
  'delay',
  'jitter',
  'loss',
  'burstLoss',
  'duplicate',
  'reorder',
  'bandwidth',
  'partialWrite',
] as const;
type LinkFault = (typeof LINK_FAULTS)[number];

const WORLDS = ['main', '__proto__', 'keep'] as const;
const SEVERAL_WORLDS_RATE = 0.3;

/** Half of all kinds are on in a seed, each for about half of the peers. */
const KIND_RATE = 0.5;
const PEER_RATE = 0.5;

/** Everything drawn for a seed. */
export function drawScenario(seed: number): Scenario {
  const draw = new Draw(seed);
  const faults = LINK_FAULTS.filter(() => draw.chance(KIND_RATE));
  const kinds = {
    line: LINE_ACTS.filter(() => draw.chance(KIND_RATE)),
    computer: COMPUTER_ACTS.filter(() => draw.chance(KIND_RATE)),
  };
  const peers = drawPeers(draw, faults);
  const acts = [...drawPeerActs(draw, kinds, peers), ...drawServerActs(draw)];
  return {
    seed,
    tickRateHz: TICK_RATE_HZ,
    safetyMs: SAFETY_MS,
    livenessMs: LIVENESS_MS,
    policy: drawPolicy(draw),
    loginMsMax: draw.chance(KIND_RATE) ? Math.round(draw.steep(1, 400)) : 0,
    lateLoginRate: draw.chance(KIND_RATE) ? draw.between(0, 0.2) : 0,
    badHookRate: draw.chance(KIND_RATE) ? draw.between(0, 0.3) : 0,
    peers,
    acts: acts.toSorted((one, other) => one.atMs - other.atMs),
  };
}

function drawPeers(draw: Draw, faults: readonly LinkFault[]): ScenarioPeer[] {
  const drawWorlds = drawWorldPlan(draw);
  // Each honest one costs a solo run: few most of the time.
  const honestCount = Math.round(draw.steep(HONEST_MIN, HONEST_MAX));
  const count = Math.max(PEERS_MIN, honestCount + draw.whole(1, 2));
  const names = draw.shuffled(NAMES).slice(0, count);
  return names.map((name, index) => {
    const isHonest = index < honestCount;
    const isTroubled = draw.chance(PEER_RATE);
    return {
      name,
      role: isHonest ? 'honest' : 'hostile',
      actor: isHonest ? draw.pick(HONEST_ACTORS) : draw.pick(HOSTILE_ACTOR_KINDS),
      playerId: name,
      worldIds: drawWorlds(isHonest),
      joinsAtMs: Math.floor(draw.between(0, isHonest ? 1_000 : 6_000)),
      hasSyncLane: draw.chance(0.5),
      conditions: {
        up: isTroubled ? drawConditions(draw, faults) : {},
        down: isTroubled ? drawConditions(draw, faults) : {},
      },
    };
  });
}

/**
 * Mostly one world for all: where nobody meets nobody shoots. In others two or three, so that one
 * is alone in a world, or comes back into another one than it left.
 */
function drawWorldPlan(draw: Draw): (isHonest: boolean) => string[] {
  if (!draw.chance(SEVERAL_WORLDS_RATE)) return () => [WORLDS[0]];
  const worlds = draw.shuffled(WORLDS).slice(0, draw.whole(2, WORLDS.length));
  return (isHonest) => {
    const others = draw.chance(isHonest ? 0.1 : 0.4) ? worlds : [];
    // Half of them together: a world of many, and some of few.
    const first = draw.chance(0.5) ? worlds[0]! : draw.pick(worlds);
    return [first, ...others.filter((world) => world !== first)];
  };
}

/** Mild most of the time: a line on which nothing gets through tests nothing else. */
function drawConditions(draw: Draw, faults: readonly LinkFault[]): Partial<LinkConditions> {
  const conditions: { -readonly [Key in keyof LinkConditions]?: LinkConditions[Key] } = {};
  for (const fault of faults) {
    if (!draw.chance(0.7)) continue;
    switch (fault) {
      case 'delay':
        conditions.delayMs = Math.round(draw.steep(1, 250));
        break;
      case 'jitter':
        conditions.jitterMs = Math.round(draw.steep(1, 150));
        break;
      case 'loss':
        conditions.lossRate = draw.steep(0.001, 0.15);
        break;
      case 'burstLoss':
        conditions.burst = {
          enterRate: draw.steep(0.001, 0.02),
          leaveRate: draw.between(0.1, 0.5),
          lossRate: draw.between(0.3, 1),
        };
        break;
      case 'duplicate':
        conditions.duplicateRate = draw.steep(0.005, 0.3);
        break;
      case 'reorder':
        conditions.reorderRate = draw.steep(0.005, 0.2);
        conditions.reorderMs = Math.round(draw.between(10, 200));
        break;
      case 'bandwidth':
        conditions.bandwidthBytesPerSecond = Math.round(draw.between(8_000, 60_000));
        break;
      case 'partialWrite':
        conditions.pieceBytesMax = draw.whole(8, 64);
        break;
    }
  }
  return conditions;
}

function drawPeerActs(
  draw: Draw,
  kinds: { readonly line: readonly LineAct[]; readonly computer: readonly ComputerAct[] },
  peers: readonly ScenarioPeer[],
): ScenarioAct[] {
  const acts: ScenarioAct[] = [];
  const atMs = (): number => Math.floor(draw.between(TROUBLE_BEGINS_MS, TROUBLE_ENDS_MS));
  const durationMs = (): number => Math.round(draw.between(200, 9_000));
  for (const { name: peer } of peers) {
    for (const kind of kinds.line.filter(() => draw.chance(PEER_RATE))) {
      const isShort = kind === 'reset' || kind === 'half-open';
      const direction = draw.pick<LinkDirection | 'both'>(['up', 'down', 'both']);
      acts.push({ kind, peer, atMs: atMs(), durationMs: isShort ? 0 : durationMs(), direction });
    }
    for (const kind of kinds.computer.filter(() => draw.chance(PEER_RATE))) {
      acts.push({ kind, peer, atMs: atMs(), durationMs: durationMs() });
    }
  }
  return acts;
}

function drawServerActs(draw: Draw): ScenarioAct[] {
  const acts: ScenarioAct[] = [];
  const at = (): number => Math.floor(draw.between(TROUBLE_BEGINS_MS, TROUBLE_ENDS_MS - 3_000));
  if (draw.chance(0.3)) {
    const durationMs = Math.round(draw.steep(20, 3_000));
    acts.push({ kind: 'server-pause', atMs: at(), durationMs });
  }
  if (draw.chance(0.1)) {
    const durationMs = Math.round(draw.steep(20, 3_000));
    acts.push({ kind: 'server-restart', atMs: at(), durationMs });
  }
  if (draw.chance(0.3)) {
    const stepMs = Math.round(draw.between(-1, 1) * 7_200_000);
    acts.push({ kind: 'wall-step', atMs: at(), stepMs });
  }
  return acts;
}

/** Shorter than the defaults: silence, windows and logins all come to their end within a run. */
function drawPolicy(draw: Draw): Partial<SessionPolicy> {
  const heartbeatIntervalMs = draw.pick([500, 1_000]);
  return {
    heartbeatIntervalMs,
    livenessTimeoutMs: draw.pick([2, 3, 4]) * heartbeatIntervalMs,
    reconnectWindowMs: draw.pick([0, 1_000, 3_000, 5_000]),
    loginTimeoutMs: draw.pick([2_000, 4_000]),
    loginAttemptsMax: draw.pick([1, 3]),
    ghost: draw.pick<SessionPolicy['ghost']>(['vulnerable', 'protected', 'removed']),
  };
}

/** Draws from one seed, in order. */
class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = createPrng(seed);
  }

  chance(rate: number): boolean {
    return this.#random() < rate;
  }

  between(min: number, max: number): number {
    return min + (max - min) * this.#random();
  }

  /** Small values are likelier: evenly drawn on a logarithmic scale. */
  steep(min: number, max: number): number {
    return min * (max / min) ** this.#random();
  }

  /** Both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.#random() * (max - min + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)]!;
  }

  /** Fisher and Yates. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = this.whole(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    return shuffled;
  }
}
