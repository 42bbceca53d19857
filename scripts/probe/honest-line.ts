/**
 * An honest player on a bad line: 100 ± 30 ms and 5 % loss each way, over a real WebSocket, with
 * the shipped client. In: a server. Out: how many inputs it has sent, and how many never ran.
 */
import type { ServerRuntime } from 'holdfast';
import { conditionedTransport, connect, webSocketTransport } from 'holdfast/client';
import type { PlayerId } from 'holdfast/client';

import { headingAt } from './tricks.ts';

/** From 70 to 130 ms, evenly drawn. */
const CONDITIONS = { delayMs: 70, jitterMs: 60, lossRate: 0.05 };
/** The first seconds are the clock's. */
const WARM_UP_MS = 4_000;
/** Until what is under way has arrived and run. */
const DRAIN_MS = 1_000;
const NAME = 'honest on a bad line' as PlayerId;

export interface LineReport {
  readonly sent: number;
  readonly lost: number;
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}

/** For so long, after a warm-up. */
export async function playHonestly(
  runtime: ServerRuntime,
  durationMs: number,
): Promise<LineReport> {
  const transport = conditionedTransport(webSocketTransport(), {
    up: CONDITIONS,
    down: CONDITIONS,
  });
  const client = await connect({ url: runtime.address, credentials: { name: NAME }, transport });
  const { sessions } = runtime.host;
  const accepted = (): number => {
    const session = sessions.getByPlayer(NAME);
    return (session && runtime.host.inspect(session)?.verdicts.counts.accepted) ?? 0;
  };
  let sent = 0;
  let isPlaying = true;
  client.on('input-tick', ({ tick }) => {
    if (isPlaying && client.sendMove(headingAt(tick)) !== undefined) sent += 1;
  });
  const drain = async (): Promise<void> => {
    isPlaying = false;
    await sleep(DRAIN_MS);
  };
  await sleep(WARM_UP_MS);
  await drain();
  const before = { sent, accepted: accepted() };
  isPlaying = true;
  await sleep(durationMs);
  await drain();
  const report = {
    sent: sent - before.sent,
    lost: sent - before.sent - (accepted() - before.accepted),
  };
  await client.leave();
  return report;
}
