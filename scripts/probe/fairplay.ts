/**
 * `npm run probe -- fairplay`: what six ways to cheat for speed gain against a real server with its
 * default checks, over real WebSockets, beside an honest player on the shipped client; and how many
 * inputs an honest player on a bad line loses. In: for how long. Out: the figures, and which goals
 * were missed. All run in the same circle on a wide field, so that no wall hides anything.
 */
import { ServerRuntime } from 'holdfast';
import { createArenaGeometry, createDefaultAuthorities } from 'holdfast/authority';
import { connect } from 'holdfast/client';
import type { Client } from 'holdfast/client';

import { HonestLine } from './honest-line.ts';
import { judgeFairPlay } from './judge-fairplay.ts';
import type { Ways } from './judge-fairplay.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import { RawRunner } from './raw-runner.ts';
import { CHEAT_NAMES, CHEATS, headingAt, HONEST } from './tricks.ts';
import { WayMeter } from './way-meter.ts';

const SECONDS = 30;
const TICK_RATE_HZ = 20;
const SPEED_METRES_PER_SECOND = 6;
const METRES_PER_TICK = SPEED_METRES_PER_SECOND / TICK_RATE_HZ;
const HONEST_NAME = 'honest';
/**
 * The same at the level of the protocol, as the cheats are: a stall of this machine takes ticks of
 * one and not of another, and the better of the two is the reference.
 */
const TWIN = 'honest twin';
/** For clocks to be in step, before anything counts. */
const WARM_UP_MS = 2_500;
const WAIT_MS_MAX = 10_000;
/** Players on bad lines: one alone sends too few inputs to show a thousandth. */
const LINES = 4;

const WIDE_FIELD = createArenaGeometry({
  bounds: { minX: 0, minY: 0, maxX: 1_000, maxY: 1_000 },
  spawnPoints: [{ x: 500, y: 500 }],
});

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

async function waitFor(what: string, isTrue: () => boolean, msMax: number): Promise<void> {
  for (let waitedMs = 0; !isTrue(); waitedMs += 10) {
    if (waitedMs > msMax) throw new Error(`waited ${msMax} ms for ${what}`);
    await sleep(10);
  }
}

/** Each of `lines` hears which of its inputs have run. */
function startServer(lines: readonly HonestLine[]): Promise<ServerRuntime> {
  return ServerRuntime.start({
    port: 0,
    authenticate: (credentials) => ({ playerId: (credentials as { name: string }).name }),
    onVerdict: ({ playerId }, input, { outcome }) => {
      const hasRun = outcome === 'accepted' || outcome === 'clamped';
      if (!hasRun || input.kind !== 'move-input') return;
      lines.find(({ name }) => name === playerId)?.handleRun(input.tick);
    },
    createAuthorities: createDefaultAuthorities({
      geometry: WIDE_FIELD,
      movement: { speedMetresPerSecond: SPEED_METRES_PER_SECOND },
    }),
  });
}

/** The shipped client, which runs the same circle. */
async function runHonestly(url: string): Promise<Client> {
  const client = await connect({ url, credentials: { name: HONEST_NAME } });
  client.on('input-tick', ({ tick }) => void client.sendMove(headingAt(tick)));
  return client;
}

/** In ticks of movement at full speed. */
async function measureWays(url: string, ticks: number): Promise<Ways> {
  const meter = new WayMeter();
  const bystander = new RawRunner(url, 'bystander');
  bystander.onMessage = (message) => meter.handleMessage(message);
  const honest = await runHonestly(url);
  const cheats = CHEAT_NAMES.map((name) => new RawRunner(url, name, CHEATS[name]));
  const twin = new RawRunner(url, TWIN, HONEST);
  const runners = [bystander, twin, ...cheats];
  try {
    await waitFor('everybody to be in', () => runners.every(({ isIn }) => isIn), WAIT_MS_MAX);
    await sleep(WARM_UP_MS);
    meter.begin(ticks);
    await waitFor('the ticks', () => meter.isDone, (ticks * 1_000) / TICK_RATE_HZ + WAIT_MS_MAX);
  } finally {
    for (const runner of runners) runner.stop();
    await honest.leave();
  }
  const wayOf = (name: string): number => meter.metresOf(name) / METRES_PER_TICK;
  const ways = CHEAT_NAMES.map((name) => [name, wayOf(name)]);
  return {
    ...(Object.fromEntries(ways) as Omit<Ways, 'honest'>),
    honest: Math.max(wayOf(HONEST_NAME), wayOf(TWIN)),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function wordFor([name, way]: readonly [string, number]): string {
  return `${name} ${rounded(way)}`;
}

export const probeFairPlay: Probe = async ({ seconds = SECONDS, say }): Promise<ProbeOutcome> => {
  const ticks = Math.round(seconds * TICK_RATE_HZ);
  const lines = Array.from({ length: LINES }, (_, at) => new HonestLine(`bad line ${at + 1}`));
  const runtime = await startServer(lines);
  say(`${CHEAT_NAMES.length} cheats, ${seconds} s, checks and limits: all defaults, none widened`);
  try {
    const url = runtime.address;
    const [ways, ...reports] = await Promise.all([
      measureWays(url, ticks),
      ...lines.map((line) => line.play(url, seconds * 1_000)),
    ]);
    const { verdicts, rateLimited } = runtime.host.counters;
    say(`ways in ticks: ${Object.entries(ways).map(wordFor).join(', ')}`);
    say(`verdicts: ${JSON.stringify(verdicts)}; closed as rate-limited: ${rateLimited}`);
    const sent = reports.reduce((sum, report) => sum + report.sent, 0);
    const lost = reports.reduce((sum, report) => sum + report.lost, 0);
    say(`lines of 100 ± 30 ms and 5 % loss each way: ${lost} of ${sent} inputs lost`);
    const excesses = CHEAT_NAMES.map((name) => [
      name,
      { excessTicks: rounded(ways[name] - ways.honest) },
    ]);
    const honestInputsLostRatio = lost / sent;
    const result = { cheats: Object.fromEntries(excesses) as object, honestInputsLostRatio };
    return { result, problems: judgeFairPlay({ ways, ticks, lostRatio: honestInputsLostRatio }) };
  } finally {
    await runtime.stop();
  }
};
