/** Runs that nobody ran: traces written by hand, so that an oracle can be shown right and wrong. */
import type { ServerMessage } from '../../src/protocol/messages.ts';
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import type { ClientMessage } from '../../src/protocol/messages.ts';
import { validateSessionPolicy } from '../../src/session/session-policy.ts';
import { EnvironmentTape } from '../../src/simulator/environment-tape.ts';
import { RunGauges } from '../../src/simulator/run-gauges.ts';
import type { PeerRole, RunResult } from '../../src/simulator/run-result.ts';
import { Trace } from '../../src/simulator/trace.ts';
import { ServerFrameEncoder } from '../support/server-frame-encoder.ts';

/** A move in short: `from > to cause`, with the epoch after it. */
export interface ShortMove {
  readonly at: number;
  readonly move: string;
  readonly epoch?: number;
  readonly sessionId?: string;
  readonly connection?: number;
}

export class HandMadeTrace {
  readonly trace: Trace;
  readonly #encoder = new ServerFrameEncoder();

  constructor(name: string) {
    this.trace = new Trace(name, 64);
  }

  serverMove(short: ShortMove): this {
    return this.#move('server-move', { sessionId: 's1', connection: 1, ...short });
  }

  clientMove(short: ShortMove): this {
    return this.#move('client-move', { ...short, sessionId: '', connection: 0, epoch: 0 });
  }

  /** From the server to the peer, sent and received at once. */
  down(at: number, message: ServerMessage): this {
    const frame = { lane: 'reliable', bytes: this.#encoder.encode(message) } as const;
    this.trace.recordFrame(at, 'server-sent', frame);
    this.trace.recordFrame(at, 'client-received', frame);
    return this;
  }

  up(at: number, message: ClientMessage): this {
    const frame = { lane: 'reliable', bytes: encodeClientMessage(message) } as const;
    this.trace.recordFrame(at, 'client-sent', frame);
    this.trace.recordFrame(at, 'server-received', frame);
    return this;
  }

  snapshot(at: number, tick: number, fields: readonly number[] = [0]): this {
    return this.down(at, { kind: 'snapshot', tick, players: [{ entity: 1, fields }] });
  }

  #move(kind: 'server-move' | 'client-move', short: ShortMove): this {
    const { at, move, epoch = 0, sessionId, connection } = short;
    const [from, , to, cause] = move.split(' ');
    const text = JSON.stringify([sessionId, connection, from, to, cause, epoch]);
    this.trace.recordText(at, kind, text);
    return this;
  }
}

/** A session's whole life without trouble, from contact to leaving. */
export function wholeLife(name: string): HandMadeTrace {
  return new HandMadeTrace(name)
    .serverMove({ at: 10, move: 'disconnected > transport-connected transport-activity' })
    .serverMove({ at: 11, move: 'transport-connected > login-pending login-started' })
    .serverMove({ at: 12, move: 'login-pending > logged-in login-succeeded', epoch: 1 })
    .clientMove({ at: 13, move: 'login-pending > logged-in login-succeeded' })
    .snapshot(50, 1)
    .snapshot(100, 2)
    .clientMove({ at: 120, move: 'logged-in > disconnected left' })
    .serverMove({ at: 121, move: 'logged-in > disconnected left', epoch: 1 });
}

export interface HandMadeRunOptions extends Partial<Omit<RunResult, 'peers'>> {
  readonly role?: PeerRole;
}

export function handMadeRun(
  traces: readonly HandMadeTrace[],
  { role = 'honest', ...given }: HandMadeRunOptions = {},
): RunResult {
  const peers = traces.map(({ trace }) => {
    const name = trace.peerName;
    return [name, { name, role, playerId: name, trace }] as const;
  });
  return {
    seed: 1,
    name: 'by hand',
    tickRateHz: 20,
    policy: validateSessionPolicy({}),
    startedAt: 0,
    endedAt: 1_000,
    healedAt: undefined,
    tape: new EnvironmentTape(),
    gauges: new RunGauges(),
    errors: [],
    ...given,
    peers: new Map(peers),
  };
}
