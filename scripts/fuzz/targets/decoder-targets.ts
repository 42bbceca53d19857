/** Every decoder of the wire, and every tuned codec beside its generated one, as targets. */
import type { BodyCodec } from '../../../src/protocol/body-codec.ts';
import type { MessageKind } from '../../../src/protocol/message-kinds.ts';
import type { ClientMessage, PlainServerMessage } from '../../../src/protocol/messages.ts';
import type { FuzzRandom } from '../fuzz-random.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { createReferenceCodecs } from '../reference-codecs.ts';
import { sampleClientMessages, sampleServerMessages } from '../sample-messages.ts';
import { createDecoderTarget } from './decoder-target.ts';
import { createDifferentialTarget } from './differential-target.ts';
import { createSnapshotTarget } from './snapshot-target.ts';

/** Draws of each kind that the mutations begin with. */
const ROUNDS = 24;
/** Somewhat over the limit, so that one too many is tried too. */
const OVER = 64;
/** Frames of servers are tried up to this size: longer ones only repeat. */
const SERVER_FRAME_BYTES = 8_192;

type AnyCodec = BodyCodec<ClientMessage | PlainServerMessage>;

interface TunedPair {
  readonly kind: MessageKind;
  readonly hot: AnyCodec;
  readonly reference: AnyCodec;
}

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
      encode: (message) => production.encodeServerMessage(message as PlainServerMessage),
      createSeeds: serverFrames(production),
    }),
    createSnapshotTarget(production),
  ];
}

function pair<Message extends { readonly kind: MessageKind }>(
  kind: Message['kind'],
  hot: BodyCodec<Message>,
  reference: BodyCodec<Message>,
): TunedPair {
  // Each pair is of one kind, which a list of them can't say.
  return {
    kind,
    hot: hot as unknown as AnyCodec,
    reference: reference as unknown as AnyCodec,
  };
}

function codec<Message>(
  encode: BodyCodec<Message>['encode'],
  decode: BodyCodec<Message>['decode'],
): BodyCodec<Message> {
  return { encode, decode };
}

/** The pairs by kind: what is tuned, and what it must equal. */
function tunedPairs(production: Production): readonly TunedPair[] {
  const reference = createReferenceCodecs(production);
  const { encodeMoveInput, decodeMoveInput, encodeShootInput, decodeShootInput } = production;
  const { encodeHeartbeatAnswer, decodeHeartbeatAnswer } = production;
  const { encodeInputAck, decodeInputAck } = production;
  const { encodeHeartbeat, decodeHeartbeat, encodeRoster, decodeRoster } = production;
  const { encodeLoginAccepted, decodeLoginAccepted } = production;
  const { encodeCombatEvent, decodeCombatEvent } = production;
  const { encodeVerdictReport, decodeVerdictReport } = production;
  return [
    pair('move-input', codec(encodeMoveInput, decodeMoveInput), reference.moveInput),
    pair('shoot-input', codec(encodeShootInput, decodeShootInput), reference.shootInput),
    pair(
      'heartbeat-answer',
      codec(encodeHeartbeatAnswer, decodeHeartbeatAnswer),
      reference.heartbeatAnswer,
    ),
    pair('input-ack', codec(encodeInputAck, decodeInputAck), reference.inputAck),
    pair('heartbeat', codec(encodeHeartbeat, decodeHeartbeat), reference.heartbeat),
    pair(
      'login-accepted',
      codec(encodeLoginAccepted, decodeLoginAccepted),
      reference.loginAccepted,
    ),
    pair('roster', codec(encodeRoster, decodeRoster), reference.roster),
    pair('combat-event', codec(encodeCombatEvent, decodeCombatEvent), reference.combatEvent),
    pair(
      'verdict-report',
      codec(encodeVerdictReport, decodeVerdictReport),
      reference.verdictReport,
    ),
  ];
}

export function createDifferentialTargets(production: Production): FuzzTarget[] {
  const { MESSAGE_KIND_BYTES, DECODE_REJECTION_CODES: rejectionCodes } = production;
  const ofClients = clientFrames(production);
  const ofServers = serverFrames(production);
  return tunedPairs(production).map(({ kind, hot, reference }) => {
    const kindByte = MESSAGE_KIND_BYTES[kind];
    const frames = kindByte < MESSAGE_KIND_BYTES['login-accepted'] ? ofClients : ofServers;
    return createDifferentialTarget({
      name: `${kind}-codec`,
      inputBytesMax: 2_048,
      rejectionCodes,
      kindByte,
      hot,
      reference,
      createSeeds: only(frames, kindByte),
    });
  });
}
