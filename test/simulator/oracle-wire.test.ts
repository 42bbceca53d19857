/** What is owed on the wire: a real run passes, and each kind of wrong that is done to it shows. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { PlayerId, WorldId } from '../../src/protocol/ids.ts';
import type { PlainServerMessage, ServerMessage } from '../../src/protocol/messages.ts';
import { decodeServerMessage, encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { LinkModel } from '../../src/simulator/oracles/wire/link-model.ts';
import { WorldLog } from '../../src/simulator/oracles/wire/world-log.ts';
import { checkWire } from '../../src/simulator/oracles/check-wire.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { TraceDecoder } from '../../src/simulator/oracles/trace-decoder.ts';
import { Trace, type TraceEntry } from '../../src/simulator/trace.ts';
import { ServerFrameEncoder } from '../support/server-frame-encoder.ts';
import { withTrace as rewriteTrace } from './forged-trace.ts';
import { BAD_LINE, recordRun } from './recorded-run.ts';

type Sent<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;

/** The nth message of a kind, changed, or left out. */
interface Forgery<Kind extends ServerMessage['kind']> {
  readonly kind: Kind;
  readonly nth?: number;
  readonly change?: (message: Sent<Kind>) => ServerMessage;
}

/** The run in which ada's trace is another. */
function withTrace(run: RunResult, rewrite: (entry: TraceEntry, target: Trace) => void): RunResult {
  const ada = run.peers.get('ada')!;
  const trace = new Trace('ada');
  for (const entry of ada.trace.entries()) rewrite(entry, trace);
  return { ...run, peers: new Map([...run.peers, ['ada', { ...ada, trace }]]) };
}

function forge<Kind extends ServerMessage['kind']>(
  run: RunResult,
  { kind, nth = 3, change }: Forgery<Kind>,
): RunResult {
  let count = 0;
  const decoder = new TraceDecoder();
  const encoder = new ServerFrameEncoder();
  return withTrace(run, (entry, target) => {
    const isSent = entry.kind === 'server-sent';
    const message = isSent ? decoder.decode(entry.connection, entry.bytes) : { kind: undefined };
    if (message.kind === 'login-accepted') encoder.encode(message);
    count += message.kind === kind ? 1 : 0;
    if (message.kind !== kind || count !== nth) {
      target.append(entry);
    } else if (change !== undefined) {
      const { at, lane = 'reliable', connection } = entry;
      const bytes = encoder.encode(change(message as Sent<Kind>));
      target.recordFrame(at, 'server-sent', { lane, connection, bytes });
    }
  });
}

interface Scratch {
  readonly peer: string;
  readonly nth: number;
  /** Which; from the end when it is negative. */
  readonly byte: number;
  /** Default: a bit of it turns. */
  readonly to?: number;
}

/** The run in which one byte of a peer's nth snapshot is another. */
function withSnapshot(run: RunResult, { peer, nth, byte, to }: Scratch): RunResult {
  let count = 0;
  return rewriteTrace(run, peer, (entry, target) => {
    const isSnapshot = entry.kind === 'server-sent' && entry.firstByte === 0x25;
    count += isSnapshot ? 1 : 0;
    if (!isSnapshot || count !== nth) {
      target.append(entry);
      return;
    }
    const bytes = entry.bytes.slice();
    const place = byte < 0 ? bytes.length + byte : byte;
    bytes[place] = to ?? (bytes[place] ?? 0) ^ 1;
    const { at, lane = 'reliable', connection } = entry;
    target.recordFrame(at, 'server-sent', { lane, connection, bytes });
  });
}

/** Right behind the nth entry of a kind comes one more. */
function insert(run: RunResult, kind: TraceEntry['kind'], write: (at: number, t: Trace) => void) {
  let count = 0;
  return withTrace(run, (entry, target) => {
    target.append(entry);
    count += entry.kind === kind ? 1 : 0;
    if (entry.kind === kind && count === 40) write(entry.at, target);
  });
}

function sends(run: RunResult, message: PlainServerMessage): RunResult {
  return insert(run, 'server-sent', (at, target) => {
    target.recordFrame(at, 'server-sent', {
      lane: 'reliable',
      bytes: encodeServerMessage(message),
    });
  });
}

function problemsOf(run: RunResult): string[] {
  return checkWire(run).map(({ text }) => text);
}

describe('what is owed on the wire', () => {
  let run: RunResult;

  beforeAll(async () => {
    run = await recordRun({
      peers: [
        { name: 'ada', hasSyncLane: true },
        { name: 'bo', joinsAtMs: 700 },
        { name: 'cleo', faults: BAD_LINE },
      ],
      prepare: (simulation) => {
        simulation.schedule(3_000, () => simulation.dropConnection('bo'));
        simulation.schedule(5_000, () => simulation.peer('cleo').leave());
      },
    });
  });

  test('a right run passes', () => {
    expect(problemsOf(run)).toEqual([]);
  });

  test.each<[string, (run: RunResult) => RunResult]>([
    ['gets no snapshot of tick', (right) => forge(right, { kind: 'snapshot' })],
    ['another snapshot of tick', (right) => withSnapshot(right, { peer: 'bo', nth: 60, byte: -1 })],
    [
      'whole, and has',
      (right) => forge(right, { kind: 'snapshot', change: (told) => told, nth: 30 }),
    ],
    // From 25 ticks ago: the oldest rung is 20 ticks old.
    ['which is no rung', (right) => withSnapshot(right, { peer: 'bo', nth: 61, byte: 2, to: 50 })],
    [
      'which it was never sent',
      (right) => withSnapshot(right, { peer: 'bo', nth: 1, byte: 2, to: 2 }),
    ],
    [
      'gets the snapshot of tick 1 after',
      (right) => forge(right, { kind: 'snapshot', change: (told) => ({ ...told, tick: 1 }) }),
    ],
    ['0 heartbeats are sent, 1 owed', (right) => forge(right, { kind: 'heartbeat' })],
    [
      '2 heartbeats are sent, 1 owed',
      (right) =>
        sends(right, {
          kind: 'heartbeat',
          nonce: 'feedfeedfeedfeed',
          serverTick: 1,
          tickFraction: 0,
          roundTripTimeMs: 0.001,
          reliableReceived: 0,
        }),
    ],
    [
      'which can be guessed',
      (right) => forge(right, { kind: 'heartbeat', change: (told) => ({ ...told, nonce: '7' }) }),
    ],
    [
      'tells a round trip of 12.5 ms',
      (right) =>
        forge(right, {
          kind: 'heartbeat',
          change: (told) => ({ ...told, roundTripTimeMs: 12.5 }),
        }),
    ],
    [
      'is accepted as bo',
      (right) =>
        forge(right, {
          kind: 'login-accepted',
          nth: 1,
          change: (told) => ({ ...told, playerId: 'bo' as PlayerId }),
        }),
    ],
    ['is not welcomed', (right) => forge(right, { kind: 'login-accepted', nth: 1 })],
    [
      'is told of [9 no] at first',
      (right) =>
        forge(right, {
          kind: 'roster',
          nth: 1,
          change: (told) => ({ ...told, entered: [{ entity: 9, playerId: 'no' as PlayerId }] }),
        }),
    ],
    ['the world [', (right) => forge(right, { kind: 'roster', nth: 3 })],
    ['hears nothing of its input for tick', (right) => forge(right, { kind: 'input-ack' })],
    [
      'hears of its input for tick 1,',
      (right) =>
        forge(right, { kind: 'input-ack', change: (told) => ({ ...told, lastInputTick: 1 }) }),
    ],
    [
      'which nobody owes it',
      (right) =>
        sends(right, {
          kind: 'verdict-report',
          tick: 1,
          entries: [{ input: 'move-input', inputTick: 1, outcome: 'stale', code: undefined }],
          omitted: 0,
        }),
    ],
    [
      'is not told of move-input 1 stale',
      (right) =>
        insert(right, 'verdict', (at, target) => {
          const input = {
            kind: 'move-input',
            tick: 1,
            directionX: 0,
            directionY: 0,
            yaw: 0,
          } as const;
          target.recordFrame(at, 'server-received', { lane: 'reliable', bytes: Uint8Array.of(9) });
          target.recordVerdict(at, input, { verdict: { outcome: 'stale' }, connection: 1 });
        }),
    ],
    [
      'not one of its own',
      (right) =>
        sends(right, {
          kind: 'combat-event',
          tick: 1,
          event: 'shoot-rejected',
          inputTick: 1,
          code: 'cooldown',
        }),
    ],
    [
      'is told that superseded is retryable',
      (right) => sends(right, { kind: 'close', code: 'superseded', retryable: true, message: '' }),
    ],
    [
      'is closed with rate-limited and has given no cause',
      (right) =>
        insert(right, 'verdict', (at, target) => {
          const move = ['other', 1, 'logged-in', 'disconnected', 'rate-limited', 1];
          target.recordText(at, 'server-move', JSON.stringify(move));
        }),
    ],
  ])('a wrong one shows: %s', (problem, wrong) => {
    expect(problemsOf(wrong(run))[0]).toContain(problem);
  });

  test('an input that is dropped shows, and a verdict on none', () => {
    const received = run.peers.get('ada')!.trace.entries('server-received');
    const move = [...received].find(({ firstByte }) => firstByte === 4)!;
    const dropped = insert(run, 'server-received', (at, target) => {
      target.recordFrame(at, 'server-received', { lane: 'reliable', bytes: move.bytes });
    });
    expect(problemsOf(dropped)).toEqual([expect.stringContaining('within its budget, and')]);
    let verdicts = 0;
    const doubled = withTrace(run, (entry, target) => {
      target.append(entry);
      if (entry.kind !== 'verdict') return;
      verdicts += 1;
      target.append(entry);
    });
    expect(problemsOf(doubled)).toEqual([expect.stringContaining('more verdicts')]);
    expect(verdicts).toBeGreaterThan(100);
  });

  test('a shot with another round trip than was measured shows', () => {
    const [life] = run.tape;
    const shots = life!.entries.flatMap((entry) =>
      entry.op === 'receive' && entry.input.kind === 'shoot-input' ? [entry.input] : [],
    );
    const shot = shots.at(-1)! as { roundTripMs: number };
    const { roundTripMs } = shot;
    shot.roundTripMs += 1;
    const problems = problemsOf(run);
    shot.roundTripMs = roundTripMs;
    expect(problems).toEqual([expect.stringContaining('shoots over a round trip of')]);
  });

  test('a nonce and a session id of somebody else show', () => {
    let nonce: string | undefined;
    for (const { bytes } of run.peers.get('bo')!.trace.entries('server-sent')) {
      const message = decodeServerMessage(bytes);
      if (message.kind === 'heartbeat') nonce ??= message.nonce;
    }
    const change = (told: Sent<'heartbeat'>): ServerMessage => ({ ...told, nonce: nonce ?? '' });
    const guessed = problemsOf(forge(run, { kind: 'heartbeat', nth: 2, change }));
    expect(guessed).toEqual([expect.stringContaining('of another')]);
    const { peers } = run;
    const twins = new Map([...peers, ['eve', { ...peers.get('bo')!, name: 'bo' }]]);
    const problems = problemsOf({ ...run, peers: twins });
    expect(problems.join()).toContain('gets the session id');
  });
});

describe('what a peer claims to have, and was never sent', () => {
  /** A connection of a session that was resumed over it, in a world with two players. */
  function link(before: LinkModel | undefined, problems: string[]): LinkModel {
    const known = new Map([
      [1, 'ada'],
      [2, 'bo'],
    ]);
    const world = new WorldLog({
      worldId: 'main' as WorldId,
      openedAt: 0,
      entries: [],
      restoredTick: undefined,
    });
    const seat = { world, at: 0, playerId: 'ada', entity: 1, epoch: 2, firstPass: 0 };
    return new LinkModel({
      peerId: 'ada#1',
      sessionId: 's1',
      welcome: { ...seat, known, lastKnown: known },
      heartbeatIntervalMs: 500,
      behindBytes: 32_768,
      shared: {
        isSameSnapshot: () => true,
        nonces: new Set(),
        areHeld: false,
        areDurable: false,
        stalls: new Set(),
      },
      askedAt: [],
      before,
      report: (problem) => problems.push(problem),
    });
  }

  function greet(model: LinkModel, nonce: string): void {
    const heartbeat = { kind: 'heartbeat', nonce, serverTick: 1, tickFraction: 0 } as const;
    model.handleSent({ ...heartbeat, roundTripTimeMs: 0, reliableReceived: 0 }, 0);
  }

  test('is missing on each later connection as well, and owed on none', () => {
    const problems: string[] = [];
    const first = link(undefined, problems);
    first.handleSkipped();
    greet(first, '00000000000000a1');
    greet(link(first, problems), '00000000000000a2');
    expect(problems).toEqual([]);
  });

  test('is owed again to one who claims nothing', () => {
    const problems: string[] = [];
    const first = link(undefined, problems);
    greet(link(first, problems), '00000000000000a3');
    expect(problems).toEqual([expect.stringContaining('is welcomed knowing no roster')]);
  });
});
