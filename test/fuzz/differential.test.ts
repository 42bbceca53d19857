import assert from 'node:assert';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BodyCodec } from '../../src/protocol/body-codec.ts';
import { loginBody, resumeBody, snapshotAckBody } from '../../src/protocol/client-bodies.ts';
import { decodeCombatEvent, encodeCombatEvent } from '../../src/protocol/combat-event-codec.ts';
import {
  decodeHeartbeatAnswer,
  encodeHeartbeatAnswer,
} from '../../src/protocol/heartbeat-answer-codec.ts';
import { decodeHeartbeat, encodeHeartbeat } from '../../src/protocol/heartbeat-codec.ts';
import { decodeInputAck, encodeInputAck } from '../../src/protocol/input-ack-codec.ts';
import {
  decodeLoginAccepted,
  encodeLoginAccepted,
} from '../../src/protocol/login-accepted-codec.ts';
import { MESSAGE_KIND_BYTES, type MessageKind } from '../../src/protocol/message-kinds.ts';
import { decodeMoveInput, encodeMoveInput } from '../../src/protocol/move-input-codec.ts';
import { decodeRoster, encodeRoster } from '../../src/protocol/roster-codec.ts';
import { decodeShootInput, encodeShootInput } from '../../src/protocol/shoot-input-codec.ts';
import { closeBody, loginRejectedBody, resyncedBody } from '../../src/protocol/server-bodies.ts';
import { userMessageBody } from '../../src/protocol/user-message-body.ts';
import {
  decodeVerdictReport,
  encodeVerdictReport,
} from '../../src/protocol/verdict-report-codec.ts';
import { almostBody, damaged } from './frame-arbitraries.ts';
import { findsFailure, fuzz } from './fuzz-run.ts';
import { CLIENT_MESSAGES, SERVER_MESSAGES } from './message-arbitraries.ts';
import { PLAIN_REFERENCES } from './plain-references.ts';
import { REFERENCE_CODECS } from './reference-codecs.ts';

interface Pair<Message> {
  readonly kind: MessageKind;
  readonly hot: BodyCodec<Message>;
  readonly reference: BodyCodec<Message>;
  readonly messages: fc.Arbitrary<Message>;
}

function holdsEncodersEqual<Message>({ hot, reference, messages }: Pair<Message>): void {
  fuzz(messages, (message) => {
    expect(hot.encode(message)).toEqual(reference.encode(message));
  });
}

function holdsDecodersEqual<Message>({ kind, hot, reference, messages }: Pair<Message>): void {
  const hostile = fc.oneof(
    damaged(messages.map((message) => reference.encode(message))),
    almostBody.map((body) => Uint8Array.of(MESSAGE_KIND_BYTES[kind], ...body)),
  );
  const agree = (frame: Uint8Array): void => {
    assert.deepStrictEqual(hot.decode(frame), reference.decode(frame));
  };
  fuzz(hostile, agree, { share: 3 });
  fuzz(messages, (message) => agree(reference.encode(message)), { share: 0.3 });
}

function describePair<Message>(pair: Pair<Message>): void {
  describe(`the codec of ${pair.kind}`, () => {
    test('writes the bytes of the generated one', () => holdsEncodersEqual(pair));
    test('reads and refuses what the generated one does', () => holdsDecodersEqual(pair));
  });
}

describePair({
  kind: 'move-input',
  hot: { encode: encodeMoveInput, decode: decodeMoveInput },
  reference: REFERENCE_CODECS.moveInput,
  messages: CLIENT_MESSAGES['move-input'],
});
describePair({
  kind: 'input-ack',
  hot: { encode: encodeInputAck, decode: decodeInputAck },
  reference: REFERENCE_CODECS.inputAck,
  messages: SERVER_MESSAGES['input-ack'],
});
describePair({
  kind: 'snapshot-ack',
  hot: snapshotAckBody,
  reference: PLAIN_REFERENCES.snapshotAck,
  messages: CLIENT_MESSAGES['snapshot-ack'],
});
describePair({
  kind: 'shoot-input',
  hot: { encode: encodeShootInput, decode: decodeShootInput },
  reference: REFERENCE_CODECS.shootInput,
  messages: CLIENT_MESSAGES['shoot-input'],
});
describePair({
  kind: 'heartbeat-answer',
  hot: { encode: encodeHeartbeatAnswer, decode: decodeHeartbeatAnswer },
  reference: REFERENCE_CODECS.heartbeatAnswer,
  messages: CLIENT_MESSAGES['heartbeat-answer'],
});
describePair({
  kind: 'heartbeat',
  hot: { encode: encodeHeartbeat, decode: decodeHeartbeat },
  reference: REFERENCE_CODECS.heartbeat,
  messages: SERVER_MESSAGES.heartbeat,
});
describePair({
  kind: 'roster',
  hot: { encode: encodeRoster, decode: decodeRoster },
  reference: REFERENCE_CODECS.roster,
  messages: SERVER_MESSAGES.roster,
});
describePair({
  kind: 'combat-event',
  hot: { encode: encodeCombatEvent, decode: decodeCombatEvent },
  reference: REFERENCE_CODECS.combatEvent,
  messages: SERVER_MESSAGES['combat-event'],
});
describePair({
  kind: 'verdict-report',
  hot: { encode: encodeVerdictReport, decode: decodeVerdictReport },
  reference: REFERENCE_CODECS.verdictReport,
  messages: SERVER_MESSAGES['verdict-report'],
});
describePair({
  kind: 'login-accepted',
  hot: { encode: encodeLoginAccepted, decode: decodeLoginAccepted },
  reference: REFERENCE_CODECS.loginAccepted,
  messages: SERVER_MESSAGES['login-accepted'],
});

describePair({
  kind: 'login-rejected',
  hot: loginRejectedBody,
  reference: PLAIN_REFERENCES.loginRejected,
  messages: SERVER_MESSAGES['login-rejected'],
});
describePair({
  kind: 'close',
  hot: closeBody,
  reference: PLAIN_REFERENCES.close,
  messages: SERVER_MESSAGES.close,
});
describePair({
  kind: 'resynced',
  hot: resyncedBody,
  reference: PLAIN_REFERENCES.resynced,
  messages: SERVER_MESSAGES.resynced,
});
describePair({
  kind: 'user-message',
  hot: userMessageBody,
  reference: PLAIN_REFERENCES.userMessage,
  messages: SERVER_MESSAGES['user-message'],
});

// Of another version they read nothing but the version, so damaged frames have no equal.
test('login and resume are written as the generated code does', () => {
  const { login, resume } = CLIENT_MESSAGES;
  holdsEncodersEqual({
    kind: 'login',
    hot: loginBody,
    reference: PLAIN_REFERENCES.login,
    messages: login,
  });
  holdsEncodersEqual({
    kind: 'resume',
    hot: resumeBody,
    reference: PLAIN_REFERENCES.resume,
    messages: resume,
  });
});

describe('the comparison itself', () => {
  test('finds an encoder that leaves −0 out', () => {
    const planted = CLIENT_MESSAGES['move-input'].map((message) => ({
      message,
      bytes: encodeMoveInput({ ...message, yaw: message.yaw === 0 ? 0 : message.yaw }),
    }));
    expect(
      findsFailure(planted, ({ message, bytes }) => {
        expect(bytes).toEqual(REFERENCE_CODECS.moveInput.encode(message));
      }),
    ).toBe(true);
  });
});
