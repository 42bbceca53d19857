/**
 * `npm run probe -- prediction`: what a player sees of itself and of another at 150 ms with 30 ms
 * of jitter and 2 % loss, over real WebSockets with the conditions around the clients' end. In: for
 * how long. Out: the figures, and which goals were missed. All walk, turn and stop in a wide field
 * without obstacles, so that every correction is one of prediction; each watches the next one.
 */
import { ServerRuntime } from 'holdfast';
import { createArenaGeometry, createDefaultAuthorities } from 'holdfast/authority';
import {
  conditionedTransport,
  connect,
  predictMovement,
  webSocketTransport,
} from 'holdfast/client';
import type { Client } from 'holdfast/client';

import { FrameLoop } from './frame-loop.ts';
import type { Probe, ProbeOutcome } from './probe.ts';
import { quantile } from './quantile.ts';

const SECONDS = 60;
const WARM_UP_MS = 4_000;
/** Until what is under way has arrived and run. */
const DRAIN_MS = 1_500;
const SPEED_METRES_PER_SECOND = 6;
/** 150 ms there and back, give or take 30. */
const ONE_WAY = { delayMs: 60, jitterMs: 30, lossRate: 0.02 };
/** So many begin to walk often enough for a 99th percentile. */
const WALKERS = Array.from({ length: 12 }, (_, index) => `walker-${index + 1}`);
/** Changes of mind per input tick: two a second, half of them to stand. */
const TURN_RATE = 0.1;
const REST_SHARE = 0.5;

const FIRST_FRAME_MS_MAX = 17;
const CORRECTION_UNITS_MAX = 0.05;
const REMOTE_JUMP_RATIO_MAX = 1.5;

const FIELD = createArenaGeometry({
  bounds: { minX: 0, minY: 0, maxX: 4_000, maxY: 4_000 },
  spawnPoints: [{ x: 2_000, y: 2_000 }],
});

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

interface Counts {
  sent: number;
  ran: number;
}

function startServer(counts: Counts): Promise<ServerRuntime> {
  return ServerRuntime.start({
    port: 0,
    authenticate: (credentials) => ({ playerId: (credentials as { name: string }).name }),
    createAuthorities: createDefaultAuthorities({
      geometry: FIELD,
      movement: { speedMetresPerSecond: SPEED_METRES_PER_SECOND },
    }),
    onVerdict: (_, input, { outcome }) => {
      if (input.kind !== 'move-input') return;
      if (outcome === 'accepted' || outcome === 'clamped') counts.ran += 1;
    },
  });
}

function join(runtime: ServerRuntime, name: string): Promise<Client> {
  return connect({
    url: runtime.address,
    credentials: { name },
    transport: conditionedTransport(webSocketTransport(), { up: ONE_WAY, down: ONE_WAY }),
    prediction: predictMovement({
      geometry: FIELD,
      speedMetresPerSecond: SPEED_METRES_PER_SECOND,
    }),
  });
}

/** Walks, turns and rests; `onStart` is called as a walk begins. Answers what ends it. */
function walk(client: Client, onSent: (isStart: boolean) => void): () => void {
  let angle = 0;
  let speed = 0;
  return client.on('input-tick', () => {
    const before = speed;
    if (Math.random() < TURN_RATE) {
      angle = Math.random() * 2 * Math.PI;
      speed = Math.random() < REST_SHARE ? 0 : 1;
    }
    const directionX = Math.cos(angle) * speed;
    const isSent = client.sendMove({ directionX, directionY: Math.sin(angle) * speed, yaw: angle });
    if (isSent !== undefined) onSent(before === 0 && speed > 0);
  });
}

export const probePrediction: Probe = async ({ seconds = SECONDS, say }) => {
  const counts: Counts = { sent: 0, ran: 0 };
  const runtime = await startServer(counts);
  try {
    const clients = await Promise.all(WALKERS.map((name) => join(runtime, name)));
    await walkAll(clients, WARM_UP_MS, () => undefined);
    say(`${clients.length} walk for ${seconds} s at 150 ms ± 30 ms and 2 % loss`);
    const corrections: number[] = [];
    const frames = new Map(clients.map((client) => [client, watch(client, clients)]));
    const heard = clients.map((client) =>
      client.on('correction', ({ metres }) => corrections.push(metres)),
    );
    const before = { ran: counts.ran, snapshots: snapshotsOf(clients) };
    for (const loop of frames.values()) loop.start();
    await walkAll(clients, seconds * 1_000, (client, isStart) => {
      counts.sent += 1;
      if (isStart) frames.get(client)?.noteStart();
    });
    for (const loop of frames.values()) loop.stop();
    for (const off of heard) off();
    const snapshots = snapshotsOf(clients) - before.snapshots;
    const loops = [...frames.values()];
    const firstFramesMs = loops.flatMap((loop) => loop.firstFramesMs);
    say(
      `${firstFramesMs.length} starts, ${snapshots} snapshots, ${corrections.length} corrections`,
    );
    const outcome = judge({
      firstFramesMs,
      // A snapshot that corrects nothing corrects by nothing.
      corrections: [
        ...corrections,
        ...Array.from({ length: snapshots - corrections.length }, () => 0),
      ],
      remoteSpeedMax: Math.max(0, ...loops.map((loop) => loop.remoteSpeedMax)),
      inputsLostRatio: 1 - (counts.ran - before.ran) / Math.max(1, counts.sent),
    });
    await Promise.all(clients.map((client) => client.leave()));
    return outcome;
  } finally {
    await runtime.stop();
  }
};

/** Walks with all of them, then waits until what is under way has arrived and run. */
async function walkAll(
  clients: readonly Client[],
  durationMs: number,
  onSent: (client: Client, isStart: boolean) => void,
): Promise<void> {
  const ends = clients.map((client) => walk(client, (isStart) => onSent(client, isStart)));
  await sleep(durationMs);
  for (const end of ends) end();
  await sleep(DRAIN_MS);
}

/** Each sees itself and the one after it. */
function watch(client: Client, clients: readonly Client[]): FrameLoop {
  const next = clients[(clients.indexOf(client) + 1) % clients.length] ?? client;
  return new FrameLoop(client, next.playerId);
}

function snapshotsOf(clients: readonly Client[]): number {
  return clients.reduce((sum, { stats }) => sum + stats.snapshotsReceived, 0);
}

interface Measured {
  readonly firstFramesMs: readonly number[];
  readonly corrections: readonly number[];
  /** Metres per second. */
  readonly remoteSpeedMax: number;
  readonly inputsLostRatio: number;
}

function judge({ firstFramesMs, corrections, remoteSpeedMax, inputsLostRatio }: Measured) {
  const result = {
    firstFrameMsP99: rounded(quantile(firstFramesMs, 0.99)),
    correctionP99Units: rounded(quantile(corrections, 0.99)),
    remoteJumpMaxRatio: rounded(remoteSpeedMax / SPEED_METRES_PER_SECOND),
    inputsLostRatio: rounded(inputsLostRatio),
  };
  const problems: string[] = [];
  const limit = (name: keyof typeof result, most: number): void => {
    if (!(result[name] <= most)) problems.push(`${name} is ${result[name]}, the goal is ${most}`);
  };
  limit('firstFrameMsP99', FIRST_FRAME_MS_MAX);
  limit('correctionP99Units', CORRECTION_UNITS_MAX);
  limit('remoteJumpMaxRatio', REMOTE_JUMP_RATIO_MAX);
  if (firstFramesMs.length === 0) problems.push('nobody began to walk');
  // A still picture has no jumps.
  if (!(result.remoteJumpMaxRatio >= 0.5)) problems.push('the other was not seen walking');
  return { result, problems } satisfies ProbeOutcome;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
