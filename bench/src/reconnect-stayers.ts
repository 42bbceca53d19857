/**
 * The process of those who stay while others are dropped. In: one word of JSON, then windows of
 * time. Out: that all are in, then how late each snapshot of a window came. A tick is late by as
 * much as it came later than the most punctual one would have it.
 */
import { machineNow, sleep } from '../../scripts/chaos/machine-clock.ts';
import { RawPlayer } from '../../scripts/chaos/raw-player.ts';
import type { SnapshotArrival } from '../../scripts/chaos/raw-player.ts';
import type { StayersOrder, StayersReport, Window } from './reconnect-orders.ts';

const POLL_MS = 5;
const ENTER_MS_MAX = 10_000;

function latenessOf(
  arrivals: readonly SnapshotArrival[],
  stepMs: number,
  window: Window,
): number[] {
  const offsets = arrivals.map(({ tick, at }) => at - tick * stepMs);
  const best = Math.min(...offsets);
  return arrivals.flatMap(({ at }, index) =>
    at >= window.from && at <= window.to ? [(offsets[index] ?? best) - best] : [],
  );
}

const { url, players, worldPlayers } = JSON.parse(process.argv[2] ?? '') as StayersOrder;
const stayers = Array.from({ length: players }, (_, index) => {
  const player = new RawPlayer(url);
  player.snapshots = [];
  player.login({ name: `world${Math.floor(index / worldPlayers)}/stayer${index}` });
  return player;
});
const deadline = machineNow() + ENTER_MS_MAX;
while (stayers.some(({ firstSnapshotAt }) => firstSnapshotAt === 0) && machineNow() < deadline) {
  await sleep(POLL_MS);
}
process.on('message', (window) => {
  const latenessMs = stayers.flatMap(({ accepted, snapshots = [] }) =>
    latenessOf(snapshots, 1_000 / (accepted?.tickRateHz ?? 1), window as Window),
  );
  const report: StayersReport = { latenessMs };
  process.send?.(report);
});
process.once('disconnect', () => process.exit(0));
process.send?.(stayers.filter(({ isIn }) => isIn).length);
