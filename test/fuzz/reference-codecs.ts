/** The hot messages through generated code, as the cold ones go: what the tuned ones must equal. */
import { createReferenceCodecs } from '../../scripts/fuzz/reference-codecs.ts';
import { createBodyCodec } from '../../src/protocol/body-codec.ts';
import { MoveInputSchema } from '../../src/protocol/generated/holdfast/v1/client_messages_pb.ts';
import {
  InputAckSchema,
  SnapshotSchema,
} from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';

const codecs = createReferenceCodecs({
  createBodyCodec,
  MoveInputSchema,
  InputAckSchema,
  SnapshotSchema,
  WIRE_LIMITS,
});

export const moveInputReference = codecs.moveInput;
export const inputAckReference = codecs.inputAck;
export const snapshotReference = codecs.snapshot;
