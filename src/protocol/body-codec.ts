/**
 * Generated code as a codec: frames to plain values and back. No frame of a game goes this way: it
 * is what every codec of ours is held against (test/fuzz/differential.test.ts), and knows from the
 * schema itself what belongs where. The generated decoder throws; here that becomes a rejection.
 */
import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { MESSAGE_KIND_BYTES, type MessageKind } from './message-kinds.ts';
import { checkBody, createWireGuard, type ListLimits } from './wire-guard.ts';
import { WireReader } from './wire-reader.ts';

export interface BodyTranslation<Desc extends DescMessage, Message> {
  readonly kind: MessageKind;
  readonly schema: Desc;
  /** Needed for each list in the message and in what it contains. */
  readonly listLimits?: ListLimits;
  toWire(message: Message): MessageInitShape<Desc>;
  /** undefined = a value is beyond its bounds, or a word that this version doesn't know. */
  fromWire(body: MessageShape<Desc>): Message | undefined;
}

export interface BodyCodec<Message> {
  /** Fresh bytes. What the decoder would refuse is our own bug: AssertionFailure. */
  encode(message: Message): Uint8Array;
  /** Never throws. The first byte has been looked at already. */
  decode(frame: Uint8Array): Message | DecodeRejection;
}

const READ_OPTIONS = { readUnknownFields: false } as const;

export function createBodyCodec<
  Desc extends DescMessage,
  Message extends { readonly kind: string },
>(translation: BodyTranslation<Desc, Message>): BodyCodec<Message> {
  const { kind, schema } = translation;
  const guard = createWireGuard(schema, translation.listLimits ?? {});
  const beyondBounds = `a value of a ${kind} is beyond its bounds`;

  function decode(frame: Uint8Array): Message | DecodeRejection {
    const failure = checkBody(guard, new WireReader(frame, 1));
    if (failure !== undefined) return decodeRejection(failure);
    const body = tryFromBinary(schema, frame.subarray(1));
    if (body === undefined) return decodeRejection('malformed');
    return translation.fromWire(body) ?? decodeRejection('out-of-range');
  }

  function encode(message: Message): Uint8Array {
    const value = create(schema, translation.toWire(message));
    const body = toBinary(schema, value);
    const frame = new Uint8Array(1 + body.length);
    frame[0] = MESSAGE_KIND_BYTES[kind];
    frame.set(body, 1);
    // What the decoder asks, without making it parse what is at hand.
    const isBounded = checkBody(guard, new WireReader(frame, 1)) === undefined;
    const isMeant = isBounded && translation.fromWire(value) !== undefined;
    assert(isMeant, beyondBounds);
    return frame;
  }

  return { encode, decode };
}

/** After the guard, only invalid UTF-8 is left to be thrown about. */
function tryFromBinary<Desc extends DescMessage>(
  schema: Desc,
  body: Uint8Array,
): MessageShape<Desc> | undefined {
  try {
    return fromBinary(schema, body, READ_OPTIONS);
  } catch {
    return undefined;
  }
}
