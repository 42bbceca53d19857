/** A run in which one peer's trace is another: what an oracle must object to. */
import type { ClientMessage, ServerMessage } from '../../src/protocol/messages.ts';
import { decodeClientMessage, encodeClientMessage } from '../../src/protocol/client-codec.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { TraceDecoder } from '../../src/simulator/oracles/trace-decoder.ts';
import { Trace, type TraceEntry } from '../../src/simulator/trace.ts';
import { ServerFrameEncoder } from '../support/server-frame-encoder.ts';

type Sent<Kind extends ServerMessage['kind']> = Extract<ServerMessage, { kind: Kind }>;
type Received<Kind extends ClientMessage['kind']> = Extract<ClientMessage, { kind: Kind }>;

/** The nth message of a kind that is like that, changed; undefined = left out. */
export interface ServerForgery<Kind extends ServerMessage['kind']> {
  readonly kind: Kind;
  readonly nth?: number;
  readonly isIt?: (message: Sent<Kind>) => boolean;
  readonly change: (message: Sent<Kind>) => ServerMessage | undefined;
}

export interface ClientForgery<Kind extends ClientMessage['kind']> {
  readonly kind: Kind;
  readonly nth?: number;
  readonly change: (message: Received<Kind>) => ClientMessage;
}

export function withTrace(
  run: RunResult,
  name: string,
  rewrite: (entry: TraceEntry, target: Trace) => void,
): RunResult {
  const peer = run.peers.get(name)!;
  const trace = new Trace(name);
  for (const entry of peer.trace.entries()) rewrite(entry, trace);
  return { ...run, peers: new Map([...run.peers, [name, { ...peer, trace }]]) };
}

export function forgeSent<Kind extends ServerMessage['kind']>(
  run: RunResult,
  name: string,
  { kind, nth = 1, isIt = () => true, change }: ServerForgery<Kind>,
): RunResult {
  let count = 0;
  const decoder = new TraceDecoder();
  const encoder = new ServerFrameEncoder();
  return withTrace(run, name, (entry, target) => {
    const isSent = entry.kind === 'server-sent';
    const message = isSent ? decoder.decode(entry.connection, entry.bytes) : undefined;
    if (message?.kind === 'login-accepted') encoder.encode(message);
    const isOne = message?.kind === kind && isIt(message as Sent<Kind>);
    count += isOne ? 1 : 0;
    if (!isOne || count !== nth) {
      target.append(entry);
      return;
    }
    const forged = change(message as Sent<Kind>);
    if (forged === undefined) return;
    const { at, lane = 'reliable', connection } = entry;
    target.recordFrame(at, 'server-sent', { lane, connection, bytes: encoder.encode(forged) });
  });
}

export function forgeReceived<Kind extends ClientMessage['kind']>(
  run: RunResult,
  name: string,
  { kind, nth = 1, change }: ClientForgery<Kind>,
): RunResult {
  let count = 0;
  return withTrace(run, name, (entry, target) => {
    const isArrival = entry.kind === 'server-received';
    const message = isArrival ? decodeClientMessage(entry.bytes) : undefined;
    count += message?.kind === kind ? 1 : 0;
    if (message?.kind !== kind || count !== nth) {
      target.append(entry);
      return;
    }
    const bytes = encodeClientMessage(change(message as Received<Kind>));
    const { at, lane = 'reliable', connection } = entry;
    target.recordFrame(at, 'server-received', { lane, connection, bytes });
  });
}
