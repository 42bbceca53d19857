/**
 * What the frames of one connection say, in the order of their coming: snapshots need what came
 * before them. In: frames of a server. Out: messages, or why a frame is none. Of each connection
 * its own; a new LoginAccepted begins anew. Never throws.
 */
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { peekMessageKind } from './message-kinds.ts';
import type { ServerMessage } from './messages.ts';
import { decodeServerMessage } from './server-codec.ts';
import { SnapshotDecoder, type SnapshotDecoderOptions } from './snapshot-decoder.ts';

export class ServerFrameDecoder {
  readonly #options: SnapshotDecoderOptions;
  /** Undefined until the fields are known. */
  #snapshots: SnapshotDecoder | undefined;

  constructor(options: SnapshotDecoderOptions = {}) {
    this.#options = options;
  }

  /** A LoginAccepted has come. */
  get knowsFields(): boolean {
    return this.#snapshots !== undefined;
  }

  /** Keeps no view of `frame`. */
  decode(frame: Uint8Array): ServerMessage | DecodeRejection {
    if (peekMessageKind(frame) === 'snapshot') {
      return this.#snapshots?.decode(frame) ?? decodeRejection('unknown-baseline');
    }
    const message = decodeServerMessage(frame);
    if (message.kind === 'login-accepted') {
      this.#snapshots = new SnapshotDecoder(message.snapshotFields, this.#options);
    }
    return message;
  }
}
