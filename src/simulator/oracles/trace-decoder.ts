/**
 * What the server's frames in one trace say: a snapshot may be the difference from an earlier one
 * of its connection. In: frames as the server sent them, all that are snapshots or answers to a
 * login. Out: messages.
 */
import type { DecodeRejection } from '../../protocol/decode-rejection.ts';
import type { ServerMessage } from '../../protocol/messages.ts';
import { ServerFrameDecoder } from '../../protocol/server-frame-decoder.ts';

export class TraceDecoder {
  readonly #decoders = new Map<number, ServerFrameDecoder>();

  decode(connection: number, bytes: Uint8Array): ServerMessage | DecodeRejection {
    let decoder = this.#decoders.get(connection);
    if (decoder === undefined) this.#decoders.set(connection, (decoder = new ServerFrameDecoder()));
    return decoder.decode(bytes);
  }
}
