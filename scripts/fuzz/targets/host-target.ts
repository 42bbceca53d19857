/**
 * Scripts of a network into ServerNetworkHost, its production parts unchanged: connections, logins
 * that answer early, late or never, resumes with tokens that are good, spent or made up, valid and
 * hostile frames, heartbeats, slow readers, evictions, stalls. No internal error, only legal moves,
 * and nothing left after `stop()`.
 */
import type { SessionId } from '../../../src/protocol/ids.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { FuzzRandom } from '../fuzz-random.ts';
import { HostScene, RESUME_OUTCOMES, type CreateHost, type StubConnection } from '../host-scene.ts';
import type { Coverage } from '../coverage.ts';
import type { Production } from '../production.ts';
import { ScriptReader } from '../script-reader.ts';
import { clientFrames } from './decoder-targets.ts';

const STEPS_MAX = 192;
const PLAYERS = ['alice', 'bob', 'carol', '__proto__', '€'];
const WORLDS = ['main', 'other', 'third'];
const ADVANCES_MS = [0, 1, 50, 50, 50, 99, 100, 400, 500, 600];
const STALLS_MS = [0, 60, 250, 1_000, 5_000];
const TICKS = [0, 1, 20, 1_000, 2 ** 53 - 1];
const ABSURD = 2 ** 53 - 1;
const BUFFERED = [0, 511, 512, 100_000];
/** Awaits that the longest chain of promises of a login needs. */
const SETTLE_ROUNDS = 12;

type Run = (stage: HostStage) => void | Promise<void>;

class HostStage {
  readonly scene: HostScene;
  readonly script: ScriptReader;
  readonly production: Production;
  readonly frames: readonly Uint8Array[];

  constructor(parts: {
    scene: HostScene;
    script: ScriptReader;
    production: Production;
    frames: readonly Uint8Array[];
  }) {
    this.scene = parts.scene;
    this.script = parts.script;
    this.production = parts.production;
    this.frames = parts.frames;
  }

  /** One of the open connections; one is opened when there is none. */
  connection(): StubConnection | undefined {
    if (this.scene.connections.length === 0) this.scene.open();
    const { connections } = this.scene;
    return connections[this.script.byte() % Math.max(1, connections.length)];
  }

  deliver(bytes: Uint8Array): void {
    const connection = this.connection();
    const lane = this.script.below(4) === 0 ? 'sync' : 'reliable';
    if (connection !== undefined) this.scene.deliver(connection, lane, bytes);
  }
}

const OPERATIONS: readonly (readonly [name: string, run: Run])[] = [
  ['open', (stage) => stage.scene.open()],
  [
    'login',
    (stage) => {
      const { script } = stage;
      const mode = script.below(8);
      const playerId = script.pick(PLAYERS);
      const credentials = JSON.stringify({ playerId, worldId: script.pick(WORLDS), mode });
      const protocolVersion = stage.production.PROTOCOL_VERSION;
      const message = { kind: 'login', protocolVersion, credentials } as const;
      stage.deliver(stage.production.encodeClientMessage(message));
    },
  ],
  [
    'input',
    (stage) => {
      const { script } = stage;
      const directionX = (script.byte() - 128) / 64;
      const tick = script.below(64);
      const message = { kind: 'move-input', tick, directionX, directionY: 0, yaw: 0 } as const;
      stage.deliver(stage.production.encodeClientMessage(message));
    },
  ],
  [
    'heartbeat',
    (stage) => {
      const connection = stage.connection();
      if (connection === undefined) return;
      const message = {
        kind: 'heartbeat-answer',
        nonce: connection.lastNonce,
        serverTick: 1,
        reliableReceived: countOf(stage, connection.received),
      } as const;
      const bytes = stage.production.encodeClientMessage(message);
      stage.scene.deliver(connection, 'reliable', bytes);
    },
  ],
  [
    'resume',
    (stage) => {
      const { script, scene, production } = stage;
      const known = scene.tickets.at(-1 - script.below(4));
      const isGuessed = script.below(8) === 7;
      const message = {
        kind: 'resume',
        protocolVersion: production.PROTOCOL_VERSION,
        sessionId: known?.sessionId ?? ('nobody' as SessionId),
        token: known === undefined || isGuessed ? 'AAECAwQFBgcICQoLDA0ODw' : known.token,
        lastTick: script.pick(TICKS),
        reliableReceived: script.below(3) === 0 ? undefined : countOf(stage, script.byte()),
      } as const;
      stage.deliver(production.encodeClientMessage(message));
    },
  ],
  ['frame', (stage) => stage.deliver(anyFrame(stage))],
  [
    'damaged',
    (stage) => {
      const frame = anyFrame(stage);
      const at = stage.script.byte() % Math.max(1, frame.length);
      frame[at] = (frame[at] ?? 0) ^ stage.script.byte();
      stage.deliver(frame.subarray(0, frame.length - (stage.script.byte() % 4)));
    },
  ],
  ['noise', (stage) => stage.deliver(stage.script.take(stage.script.below(48)))],
  [
    'malformed',
    (stage) => {
      const connection = stage.connection();
      const code = stage.script.below(2) === 0 ? 'text-frame' : 'frame-too-large';
      if (connection !== undefined) stage.scene.deliverMalformed(connection, code);
    },
  ],
  ['advance', (stage) => stage.scene.time.advanceMs(stage.script.pick(ADVANCES_MS))],
  ['tick', (stage) => stage.scene.time.advanceMs(50)],
  ['stall', (stage) => stage.scene.time.stallMs(stage.script.pick(STALLS_MS))],
  [
    'end',
    (stage) => {
      const connection = stage.connection();
      if (connection !== undefined) stage.scene.end(connection);
    },
  ],
  [
    'slow reader',
    (stage) => {
      const connection = stage.connection();
      if (connection !== undefined) connection.bufferedBytes = stage.script.pick(BUFFERED);
    },
  ],
  [
    'evict',
    (stage) => {
      for (const session of stage.scene.host.sessions) {
        if (stage.script.below(3) === 0) stage.scene.host.evict(session, 'evicted by a script');
      }
    },
  ],
  [
    'send',
    (stage) => {
      const name = stage.script.pick(['chat', 'cursor']);
      const payload = 'x'.repeat(stage.script.byte());
      stage.scene.host.send(stage.script.pick(WORLDS), { name, payload });
    },
  ],
  ['answer', (stage) => stage.scene.heldLogins.shift()?.()],
];

/** Mostly true; sometimes less, more, or absurd. */
function countOf({ script }: HostStage, received: number): number {
  return script.pick([received, received, 0, Math.max(0, received - 1), received + 1, ABSURD]);
}

function anyFrame({ frames, script }: HostStage): Uint8Array {
  return (frames[script.byte() % frames.length] as Uint8Array).slice();
}

/** `createHost` is another one only to plant a bug in it. */
export function createHostTarget(
  production: Production,
  createHost: CreateHost = (options) => new production.ServerNetworkHost(options),
): FuzzTarget {
  const frames = clientFrames(production)(new FuzzRandom(1));
  return {
    name: 'host',
    isDecoder: false,
    isAsync: true,
    shape: 'script',
    inputBytesMax: 768,
    createSeeds: () => [],
    async execute(input, coverage) {
      const script = new ScriptReader(input);
      const scene = new HostScene(production, createHost);
      const stage = new HostStage({ scene, script, production, frames });
      await scene.host.start();
      for (let step = 0; step < STEPS_MAX && !script.isOver; step += 1) {
        await runOne(stage, coverage);
        scene.assertSound();
      }
      await assertEnds(scene);
    },
    describe: (key) => {
      const name = OPERATIONS[Math.floor(key / 128)]?.[0];
      if (name === undefined) return `a resume is ${RESUME_OUTCOMES[key % 128]}`;
      return `${name}/${key % 16} sessions, ${Math.floor((key % 128) / 16)} worlds`;
    },
  };
}

async function runOne(stage: HostStage, coverage: Coverage): Promise<void> {
  const { scene } = stage;
  const index = stage.script.below(OPERATIONS.length);
  await OPERATIONS[index]?.[1](stage);
  await settle();
  scene.endWhatEnds();
  const { sessions, worldCount } = scene.host;
  for (const outcome of scene.outcomes) {
    coverage.note(OPERATIONS.length * 128 + RESUME_OUTCOMES.indexOf(outcome));
  }
  coverage.note(index * 128 + Math.min(worldCount, 7) * 16 + Math.min(sessions.size, 15));
}

async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round += 1) await Promise.resolve();
}

/** After `stop()` nobody is left, no timer waits, and answers that come late change nothing. */
async function assertEnds(scene: HostScene): Promise<void> {
  const { host, time } = scene;
  await host.stop();
  for (const answer of scene.heldLogins.splice(0)) answer();
  await settle();
  time.advanceMs(10_000);
  scene.assertSound();
  if (host.sessions.size > 0) throw new Error('a session is left after stop()');
  if (host.worldCount > 0) throw new Error('a world is left after stop()');
  if (time.pendingTimers > 0) throw new Error('a timer is left after stop()');
}
