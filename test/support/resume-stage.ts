/** A client that is logged in by a server with tokens, and every way to answer its resumes. */
import type { StandardSchemaV1 } from '@standard-schema/spec';

import type { ConnectOptions } from '../../src/client/client-options.ts';
import { defineMessages } from '../../src/protocol/define-messages.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { LoginAccepted, Resume, Resynced } from '../../src/protocol/messages.ts';
import { createClientFixture } from './client-fixture.ts';
import type { FakePeer } from './fake-server.ts';

export const DEATH = {
  kind: 'combat-event',
  tick: 9,
  event: 'death',
  targetId: 'bert' as PlayerId,
  killerId: 'anna' as PlayerId,
} as const;
export const RESYNCED: Resynced = {
  kind: 'resynced',
  fromTick: 500,
  ticksLost: 12,
  eventsMissed: undefined,
  reliableSent: 0,
};

const anything: StandardSchemaV1 = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
};
export const RESUME_MESSAGES = defineMessages({
  chat: { lane: 'reliable', schema: anything },
  typing: { lane: 'sync', schema: anything },
});
type Options = Partial<ConnectOptions<typeof RESUME_MESSAGES>>;

/** Logged in by a server whose tokens count up: `token-1` with the Login. */
export async function createResumeStage(options: Options = {}) {
  const fixture = await createClientFixture();
  const { server, time } = fixture;
  let tokens = 0;
  let epoch = 0;
  const accept = (peer: FakePeer, changes: Partial<LoginAccepted> = {}): void => {
    tokens += 1;
    epoch += 1;
    peer.accept({ epoch, resumeToken: `token-${tokens}`, ...changes });
  };
  server.handleLogin = (peer) => accept(peer);
  const client = await fixture.logIn({ messages: RESUME_MESSAGES, ...options });
  const heard: unknown[] = [];
  client.on('message', ({ payload }) => heard.push(payload));
  client.on('combat', ({ event }) => heard.push(event));
  client.on('resynced', (event) => heard.push(event));
  const resumes: Resume[] = [];
  /** How the server answers the next resumes. */
  const answerResumes = (answer: (peer: FakePeer, resume: Resume) => void): void => {
    server.handleResume = (peer, resume) => {
      resumes.push(resume);
      answer(peer, resume);
    };
  };
  const resumed = (reliableReceived: number | undefined) => (peer: FakePeer) =>
    accept(peer, { isResumed: true, reliableReceived });
  answerResumes(resumed(0));
  /** Loses the connection and lets the client come back. */
  const dropAndReturn = async (): Promise<void> => {
    const before = server.peers.length;
    server.peer.drop();
    while (server.peers.length === before) await time.advanceMs(1);
    await time.advanceMs(0);
  };
  /** The game's messages that the connection has brought to the server. */
  const chatAt = (peer: FakePeer): unknown[] =>
    peer.receivedOf('user-message').map(({ payload }) => JSON.parse(payload) as unknown);
  return {
    ...fixture,
    client,
    heard,
    resumes,
    accept,
    answerResumes,
    resumed,
    dropAndReturn,
    chatAt,
  };
}
