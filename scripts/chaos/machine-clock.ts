/** One monotonic clock for all processes of a machine: their instants can be compared. */

/** Milliseconds since some instant in the past, the same one for all. */
export function machineNow(): number {
  return Number(process.hrtime.bigint()) / 1_000_000;
}

export function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, durationMs);
  });
}
