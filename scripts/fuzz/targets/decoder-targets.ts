/** Every decoder of the wire, and every tuned codec beside its generated one, as targets. */
import type { ClientMessage, ServerMessage } from '../../../src/protocol/messages.ts';
import type { FuzzRandom } from '../fuzz-random.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { createReferenceCodecs } from '../reference-codecs.ts';
import { sampleClientMessages, sampleServerMessages, sampleSnapshot } from '../sample-messages.ts';
import { createDecoderTarget } from './decoder-target.ts';
import { createDifferentialTarget } from './differential-target.ts';

/** Draws of each kind that the mutations begin with. */
const ROUNDS = 24;
/** Somewhat over the limit, so that one too many is tried too. */
const OVER = 64;
/** Frames of servers are tried up to this size: longer ones only repeat. */
const SERVER_FRAME_BYTES = 8_192;

type Seeds = (random: FuzzRandom) => Uint8Array[];

function repeat(create: Seeds): Seeds {
  return (random) => Array.from({ length: ROUNDS }, () => create(random)).flat();
}

/** The frames of a client, valid ones. */
export function clientFrames(production: Production): Seeds {
  return repeat((random) =>
    sampleClientMessages(random).map((message) => production.encodeClientMessage(message)),
  );
}

function serverFrames(production: Production): Seeds {
  return repeat((random) =>
    sampleServerMessages(random).map((message) => production.encodeServerMessage(message)),
  );
}

function only(seeds: Seeds, kindByte: number): Seeds {
  return (random) => seeds(random).filter((frame) => frame[0] === kindByte);
}

export function createDecoderTargets(production: Production): FuzzTarget[] {
  const { WIRE_LIMITS, DECODE_REJECTION_CODES: rejectionCodes } = production;
  return [
    createDecoderTarget({
      name: 'client-message',
      inputBytesMax: WIRE_LIMITS.clientFrameBytesMax + OVER,
      rejectionCodes,
      decode: production.decodeClientMessage,
      encode: (message) => production.encodeClientMessage(message as ClientMessage),
      createSeeds: clientFrames(production),
    }),
    createDecoderTarget({
      name: 'server-message',
      inputBytesMax: SERVER_FRAME_BYTES,
      rejectionCodes,
      decode: production.decodeServerMessage,
      encode: (message) => production.encodeServerMessage(message as ServerMessage),
      createSeeds: serverFrames(production),
    }),
  ];
}

export function createDifferentialTargets(production: Production): FuzzTarget[] {
  const { MESSAGE_KIND_BYTES, DECODE_REJECTION_CODES: rejectionCodes } = production;
  const reference = createReferenceCodecs(production);
  const inputBytesMax = 2_048;
  const shared = { inputBytesMax, rejectionCodes };
  return [
    createDifferentialTarget({
      ...shared,
      name: 'move-input-codec',
      kindByte: MESSAGE_KIND_BYTES['move-input'],
      hot: { encode: production.encodeMoveInput, decode: production.decodeMoveInput },
      reference: reference.moveInput,
      createSeeds: only(clientFrames(production), MESSAGE_KIND_BYTES['move-input']),
    }),
    createDifferentialTarget({
      ...shared,
      name: 'input-ack-codec',
      kindByte: MESSAGE_KIND_BYTES['input-ack'],
      hot: { encode: production.encodeInputAck, decode: production.decodeInputAck },
      reference: reference.inputAck,
      createSeeds: only(serverFrames(production), MESSAGE_KIND_BYTES['input-ack']),
    }),
    createDifferentialTarget({
      ...shared,
      name: 'snapshot-codec',
      kindByte: MESSAGE_KIND_BYTES.snapshot,
      hot: { encode: production.encodeServerMessage, decode: production.decodeSnapshot },
      reference: reference.snapshot,
      createSeeds: repeat((random) => [production.encodeServerMessage(sampleSnapshot(random))]),
    }),
  ];
}
