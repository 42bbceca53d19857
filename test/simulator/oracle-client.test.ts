/** The model of a client: it passes a right life and objects to each kind of wrong one. */
import { describe, expect, test } from 'vitest';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { ClientMessage, PlainServerMessage } from '../../src/protocol/messages.ts';
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import { encodeServerMessage } from '../../src/protocol/server-codec.ts';
import { checkClient } from '../../src/simulator/oracles/check-client.ts';
import type { Absence } from '../../src/simulator/virtual-node.ts';
import { ACCEPTED } from '../support/fake-server.ts';
import { HandMadeTrace, handMadeRun, wholeLife } from './hand-made-run.ts';

const LIVENESS_MS = 2_000;
const WINDOW_MS = 3_000;
const MOVE: ClientMessage = {
  kind: 'move-input',
  tick: 5,
  directionX: 1,
  directionY: 0,
  yaw: 0,
};
const BEAT: PlainServerMessage = {
  kind: 'heartbeat',
  nonce: 'c0ffee',
  serverTick: 1,
  tickFraction: 0,
  roundTripTimeMs: 0,
  reliableReceived: 0,
};
const REFUSED: PlainServerMessage = {
  kind: 'login-rejected',
  code: 'world-full',
  retryable: true,
  retryAfterMs: 1_000,
  message: '',
};
const ANSWER: ClientMessage = {
  kind: 'heartbeat-answer',
  nonce: 'c0ffee',
  serverTick: 1,
  reliableReceived: 0,
};

function accepted(epoch: number): PlainServerMessage {
  return {
    ...ACCEPTED,
    sessionId: 's1' as SessionId,
    epoch,
    playerId: 'ada' as PlayerId,
    worldId: 'main' as WorldId,
    heartbeatIntervalMs: 1_000,
    livenessTimeoutMs: LIVENESS_MS,
    reconnectWindowMs: WINDOW_MS,
    snapshotFields: [],
  };
}

function close(code: string, retryable: boolean): PlainServerMessage {
  return { kind: 'close', code, retryable, message: '' };
}

/** A client's life, written down as it would be recorded. */
class Life extends HandMadeTrace {
  #connection = 1;

  begins(at: number, connection: number, client = 1): this {
    this.#connection = connection;
    const text = `client ${client} begins connection ${connection}`;
    this.trace.recordText(at, 'connection-opened', text);
    return this;
  }

  ends(at: number, rest = ''): this {
    const text = `client's end of connection ${this.#connection}${rest}`;
    this.trace.recordText(at, 'connection-closed', text);
    return this;
  }

  hears(at: number, message: PlainServerMessage, connection = this.#connection): this {
    const frame = { lane: 'reliable', bytes: encodeServerMessage(message), connection } as const;
    this.trace.recordFrame(at, 'server-sent', frame);
    this.trace.recordFrame(at, 'client-received', frame);
    return this;
  }

  sends(at: number, message: ClientMessage): this {
    const frame = { lane: 'reliable', bytes: encodeClientMessage(message) } as const;
    this.trace.recordFrame(at, 'client-sent', { ...frame, connection: this.#connection });
    return this;
  }

  moves(at: number, move: string): this {
    return this.clientMove({ at, move });
  }

  /** Connected and accepted, with a heartbeat heard, at one instant. */
  loggedIn(at: number, { connection = 1, client = 1, epoch = 1 } = {}): this {
    this.begins(at, connection, client).hears(at, accepted(epoch));
    return this.moves(at, 'login-pending > logged-in login-succeeded');
  }

  lost(at: number): this {
    return this.ends(at).moves(at, 'logged-in > reconnecting transport-lost');
  }
}

function life(): Life {
  return new Life('ada').loggedIn(100);
}

function findings(trace: HandMadeTrace, endedAt: number, absences: readonly Absence[] = []) {
  const computers = new Map([['peer ada', absences]]);
  return checkClient(handMadeRun([trace], { endedAt, absences: computers })).map(
    ({ text }) => text,
  );
}

describe('the model of a client', () => {
  test.each([
    ['who is not on record', wholeLife('ada'), 1_000],
    ['who plays', life().hears(200, BEAT).sends(200, ANSWER).sends(210, MOVE), 300],
    ['who leaves', life().moves(200, 'logged-in > disconnected left').ends(900), 5_000],
    [
      'who comes back',
      life()
        .lost(200)
        .begins(250, 2)
        .hears(260, accepted(2))
        .moves(260, 'reconnecting > logged-in login-succeeded'),
      400,
    ],
    [
      'who comes back in vain until the server can hold the seat no longer',
      life()
        .lost(200)
        .begins(250, 2)
        .ends(2_250)
        .begins(2_400, 3)
        .ends(4_400)
        .begins(4_600, 4)
        .ends(5_100)
        .moves(5_100, 'reconnecting > disconnected reconnect-window-expired'),
      9_000,
    ],
    [
      'who times out',
      life()
        .hears(600, BEAT)
        .sends(600, ANSWER)
        .ends(2_600)
        .moves(2_600, 'logged-in > timed-out liveness-timeout')
        .moves(2_600.25, 'timed-out > reconnecting liveness-timeout'),
      2_620,
    ],
    [
      'who is sent away',
      life()
        .hears(300, close('superseded', false))
        .ends(300)
        .moves(300, 'logged-in > disconnected superseded'),
      9_000,
    ],
  ])('passes one %s', (_, trace, endedAt) => {
    expect(findings(trace, endedAt)).toEqual([]);
  });

  test.each([
    ['does not time out', life(), 2_200],
    ['stays logged-in without a connection', life().ends(300), 400],
    [
      'is not at its deadline (2100 ms)',
      life().ends(1_900).moves(1_900, 'logged-in > timed-out liveness-timeout'),
      1_900,
    ],
    [
      'leaves 3 messages unread',
      life().ends(2_100, ' with 3 unread').moves(2_100, 'logged-in > timed-out liveness-timeout'),
      2_100,
    ],
    ['has no cause', life().moves(300, 'logged-in > reconnecting transport-lost').ends(310), 310],
    [
      'is no answer to superseded',
      life()
        .hears(300, close('superseded', true))
        .ends(300)
        .moves(300, 'logged-in > reconnecting superseded'),
      310,
    ],
    ['has the cause slow-consumer', life().hears(300, close('slow-consumer', true)).lost(300), 310],
    [
      'tries again, due from 1360 to 1360 ms',
      life().lost(300).begins(350, 2).hears(360, REFUSED).ends(360).begins(400, 3),
      460,
    ],
    ['does not try again', life().lost(300), 450],
    ['waits for the longest', life().lost(300).begins(400, 2), 410],
    ['while it has another', life().lost(300).begins(350, 2).begins(400, 3), 410],
    ['does not abandon an attempt', life().lost(300).begins(350, 2), 2_400],
    [
      'is not at its deadline (5100 ms)',
      life()
        .lost(300)
        .begins(350, 2)
        .ends(1_000)
        .moves(1_000, 'reconnecting > disconnected reconnect-window-expired'),
      1_010,
    ],
    [
      'takes an answer of an older epoch',
      new Life('ada')
        .loggedIn(100, { epoch: 3 })
        .lost(300)
        .begins(350, 2)
        .hears(360, accepted(2))
        .moves(360, 'reconnecting > logged-in login-succeeded'),
      370,
    ],
    [
      'was not accepted',
      life().lost(300).begins(350, 2).moves(360, 'reconnecting > logged-in login-succeeded'),
      370,
    ],
    [
      'tries again while out',
      life().moves(200, 'logged-in > disconnected left').ends(210).begins(300, 2),
      310,
    ],
    ['tries again while its first login', new Life('ada').begins(100, 1).begins(200, 2), 210],
    ['client 1 is over and connects again', life().begins(300, 2, 2).begins(310, 3, 1), 320],
    ['after its farewell', life().moves(200, 'logged-in > disconnected left'), 1_300],
    ['hears connection 1', life().lost(300).begins(350, 2).hears(360, BEAT, 1), 370],
    ['answers no heartbeat', life().hears(300, BEAT), 400],
    ['answers a heartbeat that it has not heard', life().sends(300, ANSWER), 310],
    ['sends message 0x4 while reconnecting', life().lost(300).sends(310, MOVE), 320],
    ['has heard nothing since', life().sends(700, MOVE), 710],
  ])('objects to one who %s', (problem, trace, endedAt) => {
    expect(findings(trace, endedAt)).toEqual([expect.stringContaining(problem)]);
  });

  test('objects to more moves than there are ticks', () => {
    const busy = life();
    for (let index = 0; index < 40; index += 1) busy.sends(110 + index, MOVE);
    expect(findings(busy, 200)).toEqual([expect.stringContaining('more often')]);
  });

  test('waits for a computer that stands still, and forgets one that dies', () => {
    const paused: Absence = { kind: 'paused', from: 1_000, until: 3_000 };
    const slept = life()
      .ends(3_000)
      .moves(3_000, 'logged-in > timed-out liveness-timeout')
      .moves(3_000.25, 'timed-out > reconnecting liveness-timeout');
    expect(findings(slept, 3_010, [paused])).toEqual([]);
    const stopped: Absence = { kind: 'stopped', from: 1_000, until: 6_000 };
    const reborn = life().loggedIn(6_100, { connection: 2, client: 2 });
    expect(findings(reborn, 6_200, [stopped])).toEqual([]);
  });

  test('objects to waits that are not drawn evenly', () => {
    const late = life();
    let at = 200;
    for (let connection = 2; connection < 40; connection += 1) {
      const share = 0.9;
      late.lost(at).begins(at + 100 * share, connection);
      at += 100 * share;
      late.hears(at, accepted(connection));
      late.moves(at, 'reconnecting > logged-in login-succeeded');
      // Long enough for a series of its own.
      for (let beat = 0; beat < 4; beat += 1) late.hears((at += 1_500), BEAT).sends(at, ANSWER);
    }
    expect(findings(late, at)).toEqual([expect.stringContaining('38 waits')]);
  });
});
