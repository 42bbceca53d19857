/**
 * An honest player on a bad line: 100 ± 30 ms and 5 % loss each way, over a real WebSocket, with
 * the shipped client. In: a URL, the server's verdicts. Out: how many inputs of a while it has
 * sent, and how many of them never ran. It plays on for a moment afterwards: in no real game is an
 * input the last one.
 */
import { conditionedTransport, connect, webSocketTransport } from 'holdfast/client';

import { headingAt } from './tricks.ts';

/** From 70 to 130 ms, evenly drawn. */
const CONDITIONS = { delayMs: 70, jitterMs: 60, lossRate: 0.05 };
/** The first seconds are the clock's. */
const WARM_UP_MS = 4_000;
/** Until what is under way has arrived and run. */
const DRAIN_MS = 1_000;

export interface LineReport {
  readonly sent: number;
  readonly lost: number;
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

export class HonestLine {
  readonly name: string;
  readonly #sent = new Set<number>();
  readonly #ran = new Set<number>();

  constructor(name: string) {
    this.name = name;
  }

  /** The server has run an input of this player for that tick. */
  handleRun(tick: number): void {
    this.#ran.add(tick);
  }

  /** Plays for so long, after a warm-up. */
  async play(url: string, durationMs: number): Promise<LineReport> {
    const transport = conditionedTransport(webSocketTransport(), {
      up: CONDITIONS,
      down: CONDITIONS,
    });
    const client = await connect({ url, credentials: { name: this.name }, transport });
    let isCounting = false;
    client.on('input-tick', ({ tick }) => {
      const sent = client.sendMove(headingAt(tick));
      if (isCounting && sent !== undefined) this.#sent.add(sent);
    });
    await sleep(WARM_UP_MS);
    isCounting = true;
    await sleep(durationMs);
    isCounting = false;
    await sleep(DRAIN_MS);
    await client.leave();
    const lost = [...this.#sent].filter((tick) => !this.#ran.has(tick));
    return { sent: this.#sent.size, lost: lost.length };
  }
}
