/**
 * Swarm testing: each seed draws which faults are on at all, then how strong each is for whom, so
 * that rare mixes come up and no fault hides another. In: a seed. Out: a Scenario, equal for equal
 * seeds. Source: A. Groce et al., "Swarm testing" (ISSTA 2012),
 * https://doi.org/10.1145/2338965.2336763.
 */
import type { HostLimits } from '../host/host-limits.ts';
import type { SessionPolicy } from '../session/session-policy.ts';
import { HOSTILE_ACTOR_KINDS, type HostileActorKind } from './actors/create-hostile-actor.ts';
import { Draw } from './draw.ts';
import { drawEpisodes, EPISODES } from './draw-episodes.ts';
import { drawReturns } from './draw-returns.ts';
import type { LinkConditions, LinkDirection } from '../transport/link-conditions.ts';
import {
  DOOMED_WORLD,
  COMPUTER_ACTS,
  LINE_ACTS,
  type HonestActor,
  type Scenario,
  type ScenarioAct,
  type ScenarioPeer,
} from './scenario.ts';

const TICK_RATE_HZ = 20;
/** With the phase after it at least 36 s, what a seed must last to count. */
const SAFETY_MS = 22_000;
/** Where seats are held for long, so that an outage outlasts ten seconds and what comes of it. */
const LONG_SAFETY_MS = 36_000;
/**
 * As long as coming back may take at most: liveness time-out, one back-off of 5 s, an attempt that
 * is given up and a login, at the largest drawn values. A seat that is held is taken over.
 */
const LIVENESS_MS = 15_000;
const PEERS_MIN = 8;
const HONEST_MIN = 5;
const HONEST_MAX = 7;
/** Nobody's line is touched before that, so that most are in when the trouble begins. */
const TROUBLE_BEGINS_MS = 2_000;
/** Trouble of the last second could not show before the healing. */
const QUIET_MS = 1_000;
/** What the simulated network takes for everybody unless told otherwise. */
const WINDOW_BYTES = 65_536;

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

/** The others have one ordered stream for both lanes, as over a WebSocket. */
const SYNC_LANE_RATE = 0.35;

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
const WORLDS = ['main', '__proto__', 'keep'] as const;

/** What is on for a whole seed besides; each with how often. */
const MOODS = {
  ...EPISODES,
  worlds: 0.3,
  brawl: 0.3,
  'all join at once': 0.2,
  'small queues': 0.25,
  'slow logins': 0.6,
  'late logins': 0.4,
  'bad hooks': 0.5,
  'long windows': 0.08,
  'server-pause': 0.2,
  'server-restart': 0.08,
  'wall-step': 0.3,
} as const;
type Mood = keyof typeof MOODS;

/** Half of all other kinds are on in a seed, each for about half of the peers. */
const KIND_RATE = 0.5;
const PEER_RATE = 0.5;

/** A reload is drawn apart (draw-returns.ts). */
const COMPUTER_KINDS = COMPUTER_ACTS.filter((kind) => kind !== 'reload');
const KINDS = [...LINK_FAULTS, ...LINE_ACTS, ...COMPUTER_KINDS] as const;
type Kind = (typeof KINDS)[number];
const ALL: readonly (Kind | Mood)[] = [...KINDS, ...(Object.keys(MOODS) as Mood[])];

/** Everything drawn for a seed. */
export function drawScenario(seed: number): Scenario {
  const draw = new Draw(seed);
  const plan = drawPlan(seed, draw);
  const isLong = plan.has('long windows') || plan.has('outage');
  const safetyMs = isLong ? LONG_SAFETY_MS : SAFETY_MS;
  const policy = drawPolicy(draw, isLong);
  const peers = drawPeers(draw, plan, seed);
  const span = { fromMs: TROUBLE_BEGINS_MS, untilMs: safetyMs - QUIET_MS };
  const returns = drawReturns({ seed, peers, ...span });
  const acts = [
    ...drawPeerActs(draw, { plan, peers, ...span }),
    ...drawServerActs(draw, { plan, ...span }),
    ...drawEpisodes(draw, { kinds: plan, peers, policy, ...span }),
    ...returns.acts,
  ];
  return {
    seed,
    tickRateHz: TICK_RATE_HZ,
    safetyMs,
    livenessMs: LIVENESS_MS,
    policy: { ...policy, takeover: returns.takeover },
    limits: plan.has('small queues') ? drawLimits(draw) : {},
    loginMsMax: plan.has('slow logins') ? Math.round(draw.steep(1, 400)) : 0,
    lateLoginRate: plan.has('late logins') ? draw.between(0, 0.2) : 0,
    badHookRate: plan.has('bad hooks') ? draw.between(0, 0.3) : 0,
    peers,
    acts: acts.toSorted((one, other) => one.atMs - other.atMs),
    ...(returns.store === undefined ? {} : { store: returns.store }),
  };
}

type Plan = ReadonlySet<Kind | Mood>;

interface ActFrame {
  readonly plan: Plan;
  /** When trouble may begin, and until when. */
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What is on. One kind is on for certain, in turn: some seeds in a row have had all of them. */
function drawPlan(seed: number, draw: Draw): Plan {
  const certain = ALL[seed % ALL.length];
  const rates: Readonly<Record<string, number>> = MOODS;
  return new Set(ALL.filter((kind) => draw.chance(rates[kind] ?? KIND_RATE) || kind === certain));
}

function drawPeers(draw: Draw, plan: Plan, seed: number): ScenarioPeer[] {
  const drawWorlds = drawWorldPlan(draw, plan);
  // Each honest one costs a solo run: few most of the time.
  const honestCount = Math.round(draw.steep(HONEST_MIN, HONEST_MAX));
  const count = Math.max(PEERS_MIN, honestCount + draw.whole(1, 2));
  const names = draw.shuffled(NAMES).slice(0, count);
  return names.map((name, index) => {
    const isHonest = index < honestCount;
    // One kind for certain, in turn.
    const hostileKind = index === honestCount ? seed % HOSTILE_ACTOR_KINDS.length : undefined;
    const drawnKind = draw.pick(HOSTILE_ACTOR_KINDS);
    const isTroubled = draw.chance(PEER_RATE);
    const isSmall = plan.has('small queues') && draw.chance(PEER_RATE);
    const joinsAtMs = Math.floor(draw.between(0, isHonest ? 1_000 : 6_000));
    return {
      name,
      role: isHonest ? 'honest' : 'hostile',
      actor: isHonest ? drawHonestActor(draw, plan) : (kindAt(hostileKind) ?? drawnKind),
      playerId: name,
      worldIds: isHonest ? drawWorlds(true) : drawHostileWorlds(draw, plan, drawWorlds),
      joinsAtMs: isHonest && plan.has('all join at once') ? 100 : joinsAtMs,
      hasSyncLane: draw.chance(SYNC_LANE_RATE),
      windowBytes: isSmall ? Math.round(draw.steep(256, 8_192)) : WINDOW_BYTES,
      conditions: {
        up: isTroubled ? drawConditions(draw, plan) : {},
        down: isTroubled ? drawConditions(draw, plan) : {},
      },
    };
  });
}

function kindAt(index: number | undefined): HostileActorKind | undefined {
  return index === undefined ? undefined : HOSTILE_ACTOR_KINDS[index];
}

/** Brawlers among each other: one alone is a poor fighter. */
function drawHonestActor(draw: Draw, plan: Plan): HonestActor {
  if (plan.has('brawl') && draw.chance(0.8)) return 'brawler';
  return draw.pick(['fighter', 'leaver']);
}

/**
 * Mostly one world for all: where nobody meets nobody shoots. In others two or three, so that one
 * is alone in a world, or comes back into another one than it left.
 */
function drawWorldPlan(draw: Draw, plan: Plan): (isHonest: boolean) => string[] {
  if (!plan.has('worlds')) return () => [WORLDS[0]];
  const worlds = draw.shuffled(WORLDS).slice(0, draw.whole(2, WORLDS.length));
  return (isHonest) => {
    const others = draw.chance(isHonest ? 0.1 : 0.4) ? worlds : [];
    // Half of them together: a world of many, and some of few.
    const first = draw.chance(0.5) ? worlds[0]! : draw.pick(worlds);
    return [first, ...others.filter((world) => world !== first)];
  };
}

/** Now and then it begins in a world that ends. */
function drawHostileWorlds(
  draw: Draw,
  plan: Plan,
  drawWorlds: (isHonest: boolean) => string[],
): string[] {
  const worlds = drawWorlds(false);
  return plan.has('bad hooks') && draw.chance(0.4) ? [DOOMED_WORLD, ...worlds] : worlds;
}

/** Mild most of the time: a line on which nothing gets through tests nothing else. */
function drawConditions(draw: Draw, plan: Plan): Partial<LinkConditions> {
  const conditions: { -readonly [Key in keyof LinkConditions]?: LinkConditions[Key] } = {};
  for (const fault of LINK_FAULTS) {
    if (!plan.has(fault) || !draw.chance(0.7)) continue;
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
  { plan, peers, fromMs, untilMs }: ActFrame & { readonly peers: readonly ScenarioPeer[] },
): ScenarioAct[] {
  const acts: ScenarioAct[] = [];
  const atMs = (): number => Math.floor(draw.between(fromMs, untilMs));
  const durationMs = (): number => Math.round(draw.between(200, 9_000));
  for (const { name: peer } of peers) {
    for (const kind of LINE_ACTS.filter((each) => plan.has(each) && draw.chance(PEER_RATE))) {
      const isShort = kind === 'reset' || kind === 'half-open';
      const direction = draw.pick<LinkDirection | 'both'>(['up', 'down', 'both']);
      acts.push({ kind, peer, atMs: atMs(), durationMs: isShort ? 0 : durationMs(), direction });
    }
    for (const kind of COMPUTER_KINDS.filter((each) => plan.has(each) && draw.chance(PEER_RATE))) {
      acts.push({ kind, peer, atMs: atMs(), durationMs: durationMs() });
    }
  }
  return acts;
}

function drawServerActs(draw: Draw, { plan, fromMs, untilMs }: ActFrame): ScenarioAct[] {
  const acts: ScenarioAct[] = [];
  const at = (): number => Math.floor(draw.between(fromMs, untilMs - 3_000));
  if (plan.has('server-pause')) {
    for (let left = draw.whole(1, 2); left > 0; left -= 1) {
      const durationMs = Math.round(draw.steep(20, 3_000));
      acts.push({ kind: 'server-pause', atMs: at(), durationMs });
    }
  }
  if (plan.has('server-restart')) {
    const durationMs = Math.round(draw.steep(20, 3_000));
    acts.push({ kind: 'server-restart', atMs: at(), durationMs });
  }
  if (plan.has('wall-step')) {
    const stepMs = Math.round(draw.between(-1, 1) * 7_200_000);
    acts.push({ kind: 'wall-step', atMs: at(), stepMs });
  }
  return acts;
}

/**
 * Shorter than the defaults, so that silence, windows and logins all come to their end within a
 * run; where windows are long they are what holds a seat over an outage.
 */
function drawPolicy(draw: Draw, isLong: boolean) {
  const heartbeatIntervalMs = draw.pick([500, 1_000]);
  return {
    heartbeatIntervalMs,
    livenessTimeoutMs: draw.pick([2, 3, 4]) * heartbeatIntervalMs,
    reconnectWindowMs: draw.pick(isLong ? [10_000, 20_000, 30_000] : [0, 1_000, 3_000, 5_000]),
    loginTimeoutMs: draw.pick([2_000, 4_000]),
    loginAttemptsMax: draw.pick([1, 2, 3]),
    stallMsMax: draw.pick([500, 1_000]),
    ghost: draw.pick<SessionPolicy['ghost']>(['vulnerable', 'protected', 'removed']),
  } satisfies Partial<SessionPolicy>;
}

/** So small that whoever reads slowly meets them. */
function drawLimits(draw: Draw): Partial<HostLimits> {
  return {
    reliableQueueBytesMax: Math.round(draw.steep(1_024, 16_384)),
    syncBufferedBytesMax: Math.round(draw.steep(64, 2_048)),
  };
}
