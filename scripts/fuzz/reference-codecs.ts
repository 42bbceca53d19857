/**
 * The hot messages through generated code, as the cold ones go: what the tuned codecs must equal.
 * In: production modules, of the source or as built. Out: one codec per hot message.
 */
import type { BodyCodec } from '../../src/protocol/body-codec.ts';
import type { InputAck, MoveInput, Snapshot } from '../../src/protocol/messages.ts';
import type { Production } from './production.ts';

export interface ReferenceCodecs {
  readonly moveInput: BodyCodec<MoveInput>;
  readonly inputAck: BodyCodec<InputAck>;
  readonly snapshot: BodyCodec<Snapshot>;
}

type ReferenceParts = Pick<
  Production,
  'createBodyCodec' | 'MoveInputSchema' | 'InputAckSchema' | 'SnapshotSchema' | 'WIRE_LIMITS'
>;

export function createReferenceCodecs(production: ReferenceParts): ReferenceCodecs {
  const { createBodyCodec, MoveInputSchema, InputAckSchema, SnapshotSchema } = production;
  const { snapshotPlayersMax, snapshotFieldsMax } = production.WIRE_LIMITS;
  return {
    moveInput: createBodyCodec<typeof MoveInputSchema, MoveInput>({
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
    }),
    inputAck: createBodyCodec<typeof InputAckSchema, InputAck>({
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
    }),
    snapshot: createBodyCodec<typeof SnapshotSchema, Snapshot>({
      kind: 'snapshot',
      schema: SnapshotSchema,
      listLimits: { players: snapshotPlayersMax, fields: snapshotFieldsMax },
      toWire: ({ tick, players }) => ({
        tick: BigInt(tick),
        players: players.map(({ entity, fields }) => ({ entity, fields: [...fields] })),
      }),
      fromWire: ({ tick, players }) => ({
        kind: 'snapshot',
        tick: Number(tick),
        players: players.map(({ entity, fields }) => ({ entity, fields })),
      }),
    }),
  };
}
