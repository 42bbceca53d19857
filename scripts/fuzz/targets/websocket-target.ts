/**
 * The stream of a WebSocket into the production connection and `ws` behind it, on a socket without
 * a network: frames, fragments, control frames, lies about lengths, in chunks of any size. The
 * input is one byte that says how it is cut, then the stream. Events come in order, nothing comes
 * after an end, no message is over the limit, and what is written are whole frames.
 */
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { PeerId } from '../../../src/protocol/ids.ts';
import type {
  OutboundPayload,
  TransportConnection,
  TransportHandler,
} from '../../../src/transport/transport.ts';
import type { Coverage } from '../coverage.ts';
import type { FuzzRandom } from '../fuzz-random.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Production } from '../production.ts';
import { StubSocket } from '../stub-socket.ts';

const LIMITS = {
  messageBytesMax: 512,
  messageFragmentsMax: 4,
  bufferedChunksMax: 32,
  controlFramesPerSecond: 1,
};
const HEADERS = {
  upgrade: 'websocket',
  connection: 'upgrade',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};
const SEEDS = 48;
const EVENTS = ['open', 'bytes', 'text-frame', 'frame-too-large', 'closed', 'violation', 'flood'];

/** What the connection tells its host, and whether it may. */
class EventLog implements TransportHandler {
  readonly #coverage: Coverage;
  #problem: string | undefined;
  #last = 0;
  #isOpen = false;
  isClosed = false;
  messages = 0;

  constructor(coverage: Coverage) {
    this.#coverage = coverage;
  }

  admitConnection(): undefined {
    return undefined;
  }

  handleOpen(): void {
    this.note('open');
    if (this.#isOpen) this.#report('a connection opens twice');
    this.#isOpen = true;
  }

  handleBytes(connection: TransportConnection, lane: string, bytes: Uint8Array): void {
    this.note('bytes');
    this.#mayDeliver();
    this.messages += 1;
    if (lane !== 'reliable') this.#report('a message on another lane');
    if (bytes.length > LIMITS.messageBytesMax) this.#report('a message over the limit');
    const first = bytes[0] ?? 0;
    if (first < 200) connection.write(payloads(first));
    else if (first === 255) connection.drop();
    else if (first > 248) connection.close('protocol-error');
    if (first > 248) this.#isOpen = false;
  }

  handleMalformed(_: TransportConnection, code: 'text-frame' | 'frame-too-large'): void {
    this.note(code);
    this.#mayDeliver();
  }

  handleClosed(): void {
    this.note('closed');
    if (this.isClosed) this.#report('a connection closes twice');
    this.isClosed = true;
    this.#isOpen = false;
  }

  note(event: string): void {
    const index = EVENTS.indexOf(event);
    this.#coverage.note(this.#last * 8 + index);
    this.#last = index;
  }

  assertSound(): void {
    if (this.#problem !== undefined) throw new Error(this.#problem);
  }

  #mayDeliver(): void {
    if (!this.#isOpen || this.isClosed) this.#report('something is delivered after the end');
  }

  #report(problem: string): void {
    this.#problem ??= problem;
  }
}

/** One or two frames in a write, small and of the middle length. */
function payloads(size: number): OutboundPayload[] {
  const one = { lane: 'reliable', bytes: new Uint8Array(size * 3) } as const;
  return size % 2 === 0 ? [{ ...one }] : [{ ...one }, { lane: 'sync', bytes: new Uint8Array(2) }];
}

export function createWebSocketTarget(production: Production): FuzzTarget {
  const { createUpgrader, validateWebSocketLimits, WebSocketConnection } = production;
  const limits = validateWebSocketLimits(LIMITS);
  const upgrader = createUpgrader(limits);

  function open(socket: StubSocket, log: EventLog): void {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    Object.assign(request.headers, HEADERS);
    upgrader.handleUpgrade(request, socket, Buffer.alloc(0), (webSocket) => {
      const connection = new WebSocketConnection({
        peerId: 'peer-1' as PeerId,
        address: '127.0.0.1',
        origin: undefined,
        webSocket,
        socket,
        handler: log,
        controlFramesPerSecond: limits.controlFramesPerSecond,
        onControlFlood: () => log.note('flood'),
        onProtocolViolation: () => log.note('violation'),
        onClosed: () => undefined,
      });
      connection.open();
    });
  }

  return {
    name: 'websocket',
    isDecoder: false,
    isAsync: true,
    shape: 'script',
    inputBytesMax: 2_048,
    createSeeds: (random) => Array.from({ length: SEEDS }, () => sampleStream(random)),
    async execute(input, coverage) {
      const socket = new StubSocket();
      const log = new EventLog(coverage);
      open(socket, log);
      const size = (input[0] ?? 0) === 0 ? input.length : (input[0] as number);
      for (let at = 1; at < input.length && !socket.destroyed; at += size) {
        socket.push(Buffer.from(input.subarray(at, at + size)));
      }
      await turn();
      socket.assertWholeFrames();
      socket.destroy();
      await turn();
      await turn();
      log.assertSound();
      if (!log.isClosed) throw new Error('a destroyed connection is not closed');
    },
    describe: (key) => `${EVENTS[Math.floor(key / 8)]} then ${EVENTS[key % 8]}`,
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A few frames of a client, masked as they have to be; some fragmented, some control frames. */
function sampleStream(random: FuzzRandom): Uint8Array {
  const parts: number[] = [random.oneIn(2) ? 0 : random.below(40)];
  const count = 1 + random.below(6);
  for (let index = 0; index < count; index += 1) {
    const opcode = random.pick([2, 2, 2, 2, 1, 0, 8, 9, 10]);
    const isFinal = opcode >= 8 || !random.oneIn(4);
    const size = random.oneIn(6) ? random.below(600) : random.below(20);
    parts.push((isFinal ? 0x80 : 0) | opcode);
    if (size < 126) parts.push(0x80 | size);
    else parts.push(0xfe, size >> 8, size & 0xff);
    const mask = random.bytes(4);
    parts.push(...mask);
    for (let at = 0; at < size; at += 1) parts.push(random.byte() ^ (mask[at & 3] as number));
  }
  return Uint8Array.from(parts.slice(0, 2_048));
}
