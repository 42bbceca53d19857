/** The hot messages through generated code, as the cold ones go: what the tuned ones must equal. */
import { createReferenceCodecs } from '../../scripts/fuzz/reference-codecs.ts';
import { createBodyCodec } from '../../src/protocol/body-codec.ts';
import {
  HeartbeatAnswerSchema,
  MoveInputSchema,
  ShootInputSchema,
} from '../../src/protocol/generated/holdfast/v1/client_messages_pb.ts';
import {
  CombatEventSchema,
  HeartbeatSchema,
  InputAckSchema,
  LoginAcceptedSchema,
  RosterSchema,
  VerdictReportSchema,
} from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import { isId } from '../../src/protocol/ids.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';

export const REFERENCE_CODECS = createReferenceCodecs({
  createBodyCodec,
  CombatEventSchema,
  HeartbeatAnswerSchema,
  HeartbeatSchema,
  InputAckSchema,
  LoginAcceptedSchema,
  MoveInputSchema,
  RosterSchema,
  ShootInputSchema,
  VerdictReportSchema,
  isId,
  WIRE_LIMITS,
});
