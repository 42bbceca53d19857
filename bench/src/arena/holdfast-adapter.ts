/**
 * Raw clients of Holdfast: Login, an answer to each Heartbeat, inputs that are stamped with a tick
 * ahead of the server's. Snapshots are told by their kind and not decoded.
 */
import {
  decodeServerMessage,
  encodeClientMessage,
  isCountedFrame,
  peekMessageKind,
  PROTOCOL_VERSION,
} from 'holdfast/protocol';

import { machineNow } from '../../../scripts/chaos/machine-clock.ts';
import { clientFrame } from '../wire/client-frame.ts';
import type { Adapter, AdapterLine, FrameMeaning } from './adapter.ts';
import { HEADINGS, headingAt } from './headings.ts';

/** On one machine enough for a tick that is late. */
const LEAD_TICKS = 2;
const TICKS_PER_MS = 20 / 1_000;
const FRAMES_MAX = 64;

interface HoldfastLine extends AdapterLine {
  reliableReceived: number;
  lastTick: number;
  /** The server's tick at an instant, as the newest heartbeat has it. */
  seen: { readonly tick: number; readonly at: number } | undefined;
}

export class HoldfastAdapter implements Adapter<HoldfastLine> {
  /** All that go one way in one tick send the same bytes: frames by tick and heading. */
  readonly #frames = new Map<number, Buffer>();

  pathFor(): Promise<string> {
    return Promise.resolve('/');
  }

  createLine(line: AdapterLine): HoldfastLine {
    return { ...line, reliableReceived: 0, lastTick: 0, seen: undefined };
  }

  handleOpen({ socket, worldId, name }: HoldfastLine): void {
    const credentials = JSON.stringify({ name, worldId });
    const login = { kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials } as const;
    socket.write(clientFrame('binary', encodeClientMessage(login)));
  }

  handleFrame(line: HoldfastLine, payload: Buffer): FrameMeaning {
    if (isCountedFrame(payload)) line.reliableReceived += 1;
    const kind = peekMessageKind(payload);
    // Whatever else a snapshot may be called in a later version of the protocol.
    if (kind?.startsWith('snapshot') === true) return 'state';
    if (kind === 'heartbeat') this.#answer(line, payload);
    if (kind === 'login-accepted') return 'welcome';
    const isRefusal = kind === 'login-rejected' || kind === 'close' || kind === 'verdict-report';
    return isRefusal ? 'refused' : 'other';
  }

  /** The tick behind that of the last input, unless the clocks have parted. */
  inputFrame(line: HoldfastLine, heading: number): Buffer | undefined {
    const { seen } = line;
    if (seen === undefined) return undefined;
    const now = Math.floor(seen.tick + (machineNow() - seen.at) * TICKS_PER_MS);
    const next = line.lastTick + 1;
    const isNear = Math.abs(next - now - LEAD_TICKS) <= 1;
    line.lastTick = isNear ? next : now + LEAD_TICKS;
    return this.#frameFor(line.lastTick, heading);
  }

  #frameFor(tick: number, heading: number): Buffer {
    const key = tick * HEADINGS.length + heading;
    const known = this.#frames.get(key);
    if (known !== undefined) return known;
    const move = { kind: 'move-input', tick, ...headingAt(heading) } as const;
    const frame = clientFrame('binary', encodeClientMessage(move));
    if (this.#frames.size >= FRAMES_MAX) this.#frames.clear();
    this.#frames.set(key, frame);
    return frame;
  }

  #answer(line: HoldfastLine, payload: Buffer): void {
    const message = decodeServerMessage(payload);
    if (message.kind !== 'heartbeat') return;
    const { nonce, serverTick, tickFraction } = message;
    line.seen = { tick: serverTick + tickFraction, at: machineNow() };
    const { reliableReceived } = line;
    const answer = { kind: 'heartbeat-answer', nonce, serverTick, reliableReceived } as const;
    line.socket.write(clientFrame('binary', encodeClientMessage(answer)));
  }
}
