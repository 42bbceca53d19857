/** The hot messages through generated code, as the cold ones go: what the tuned ones must equal. */
import { createBodyCodec } from '../../src/protocol/body-codec.ts';
import { MoveInputSchema } from '../../src/protocol/generated/holdfast/v1/client_messages_pb.ts';
import {
  InputAckSchema,
  SnapshotSchema,
} from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import type { InputAck, MoveInput, Snapshot } from '../../src/protocol/messages.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';

export const moveInputReference = createBodyCodec<typeof MoveInputSchema, MoveInput>({
  kind: 'move-input',
  schema: MoveInputSchema,
  toWire: ({ tick, directionX, directionY, yaw }) => ({
    tick: BigInt(tick),
    directionX,
    directionY,
    yaw,
  }),
  fromWire: ({ tick, directionX, directionY, yaw }) => ({
    kind: 'move-input',
    tick: Number(tick),
    directionX,
    directionY,
    yaw,
  }),
});

export const inputAckReference = createBodyCodec<typeof InputAckSchema, InputAck>({
  kind: 'input-ack',
  schema: InputAckSchema,
  toWire: ({ lastInputTick, marginTicks }) => ({
    lastInputTick: BigInt(lastInputTick),
    marginSixteenths: marginTicks * 16,
  }),
  fromWire: ({ lastInputTick, marginSixteenths }) => ({
    kind: 'input-ack',
    lastInputTick: Number(lastInputTick),
    marginTicks: marginSixteenths / 16,
  }),
});

export const snapshotReference = createBodyCodec<typeof SnapshotSchema, Snapshot>({
  kind: 'snapshot',
  schema: SnapshotSchema,
  listLimits: { players: WIRE_LIMITS.snapshotPlayersMax, fields: WIRE_LIMITS.snapshotFieldsMax },
  toWire: ({ tick, players }) => ({
    tick: BigInt(tick),
    players: players.map(({ entity, fields }) => ({ entity, fields: [...fields] })),
  }),
  fromWire: ({ tick, players }) => ({
    kind: 'snapshot',
    tick: Number(tick),
    players: players.map(({ entity, fields }) => ({ entity, fields })),
  }),
});
