/** How the cold messages of clients look on the wire. */
import { assert } from '../base/assert.ts';
import { type BodyCodec, createBodyCodec } from './body-codec.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import {
  HeartbeatAnswerSchema,
  LeaveSchema,
  LoginSchema,
  ShootInputSchema,
} from './generated/holdfast/v1/client_messages_pb.ts';
import { isId, type PlayerId } from './ids.ts';
import { fitsCredentials, isNonce } from './message-bounds.ts';
import type { HeartbeatAnswer, Leave, Login, ShootInput } from './messages.ts';
import { SIXTEENTHS_PER_TICK } from './tick-fraction.ts';
import { PROTOCOL_VERSION } from './version.ts';
import { WireReader } from './wire-reader.ts';

/** Login.protocol_version, for ever. */
const PROTOCOL_VERSION_TAG = 0x08;

const currentLoginBody = createBodyCodec<typeof LoginSchema, Login>({
  kind: 'login',
  schema: LoginSchema,
  toWire: ({ protocolVersion, credentials }) => ({ protocolVersion, credentials }),
  fromWire: ({ protocolVersion, credentials }) =>
    fitsCredentials(credentials) ? { kind: 'login', protocolVersion, credentials } : undefined,
});

/** A Login of another version is only its version: what else it says is not ours to judge. */
export const loginBody: BodyCodec<Login> = {
  encode: (login) => currentLoginBody.encode(login),
  decode(frame) {
    const protocolVersion = readProtocolVersion(frame);
    if (typeof protocolVersion !== 'number') return protocolVersion;
    if (protocolVersion === PROTOCOL_VERSION) return currentLoginBody.decode(frame);
    return { kind: 'login', protocolVersion, credentials: '' };
  },
};

function readProtocolVersion(frame: Uint8Array): number | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let version = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === PROTOCOL_VERSION_TAG) version = reader.uint32();
    else reader.skip(tag, 1);
  }
  return reader.failure === undefined ? version : decodeRejection(reader.failure);
}

export const leaveBody = createBodyCodec<typeof LeaveSchema, Leave>({
  kind: 'leave',
  schema: LeaveSchema,
  toWire: () => ({}),
  fromWire: () => ({ kind: 'leave' }),
});

export const heartbeatAnswerBody = createBodyCodec<typeof HeartbeatAnswerSchema, HeartbeatAnswer>({
  kind: 'heartbeat-answer',
  schema: HeartbeatAnswerSchema,
  toWire: ({ nonce, serverTick }) => ({ nonce, serverTick: BigInt(serverTick) }),
  fromWire: ({ nonce, serverTick }) =>
    isNonce(nonce)
      ? { kind: 'heartbeat-answer', nonce, serverTick: Number(serverTick) }
      : undefined,
});

export const shootInputBody = createBodyCodec<typeof ShootInputSchema, ShootInput>({
  kind: 'shoot-input',
  schema: ShootInputSchema,
  toWire(input) {
    assert(Number.isFinite(input.viewTick), 'a shoot input needs a view tick');
    return {
      tick: BigInt(input.tick),
      ...(input.targetPlayerId === undefined ? {} : { targetPlayerId: input.targetPlayerId }),
      // What is too large for 32 bits becomes infinite, and the authority answers that.
      directionX: Math.fround(input.directionX),
      directionY: Math.fround(input.directionY),
      viewTickSixteenths: BigInt(Math.round(input.viewTick * SIXTEENTHS_PER_TICK)),
    };
  },
  fromWire(body) {
    const { targetPlayerId } = body;
    if (targetPlayerId !== undefined && !isId(targetPlayerId)) return undefined;
    return {
      kind: 'shoot-input',
      tick: Number(body.tick),
      targetPlayerId: targetPlayerId as PlayerId | undefined,
      directionX: body.directionX,
      directionY: body.directionY,
      viewTick: Number(body.viewTickSixteenths) / SIXTEENTHS_PER_TICK,
    };
  },
});
