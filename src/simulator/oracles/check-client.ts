/**
 * Holds every honest client against a model of it: each move has its cause and its instant, each
 * attempt its time, one connection at a time, nothing after the end. In: a run. Out: a finding for
 * each client that leaves its model, and one when the waits between attempts are not fully random.
 */
import { COMPUTER_FORGETS } from '../run-recorder.ts';
import type { PeerRun, RunResult } from '../run-result.ts';
import type { TraceCursor } from '../trace.ts';
import { ClientModel } from './client-model/client-model.ts';
import { NodeTime } from './client-model/node-time.ts';
import { ServerWords } from './client-model/server-words.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { readSessionMove } from './session-move.ts';

/** How improbable waits have to be before they count as no accident. */
const ACCIDENT_MAX = 1e-9;

export function checkClient(run: RunResult): OracleFinding[] {
  const findings: OracleFinding[] = [];
  const shares: number[] = [];
  for (const peer of run.peers.values()) {
    if (peer.role !== 'honest') continue;
    const model = new ClientModel({
      node: new NodeTime(run.absences?.get(`peer ${peer.name}`)),
      report: (problem, at) => {
        const where = `${peer.name} in '${run.name}' (seed ${run.seed}) at ${at} ms`;
        const text = `${where}: the client ${problem}`;
        findings.push({ oracle: 'client', peer: peer.name, at, text });
      },
      onWaited: (share) => shares.push(share),
    });
    replay(model, peer, run.endedAt);
  }
  const jitter = problemOfJitter(shares);
  if (jitter !== undefined) {
    const text = `'${run.name}' (seed ${run.seed}): ${jitter}`;
    findings.push({ oracle: 'client', peer: undefined, at: undefined, text });
  }
  return findings;
}

function replay(model: ClientModel, { trace }: PeerRun, endedAt: number): void {
  const words = new ServerWords();
  const cursor = trace.cursor();
  while (cursor.next() && cursor.at <= endedAt) show(model, words, cursor);
  model.settle(endedAt);
}

function show(model: ClientModel, words: ServerWords, cursor: TraceCursor): void {
  const { at } = cursor;
  switch (cursor.kind) {
    case 'server-sent':
      words.sent(cursor);
      return;
    case 'client-received': {
      model.settle(at);
      const word = words.received(cursor);
      model.handleHeard(cursor, at);
      if (word !== undefined) model.handleWord(word, at);
      return;
    }
    case 'client-sent':
      model.settle(at);
      model.handleSent(cursor, at);
      return;
    case 'client-move':
      model.settle(at);
      model.handleMove(readSessionMove(cursor.entry()), at);
      return;
    case 'connection-opened':
      showBeginning(model, words, cursor);
      return;
    case 'connection-closed':
      showEnd(model, cursor);
      return;
    case 'note':
      if (cursor.entry().text === COMPUTER_FORGETS) model.handleForgotten();
      return;
    case 'server-received':
    case 'server-move':
    case 'suspicion':
    case 'verdict':
  }
}

const BEGINNING = /^client (\d+) begins connection (\d+)$/;
const END = /^client's end of connection (\d+)( [a-z-]+)??( with (\d+) unread)?$/;

function showBeginning(model: ClientModel, words: ServerWords, cursor: TraceCursor): void {
  const [, client, connection] = BEGINNING.exec(cursor.entry().text ?? '') ?? [];
  if (client === undefined) return;
  model.settle(cursor.at);
  words.begin(Number(connection));
  model.handleBegun(Number(client), Number(connection), cursor.at);
}

function showEnd(model: ClientModel, cursor: TraceCursor): void {
  const [, connection, code, , unread = '0'] = END.exec(cursor.entry().text ?? '') ?? [];
  if (connection === undefined) return;
  const { at } = cursor;
  model.settle(at);
  model.handleEnded({
    connection: Number(connection),
    at,
    code: code?.trim(),
    unread: Number(unread),
  });
}

/** Full jitter: shares of the longest wait are spread evenly from 0 to 1. */
function problemOfJitter(shares: readonly number[]): string | undefined {
  const count = shares.length;
  if (count === 0) return undefined;
  const least = Math.min(...shares);
  const most = Math.max(...shares);
  const mean = shares.reduce((sum, share) => sum + share, 0) / count;
  const isShifted = Math.abs(mean - 0.5) > 6 * Math.sqrt(1 / 12 / count);
  const isTooLong = (1 - least) ** count < ACCIDENT_MAX;
  const isTooShort = most ** count < ACCIDENT_MAX;
  if (!isShifted && !isTooLong && !isTooShort) return undefined;
  return `${count} waits take from ${least} to ${most} of the longest, ${mean} on average`;
}
