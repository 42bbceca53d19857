/**
 * The part of a trace that is the peer's alone: moves of its sessions, its MoveInputs and their
 * verdicts, its own places as snapshots tell them. In: a trace. Out: a smaller trace. Entities and
 * other players don't appear in it.
 */
import { MESSAGE_KIND_BYTES } from '../../protocol/message-kinds.ts';
import type { ServerMessage, Snapshot } from '../../protocol/messages.ts';
import { Trace, type TraceEntry } from '../trace.ts';
import { TraceDecoder } from './trace-decoder.ts';

type LoginAccepted = Extract<ServerMessage, { readonly kind: 'login-accepted' }>;

/** Of the own row: what no other player has a hand in, but for `isAlive`. */
const OWN_FIELDS = ['x', 'y', 'yaw', 'isSuspended'];
const MOVE = MESSAGE_KIND_BYTES['move-input'];

export function ownLifeOf(trace: Trace): Trace {
  const own = new Trace(trace.peerName, trace.bytesCount >>> 2);
  let accepted: LoginAccepted | undefined;
  const decoder = new TraceDecoder();
  for (const entry of trace.entries('server-received', 'server-sent', 'server-move', 'verdict')) {
    if (entry.kind === 'server-move') own.append(entry);
    else if (entry.kind === 'server-received') appendMove(own, entry);
    else if (entry.kind === 'verdict') appendVerdict(own, entry);
    else accepted = appendPlace(own, entry, { accepted, decoder });
  }
  return own;
}

function appendMove(own: Trace, entry: TraceEntry): void {
  if (entry.firstByte === MOVE) own.append(entry);
}

function appendVerdict(own: Trace, entry: TraceEntry): void {
  if (entry.text?.startsWith('move-input ') === true) own.append(entry);
}

interface PlaceReader {
  readonly accepted: LoginAccepted | undefined;
  readonly decoder: TraceDecoder;
}

/** Answers the newest login: it says which entity is the peer's own. */
function appendPlace(
  own: Trace,
  entry: TraceEntry,
  { accepted, decoder }: PlaceReader,
): LoginAccepted | undefined {
  const { firstByte, bytes, at, connection } = entry;
  const isOfInterest =
    firstByte === MESSAGE_KIND_BYTES.snapshot || firstByte === MESSAGE_KIND_BYTES['login-accepted'];
  if (!isOfInterest) return accepted;
  const message = decoder.decode(connection, bytes);
  if (message.kind === 'login-accepted') return message;
  if (message.kind !== 'snapshot' || accepted === undefined) return accepted;
  const place = placeIn(message, accepted);
  if (place !== undefined) own.recordText(at, 'note', place);
  return accepted;
}

function placeIn(
  { tick, players }: Snapshot,
  { entity, snapshotFields }: LoginAccepted,
): string | undefined {
  const row = players.find((player) => player.entity === entity)?.fields;
  if (row === undefined) return undefined;
  const valueOf = (name: string): number | undefined =>
    row[snapshotFields.findIndex((field) => field.name === name)];
  if (valueOf('isAlive') === 0) return 'dead';
  return [tick, ...OWN_FIELDS.map(valueOf)].join(' ');
}
