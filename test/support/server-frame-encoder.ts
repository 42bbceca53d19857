/**
 * Frames of a server that says whatever a test wants, snapshots included: each whole, with the
 * fields of the LoginAccepted that was encoded last. In: messages. Out: frames.
 */
import type { ServerMessage, Snapshot, SnapshotField } from '../../src/protocol/messages.ts';
import { encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { SnapshotHistory } from '../../src/protocol/snapshot-history.ts';

export class ServerFrameEncoder {
  #fields: readonly SnapshotField[] = [];

  encode(message: ServerMessage): Uint8Array {
    if (message.kind === 'login-accepted') this.#fields = message.snapshotFields;
    return message.kind === 'snapshot'
      ? encodeWholeSnapshot(message, this.#fields)
      : encodeServerMessage(message);
  }
}

/** Nobody has moved: no other snapshot is known. */
export function encodeWholeSnapshot(
  { tick, players }: Snapshot,
  fields: readonly SnapshotField[],
): Uint8Array {
  const history = new SnapshotHistory(fields);
  const rows = players.map((player) => fields.map((_, index) => player.fields[index] ?? 0));
  history.record(
    tick,
    players.map(({ entity }) => entity),
    rows,
  );
  return history.encode(undefined);
}
