/**
 * `npm run probe -- rewind`: how often a shot hits what its shooter sees, with rewind and without,
 * at four round trips, over real WebSockets with the conditions around the shooter's end. In: for
 * how long. Out: the figures, and which goals were missed. The target crosses at 5 m/s, turns back
 * at random, and passes behind a pillar; the shooter aims at what `players` shows it.
 */
import { performance } from 'node:perf_hooks';

import { ServerRuntime } from 'holdfast';
import {
  CombatAuthority,
  createArenaGeometry,
  MovementAuthority,
  type Authority,
  type CreateAuthorities,
  type Point,
} from 'holdfast/authority';
import { conditionedTransport, connect, webSocketTransport } from 'holdfast/client';
import type { Client } from 'holdfast/client';

import type { Probe } from './probe.ts';
import { distanceToRay, PlaceTrail } from './place-trail.ts';

const SECONDS = 60;
const WARM_UP_MS = 4_000;
const DRAIN_MS = 1_500;
const ROUND_TRIPS_MS = [50, 100, 150, 250] as const;
/** Those at which nearly every shot has to hit. */
const GOAL_ROUND_TRIP_MS_MAX = 100;
const HIT_RATE_MIN = 0.95;
/** So much lower is clearly lower. */
const GAIN_MIN = 0.2;
const INTERPOLATION_DELAY_MS = 100;
const SPEED_METRES_PER_SECOND = 5;
const HIT_RADIUS_METRES = 0.4;
/** Rounding on the wire and of places to a sixteenth of a tick. */
const SLACK_METRES = 0.02;
const SHOT_INTERVAL_MS = 300;
const TURN_RATE = 0.04;

const SHOOTER: Point = { x: 10, y: 20 };
const TARGET: Point = { x: 22, y: 20 };
const PILLAR = { x: 16, y: 20, radius: 0.8 };
/** A target that is seen so near to the pillar's shadow may be behind it when the shot runs. */
const SHADOW_METRES = PILLAR.radius + 1;
const FIELD = createArenaGeometry({
  bounds: { minX: 0, minY: 0, maxX: 40, maxY: 40 },
  obstacles: [{ shape: 'circle', ...PILLAR }],
});

interface Tally {
  readonly counted: Set<number>;
  shots: number;
  hits: number;
  older: number;
  throughCover: number;
}

/** The shipped rules, with everybody put to their place. */
function createRules(rewindMsMax: number | undefined, trail: PlaceTrail): CreateAuthorities {
  return (context) => {
    const movement = new MovementAuthority(context, {
      geometry: FIELD,
      speedMetresPerSecond: SPEED_METRES_PER_SECOND,
    });
    const combat = new CombatAuthority(context, {
      battlefield: movement,
      hitRadiusMetres: HIT_RADIUS_METRES,
      hitPointsMax: 1_000_000,
      damagePerHit: 1,
      ...(rewindMsMax === undefined ? {} : { rewindMsMax }),
    });
    const places: Authority = {
      name: 'places',
      inputKinds: [],
      snapshotFields: [],
      addPlayer: (id) => movement.placePlayer(id, id === 'target' ? TARGET : SHOOTER),
      removePlayer: () => undefined,
      suspendPlayer: () => undefined,
      resumePlayer: () => undefined,
      handleInput: () => ({ outcome: 'accepted' }),
      step: (tick) => {
        const target = trail.playerId && movement.placeOf(trail.playerId);
        if (target) trail.note(tick, target);
        return [];
      },
      readSnapshot: () => undefined,
    };
    return [movement, combat, places];
  };
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** To and fro, turning back at random. */
function cross(target: Client): () => void {
  let directionY = 1;
  return target.on('input-tick', () => {
    const y = target.self?.y ?? TARGET.y;
    if (y > TARGET.y + 8) directionY = -1;
    else if (y < TARGET.y - 8) directionY = 1;
    else if (Math.random() < TURN_RATE) directionY = -directionY;
    target.sendMove({ directionX: 0, directionY, yaw: 0 });
  });
}

/** Shoots at what is seen; a shot past the pillar's shadow counts. */
function aim(shooter: Client, target: Client, tally: Tally): () => void {
  let lastShotAt = -Infinity;
  return shooter.on('input-tick', () => {
    const own = shooter.self;
    const seen = shooter.players.get(target.playerId);
    const now = performance.now();
    if (own === undefined || seen === undefined || now < lastShotAt + SHOT_INTERVAL_MS) return;
    const [directionX, directionY] = [seen.x - own.x, seen.y - own.y];
    const { playerId: targetPlayerId } = target;
    const tick = shooter.shoot({ directionX, directionY, targetPlayerId });
    if (tick === undefined) return;
    lastShotAt = now;
    const shadow = distanceToRay(PILLAR, { origin: own, directionX, directionY });
    if (shadow > SHADOW_METRES) tally.counted.add(tick);
  });
}

interface Setting {
  readonly rttMs: number;
  /** Undefined = the default. */
  readonly rewindMsMax: number | undefined;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

async function measure({ rttMs, rewindMsMax, seconds, say }: Setting): Promise<Tally> {
  const tally: Tally = { counted: new Set(), shots: 0, hits: 0, older: 0, throughCover: 0 };
  const trail = new PlaceTrail();
  const runtime = await ServerRuntime.start({
    port: 0,
    authenticate: (credentials) => ({ playerId: (credentials as { name: string }).name }),
    createAuthorities: createRules(rewindMsMax, trail),
    onVerdict: (_session, input, { outcome }) => {
      if (input.kind !== 'shoot-input' || !tally.counted.has(input.tick)) return;
      tally.shots += 1;
      if (outcome === 'accepted') tally.hits += 1;
    },
  });
  try {
    const line = { delayMs: rttMs / 2 };
    const [target, shooter] = await Promise.all([
      connect({ url: runtime.address, credentials: { name: 'target' } }),
      connect({
        url: runtime.address,
        credentials: { name: 'shooter' },
        interpolationDelayMs: INTERPOLATION_DELAY_MS,
        transport: conditionedTransport(webSocketTransport(), { up: line, down: line }),
      }),
    ]);
    trail.playerId = target.playerId;
    const ends = [cross(target)];
    await sleep(WARM_UP_MS);
    shooter.on('combat', (event) => {
      if (event.event !== 'hit') return;
      const origin = { x: event.originX, y: event.originY };
      const ray = {
        origin,
        directionX: event.impactX - origin.x,
        directionY: event.impactY - origin.y,
      };
      if (distanceToRay(PILLAR, ray) < PILLAR.radius - SLACK_METRES) tally.throughCover += 1;
      const reach = HIT_RADIUS_METRES + trail.aimToleranceMetres + SLACK_METRES;
      if (trail.leastDistance(ray, event.tick) > reach) tally.older += 1;
    });
    ends.push(aim(shooter, target, tally));
    await sleep(seconds * 1_000);
    for (const end of ends.toReversed()) end();
    await sleep(DRAIN_MS);
    const { roundTripTimeMs = 0, interpolationDelayMs, inputLeadTicks } = shooter.stats;
    if (rewindMsMax === undefined) {
      const leadMs = (inputLeadTicks * 1_000) / shooter.tickRateHz - roundTripTimeMs / 2;
      const parts = [
        `${roundTripTimeMs.toFixed(0)} ms (round trip)`,
        `${interpolationDelayMs.toFixed(0)} ms (interpolation)`,
        `${leadMs.toFixed(0)} ms (lead)`,
      ];
      say(`${rttMs} ms: what the shooter saw was ${parts.join(' + ')} old`);
    }
    await Promise.all([target.leave(), shooter.leave()]);
    return tally;
  } finally {
    await runtime.stop();
  }
}

function rateOf({ hits, shots }: Tally): number {
  return shots === 0 ? 0 : Math.round((hits / shots) * 1_000) / 1_000;
}

export const probeRewind: Probe = async ({ seconds = SECONDS, say }) => {
  const problems: string[] = [];
  const rows = [];
  let [hitsOlderThan200Ms, hitsThroughCover] = [0, 0];
  for (const rttMs of ROUND_TRIPS_MS) {
    say(`${rttMs} ms: shooting for ${seconds} s`);
    const [on, off] = await Promise.all([
      measure({ rttMs, rewindMsMax: undefined, seconds, say }),
      measure({ rttMs, rewindMsMax: 0, seconds, say }),
    ]);
    const row = { rttMs, hitRateRewindOn: rateOf(on), hitRateRewindOff: rateOf(off) };
    rows.push(row);
    hitsOlderThan200Ms += on.older + off.older;
    hitsThroughCover += on.throughCover + off.throughCover;
    say(`${rttMs} ms: ${on.hits} of ${on.shots} hit, without rewind ${off.hits} of ${off.shots}`);
    if (on.shots === 0 || off.shots === 0) problems.push(`nobody shot at ${rttMs} ms`);
    if (rttMs > GOAL_ROUND_TRIP_MS_MAX) continue;
    if (row.hitRateRewindOn < HIT_RATE_MIN)
      problems.push(`${row.hitRateRewindOn} of the shots hit at ${rttMs} ms, not ${HIT_RATE_MIN}`);
    if (row.hitRateRewindOff > row.hitRateRewindOn - GAIN_MIN)
      problems.push(`rewind gains too little at ${rttMs} ms`);
  }
  if (hitsOlderThan200Ms > 0) problems.push(`${hitsOlderThan200Ms} hits were older than 200 ms`);
  if (hitsThroughCover > 0) problems.push(`${hitsThroughCover} hits went through the pillar`);
  return { result: { rows, hitsOlderThan200Ms, hitsThroughCover }, problems };
};
