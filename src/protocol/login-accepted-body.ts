/** How the answer to an accepted login looks on the wire. */
import { createBodyCodec } from './body-codec.ts';
import {
  Interpolation,
  LoginAcceptedSchema,
  type SnapshotField as WireSnapshotField,
} from './generated/holdfast/v1/server_messages_pb.ts';
import { isId, type PlayerId, type SessionId, type WorldId } from './ids.ts';
import type { LoginAccepted, SnapshotField } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const INTERPOLATION_NUMBERS = {
  linear: Interpolation.LINEAR,
  angle: Interpolation.ANGLE,
  step: Interpolation.STEP,
} as const satisfies Record<SnapshotField['interpolation'], number>;

const INTERPOLATION_WORDS: ReadonlyMap<number, SnapshotField['interpolation']> = new Map(
  (Object.keys(INTERPOLATION_NUMBERS) as SnapshotField['interpolation'][]).map((word) => [
    INTERPOLATION_NUMBERS[word],
    word,
  ]),
);

export const loginAcceptedBody = createBodyCodec<typeof LoginAcceptedSchema, LoginAccepted>({
  kind: 'login-accepted',
  schema: LoginAcceptedSchema,
  listLimits: { snapshotFields: WIRE_LIMITS.snapshotFieldsMax },
  toWire: (message) => ({
    protocolVersion: message.protocolVersion,
    sessionId: message.sessionId,
    epoch: BigInt(message.epoch),
    playerId: message.playerId,
    worldId: message.worldId,
    entity: message.entity,
    tickRateHz: message.tickRateHz,
    inputAheadTicksMax: message.inputAheadTicksMax,
    heartbeatIntervalMs: Math.round(message.heartbeatIntervalMs),
    livenessTimeoutMs: Math.round(message.livenessTimeoutMs),
    reconnectWindowMs: Math.round(message.reconnectWindowMs),
    snapshotFields: message.snapshotFields.map(({ name, precision, interpolation }) => ({
      name,
      precision,
      interpolation: INTERPOLATION_NUMBERS[interpolation],
    })),
  }),
  fromWire(body) {
    const { sessionId, playerId, worldId, tickRateHz } = body;
    const snapshotFields = body.snapshotFields.map(readField).filter((f) => f !== undefined);
    if (!isId(sessionId) || !isId(playerId) || !isId(worldId)) return undefined;
    if (!isPositive(tickRateHz) || snapshotFields.length !== body.snapshotFields.length) {
      return undefined;
    }
    return {
      kind: 'login-accepted',
      protocolVersion: body.protocolVersion,
      sessionId: sessionId as SessionId,
      epoch: Number(body.epoch),
      playerId: playerId as PlayerId,
      worldId: worldId as WorldId,
      entity: body.entity,
      tickRateHz,
      inputAheadTicksMax: body.inputAheadTicksMax,
      heartbeatIntervalMs: body.heartbeatIntervalMs,
      livenessTimeoutMs: body.livenessTimeoutMs,
      reconnectWindowMs: body.reconnectWindowMs,
      snapshotFields,
    };
  },
});

function readField(field: WireSnapshotField): SnapshotField | undefined {
  const { name, precision } = field;
  const interpolation = INTERPOLATION_WORDS.get(field.interpolation);
  const isNamed = name.length > 0 && name.length <= WIRE_LIMITS.snapshotFieldNameLengthMax;
  if (interpolation === undefined || !isNamed || !isPositive(precision)) return undefined;
  return { name, precision, interpolation };
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
