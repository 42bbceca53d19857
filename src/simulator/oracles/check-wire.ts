/**
 * What is owed on the wire: to each peer its own welcome, heartbeats, acknowledgements and reports,
 * the one snapshot of its world's tick, a roster that is true, and its budget whatever others send.
 * In: a run. Out: a finding for each connection that gets too little, too much or what is somebody
 * else's.
 */
import type { PeerRun, RunResult } from '../run-result.ts';
import { SERVER_BEGINS, SERVER_DRAINS } from '../run-recorder.ts';
import type { TraceCursor } from '../trace.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { modelLimits } from './session-model/model-limits.ts';
import { readSessionMove } from './session-move.ts';
import type { AllowanceLimits } from './wire/allowance.ts';
import type { SharedFrames, SnapshotFrame } from './wire/link-model.ts';
import { PeerWire, type PeerWireOptions } from './wire/peer-wire.ts';
import { WorldLog, type Welcome } from './wire/world-log.ts';

export interface WireOptions {
  /** Those of the host that differ from their defaults. */
  readonly limits?: Partial<AllowanceLimits>;
}

export function checkWire(run: RunResult, { limits = {} }: WireOptions = {}): OracleFinding[] {
  const findings: OracleFinding[] = [];
  const faults = faultsOf(run);
  const common = {
    limits: limitsOf(run, limits),
    heartbeatIntervalMs: run.policy.heartbeatIntervalMs,
    shared: sharedOf(run),
    welcomes: welcomesOf(run),
    asks: asksOf(run),
    sessionIds: new Set<string>(),
  };
  const texts = textsOf(run);
  for (const peer of run.peers.values()) {
    const { name, playerId } = peer;
    const thrown = throwsOf(peer);
    const report = (problem: string, at: number): void => {
      const text = `'${run.name}' (seed ${run.seed}) at ${at} ms: ${problem}`;
      findings.push({ oracle: 'wire', peer: name, at, text });
    };
    replay(peer, run.endedAt, {
      ...common,
      name,
      playerId,
      report,
      isFaultAt: (at) => faults.has(at) || thrown.has(at),
      texts: texts.get(name) ?? [],
    });
  }
  return findings;
}

/** When something failed for everybody, or for all of a world. */
function faultsOf({ errors, tape }: RunResult): Set<number> {
  const faults = new Set(errors.map(({ at }) => at));
  for (const { entries } of tape) {
    for (const { op, at } of entries) if (op === 'fail') faults.add(at);
  }
  return faults;
}

/** When a rule of the game threw at an input of this peer: the verdict says so. */
function throwsOf({ trace }: PeerRun): Set<number> {
  const thrown = new Set<number>();
  for (const { at, text } of trace.entries('verdict')) {
    if (text?.endsWith(' rejected internal-error') === true) thrown.add(at);
  }
  return thrown;
}

/** As docs/SERVER.md has them, but for what is given. */
function limitsOf(
  { tickRateHz, policy }: RunResult,
  given: Partial<AllowanceLimits>,
): AllowanceLimits {
  const { syncBufferedBytesMax = 32_768 } = given;
  const { livenessTimeoutMs } = policy;
  return { ...modelLimits({ tickRateHz, livenessTimeoutMs }, given), syncBufferedBytesMax };
}

function welcomesOf({ tape }: RunResult): Map<string, Welcome[]> {
  const welcomes = new Map<string, Welcome[]>();
  for (const life of tape) {
    for (const [peerId, welcome] of new WorldLog(life, tape.historyBefore(life)).welcomes) {
      welcomes.set(peerId, [...(welcomes.get(peerId) ?? []), welcome]);
    }
  }
  return welcomes;
}

/** L18, 'reject': whom the logins were for that were refused, as they were answered. */
function asksOf({ sessions, policy }: RunResult): Map<string, number[]> {
  const asks = new Map<string, number[]>();
  let proven: string | undefined;
  for (const fact of policy.takeover === 'reject' ? (sessions?.facts ?? []) : []) {
    if (fact.kind === 'login-answered') {
      proven = fact.answer.kind === 'proven' ? fact.answer.playerId : undefined;
    }
    if (fact.kind !== 'heard' || fact.move.cause !== 'already-logged-in') continue;
    if (fact.move.to !== 'login-failed' || proven === undefined) continue;
    asks.set(proven, [...(asks.get(proven) ?? []), fact.at]);
  }
  return asks;
}

function sharedOf({ sessions, durability }: RunResult): SharedFrames {
  const snapshots = new Map<object, Map<string, Uint8Array>>();
  const stalls = new Set<number>();
  for (const fact of sessions?.facts ?? []) {
    if (fact.kind === 'evaluation-ends' && fact.stallMs > 0) stalls.add(fact.at);
  }
  const isSameSnapshot = (world: object, { tick, age, bytes }: SnapshotFrame): boolean => {
    const ofWorld = snapshots.get(world) ?? new Map<string, Uint8Array>();
    if (ofWorld.size === 0) snapshots.set(world, ofWorld);
    const known = ofWorld.get(`${tick} ${age}`);
    if (known === undefined) ofWorld.set(`${tick} ${age}`, bytes);
    return known === undefined || isEqual(known, bytes);
  };
  const areDurable = durability !== undefined;
  const areHeld = durability?.journal === 'ahead';
  return { isSameSnapshot, nonces: new Set(), areHeld, areDurable, stalls };
}

function textsOf({ sessions }: RunResult): Map<string, { at: number; connection: number }[]> {
  const texts = new Map<string, { at: number; connection: number }[]>();
  for (const fact of sessions?.facts ?? []) {
    if (fact.kind !== 'text-received') continue;
    const { peer, at, connection } = fact;
    texts.set(peer, [...(texts.get(peer) ?? []), { at, connection }]);
  }
  return texts;
}

/** Frames in traces begin at multiples of 8 bytes. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  const { length } = one;
  if (length !== other.length) return false;
  const words = length >>> 2;
  const ours = new Uint32Array(one.buffer, one.byteOffset, words);
  const theirs = new Uint32Array(other.buffer, other.byteOffset, words);
  for (let index = 0; index < words; index += 1) if (ours[index] !== theirs[index]) return false;
  for (let index = words * 4; index < length; index += 1) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}

function replay({ trace }: PeerRun, endedAt: number, options: PeerWireOptions): void {
  const wire = new PeerWire(options);
  const cursor = trace.cursor();
  while (cursor.next() && cursor.at <= endedAt) show(wire, cursor);
  wire.finish(endedAt);
}

const OPENING = /^server opens connection (\d+)$/;

function show(wire: PeerWire, cursor: TraceCursor): void {
  switch (cursor.kind) {
    case 'server-sent':
      wire.handleSent(cursor);
      return;
    case 'client-received':
      wire.handleHeard(cursor);
      return;
    case 'server-received':
      wire.handleReceived(cursor);
      return;
    case 'server-move':
      wire.handleMove(readSessionMove(cursor.entry()), cursor.at);
      return;
    case 'verdict':
      wire.handleVerdict(cursor);
      return;
    case 'connection-opened': {
      const [, connection] = OPENING.exec(cursor.entry().text ?? '') ?? [];
      if (connection !== undefined) wire.handleOpened(Number(connection), cursor.at);
      return;
    }
    case 'note':
      if (cursor.entry().text === SERVER_BEGINS) wire.handleServerBegun();
      if (cursor.entry().text === SERVER_DRAINS) wire.handleServerDraining();
      return;
    case 'client-sent':
    case 'client-move':
    case 'connection-closed':
    case 'suspicion':
  }
}
