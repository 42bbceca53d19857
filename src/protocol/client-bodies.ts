/** How the cold messages of clients look on the wire. */
import type { BodyCodec } from './body-codec.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isId, type SessionId } from './ids.ts';
import { fitsCredentials, isToken } from './message-bounds.ts';
import type { Leave, Login, Resume, SnapshotAck } from './messages.ts';
import { createPlainCodec } from './plain-codec.ts';
import { PROTOCOL_VERSION } from './version.ts';
import { WireReader } from './wire-reader.ts';

/** Login.protocol_version and Resume.protocol_version, for ever. */
const PROTOCOL_VERSION_TAG = 0x08;

const currentLoginBody = createPlainCodec<Login>({
  kind: 'login',
  fields: { protocolVersion: 'uint32', credentials: 'text' },
  isMeant: ({ credentials }) => fitsCredentials(credentials),
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

const currentResumeBody = createPlainCodec<Resume>({
  kind: 'resume',
  fields: {
    protocolVersion: 'uint32',
    sessionId: 'text',
    token: 'text',
    lastTick: 'count',
    reliableReceived: 'optional-count',
  },
  // Nobody's session is named by nothing: that is a refusal, not an offence.
  isMeant: ({ sessionId, token }) => (sessionId === '' || isId(sessionId)) && isToken(token),
});

/** Of another version, only the version: as with Login. */
export const resumeBody: BodyCodec<Resume> = {
  encode: (resume) => currentResumeBody.encode(resume),
  decode(frame) {
    const protocolVersion = readProtocolVersion(frame);
    if (typeof protocolVersion !== 'number') return protocolVersion;
    if (protocolVersion === PROTOCOL_VERSION) return currentResumeBody.decode(frame);
    const nothing = { sessionId: '' as SessionId, token: '', lastTick: 0 };
    return { kind: 'resume', protocolVersion, ...nothing, reliableReceived: undefined };
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

export const leaveBody = createPlainCodec<Leave>({
  kind: 'leave',
  fields: {},
  isMeant: () => true,
});

export const snapshotAckBody = createPlainCodec<SnapshotAck>({
  kind: 'snapshot-ack',
  fields: { tick: 'count', earlier: 'uint32' },
  isMeant: () => true,
});
