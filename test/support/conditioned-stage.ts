/**
 * A memory network with conditions on one end or both, on virtual time, and one open connection.
 * In: options for each end. Out: both sides, as the recorders of the transport contract hear them.
 */
import { ConditionedClientTransport } from '../../src/transport/conditioned-client.ts';
import type { ConditionedOptions } from '../../src/transport/conditioned-options.ts';
import { ConditionedServer } from '../../src/transport/conditioned-server.ts';
import { MESSAGE_KIND_BYTES } from '../../src/protocol/message-kinds.ts';
import type { TransportConnection } from '../../src/transport/transport.ts';
import { createMemoryNetwork } from '../../src/transport/memory-network.ts';
import { RecordingClient, RecordingHost } from '../contract/transport-harness.ts';
import { SeededRandom } from './seeded-random.ts';
import { VirtualTime } from './virtual-time.ts';

export interface ConditionedStageOptions {
  readonly client?: ConditionedOptions;
  readonly server?: ConditionedOptions;
  readonly seed?: number;
  /** Default: enough for every opening. */
  readonly openMs?: number;
}

export async function openConditioned({
  client: clientOptions = {},
  server: serverOptions = {},
  seed = 1,
  openMs = 15_000,
}: ConditionedStageOptions) {
  const time = new VirtualTime();
  const random = new SeededRandom(seed);
  const platform = { clock: time, scheduler: time, random };
  const network = createMemoryNetwork({ scheduler: time, random });
  const host = new RecordingHost();
  const server = new ConditionedServer(network.server, serverOptions, platform);
  const url = await server.start(host);
  const transport = new ConditionedClientTransport(network.client, clientOptions, platform);
  const connect = async () => {
    const client = new RecordingClient();
    const connection = transport.connect(url, client);
    await time.advanceMs(openMs);
    return { client, connection, peer: host.connections.at(-1) as TransportConnection };
  };
  return { time, host, server, url, transport, connect, ...(await connect()) };
}

/** A frame of the sync lane that goes up, with a number in it. */
export function moveFrame(index: number): Uint8Array {
  return Uint8Array.of(MESSAGE_KIND_BYTES['move-input'], index >> 8, index & 0xff);
}

/** The same for the sync lane that goes down. */
export function snapshotFrame(index: number): Uint8Array {
  return Uint8Array.of(MESSAGE_KIND_BYTES.snapshot, index >> 8, index & 0xff);
}

/** A frame of the reliable lane, up and down. */
export function userFrame(index: number): Uint8Array {
  return Uint8Array.of(MESSAGE_KIND_BYTES['user-message'], index >> 8, index & 0xff);
}

/** The number in a frame, as a recorder wrote it down. */
export function indexOf(text: string): number {
  return (text.charCodeAt(1) << 8) | text.charCodeAt(2);
}

export function isUserFrame(text: string): boolean {
  return text.charCodeAt(0) === MESSAGE_KIND_BYTES['user-message'];
}
