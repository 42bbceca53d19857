/**
 * LoginAccepted through generated code. In: production modules. Out: the codec that the tuned one
 * must equal.
 */
import type { BodyCodec } from '../../src/protocol/body-codec.ts';
import type { Interpolation } from '../../src/protocol/generated/holdfast/v1/server_messages_pb.ts';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { LoginAccepted, SnapshotField } from '../../src/protocol/messages.ts';
import type { Production } from './production.ts';

export type LoginAcceptedParts = Pick<
  Production,
  'createBodyCodec' | 'LoginAcceptedSchema' | 'isId' | 'WIRE_LIMITS'
>;

const WORDS = ['linear', 'angle', 'step'] as const;

const TOKEN = /^[A-Za-z0-9_-]{0,64}$/;

function receivedOf({ reliableReceived }: LoginAccepted): { readonly reliableReceived?: bigint } {
  return reliableReceived === undefined ? {} : { reliableReceived: BigInt(reliableReceived) };
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

type Numbers = Pick<
  LoginAccepted,
  | 'protocolVersion'
  | 'entity'
  | 'tickRateHz'
  | 'inputAheadTicksMax'
  | 'inputHoldTicksMax'
  | 'heartbeatIntervalMs'
  | 'livenessTimeoutMs'
  | 'reconnectWindowMs'
>;

/** What is the same on the wire and in memory. */
function numbersOf(values: Numbers): Numbers {
  return {
    protocolVersion: values.protocolVersion,
    entity: values.entity,
    tickRateHz: values.tickRateHz,
    inputAheadTicksMax: values.inputAheadTicksMax,
    inputHoldTicksMax: values.inputHoldTicksMax,
    heartbeatIntervalMs: Math.round(values.heartbeatIntervalMs),
    livenessTimeoutMs: Math.round(values.livenessTimeoutMs),
    reconnectWindowMs: Math.round(values.reconnectWindowMs),
  };
}

export function createLoginAcceptedReference(
  production: LoginAcceptedParts,
): BodyCodec<LoginAccepted> {
  const { createBodyCodec, LoginAcceptedSchema, isId, WIRE_LIMITS } = production;
  const { snapshotFieldsMax, snapshotFieldNameLengthMax } = WIRE_LIMITS;
  return createBodyCodec<typeof LoginAcceptedSchema, LoginAccepted>({
    kind: 'login-accepted',
    schema: LoginAcceptedSchema,
    listLimits: { snapshotFields: snapshotFieldsMax },
    toWire: (message) => ({
      ...numbersOf(message),
      sessionId: message.sessionId,
      playerId: message.playerId,
      worldId: message.worldId,
      epoch: BigInt(message.epoch),
      snapshotFields: message.snapshotFields.map(({ name, precision, interpolation }) => ({
        name,
        precision,
        interpolation: (WORDS.indexOf(interpolation) + 1) as Interpolation,
      })),
      resumeToken: message.resumeToken,
      isResumed: message.isResumed,
      ...receivedOf(message),
    }),
    fromWire(body) {
      const { sessionId, playerId, worldId, epoch, tickRateHz, snapshotFields } = body;
      if (![sessionId, playerId, worldId].every(isId) || !isPositive(tickRateHz)) return undefined;
      if (!TOKEN.test(body.resumeToken)) return undefined;
      const { resumeToken, isResumed, reliableReceived } = body;
      const known: SnapshotField[] = [];
      for (const { name, precision, interpolation: number } of snapshotFields) {
        const interpolation = WORDS[number - 1];
        const isNamed = name !== '' && name.length <= snapshotFieldNameLengthMax;
        if (interpolation === undefined || !isNamed || !isPositive(precision)) return undefined;
        known.push({ name, precision, interpolation });
      }
      return {
        kind: 'login-accepted',
        ...numbersOf(body),
        sessionId: sessionId as SessionId,
        playerId: playerId as PlayerId,
        worldId: worldId as WorldId,
        epoch: Number(epoch),
        snapshotFields: known,
        resumeToken,
        isResumed,
        reliableReceived: reliableReceived === undefined ? undefined : Number(reliableReceived),
      };
    },
  });
}
