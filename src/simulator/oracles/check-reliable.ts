/**
 * Counted messages: each session gets and gives all of them, once and in order, over all of its
 * connections, or is told that something is missing. In: a run. Out: the first finding of each peer
 * and end. Of hostile peers only the server's end is judged.
 */
import type { PeerRun, RunResult } from '../run-result.ts';
import { SERVER_BEGINS, SERVER_DRAINS } from '../run-recorder.ts';
import type { TraceCursor } from '../trace.ts';
import { isTroubled } from './disk-troubles.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { ClientLane } from './reliable/client-lane.ts';
import { ServerLane } from './reliable/server-lane.ts';
import { readSessionMove } from './session-move.ts';

export interface ReliableOptions {
  /** Those of the host that differ from their defaults. */
  readonly limits?: { readonly reliableQueueBytesMax?: number };
}

/** The default of `limits.reliableQueueBytesMax`. */
const QUEUE_BYTES_MAX = 262_144;
/** What a stream holds at most, and not more than half of what a queue takes. */
const HELD_BYTES_MAX = 65_536;

export function checkReliable(run: RunResult, options: ReliableOptions = {}): OracleFinding[] {
  const findings: OracleFinding[] = [];
  const { reliableQueueBytesMax = QUEUE_BYTES_MAX } = options.limits ?? {};
  const retransmitBytesMax = Math.min(HELD_BYTES_MAX, Math.floor(reliableQueueBytesMax / 2));
  const keepsCounts = (from: number, until: number): boolean =>
    run.durability !== undefined &&
    !isTroubled(run.durability, { from, until }) &&
    !run.durability.losses.some((lostAt) => lostAt >= from && lostAt <= until);
  for (const peer of run.peers.values()) {
    const told = new Set<string>();
    const reporter = (end: string) => (problem: string, at: number) => {
      // What follows from it would follow.
      if (told.has(end)) return;
      told.add(end);
      const where = `${peer.name} in '${run.name}' (seed ${run.seed}) at ${at} ms`;
      const text = `${where}: ${end} ${problem}`;
      findings.push({ oracle: 'reliable', peer: peer.name, at, text });
    };
    const server = new ServerLane({
      retransmitBytesMax,
      keepsCounts,
      report: reporter('at the server'),
    });
    const isHonest = peer.role === 'honest';
    const client = isHonest ? new ClientLane(reporter('the client')) : undefined;
    replay(peer, run.endedAt, { server, client });
  }
  return findings;
}

interface Lanes {
  readonly server: ServerLane;
  readonly client: ClientLane | undefined;
}

function replay({ trace }: PeerRun, endedAt: number, lanes: Lanes): void {
  const cursor = trace.cursor();
  while (cursor.next() && cursor.at <= endedAt) show(lanes, cursor);
}

const SERVER_OPENS = /^server opens connection (\d+)$/;
const CLIENT_BEGINS = /^client (\d+) begins connection (\d+)$/;

function show({ server, client }: Lanes, cursor: TraceCursor): void {
  client?.settle(cursor.at);
  switch (cursor.kind) {
    case 'server-sent':
      server.handleSent(cursor);
      client?.handleServerSent(cursor);
      return;
    case 'server-received':
      server.handleReceived(cursor);
      client?.handleArrived(cursor);
      return;
    case 'client-sent':
      client?.handleSent(cursor);
      return;
    case 'client-received':
      client?.handleHeard(cursor);
      return;
    case 'server-move':
      server.handleMove(readSessionMove(cursor.entry()));
      return;
    case 'connection-opened':
      showBeginning({ server, client }, cursor.entry().text ?? '');
      return;
    case 'note':
      if (cursor.entry().text === SERVER_DRAINS) server.handleServerDraining(cursor.at);
      if (cursor.entry().text === SERVER_BEGINS) server.handleServerBegun(cursor.at);
      return;
    case 'client-move':
    case 'connection-closed':
    case 'suspicion':
    case 'verdict':
  }
}

function showBeginning({ server, client }: Lanes, text: string): void {
  const [, opened] = SERVER_OPENS.exec(text) ?? [];
  if (opened !== undefined) server.handleOpened(Number(opened));
  const [, number, begun] = CLIENT_BEGINS.exec(text) ?? [];
  if (begun !== undefined) client?.handleBegun(Number(number), Number(begun));
}
