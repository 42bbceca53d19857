/**
 * What a piece of work costs, the same way for everybody who is compared in one run: processor time
 * of this process, so that others on the machine don't count and the garbage does. In: the work.
 * Out: nanoseconds a call, the median of several rows of calls.
 */
const WARM_UP_ROUNDS = 20_000;
const ROUNDS = 20_000;
const REPEATS = 7;

export function cpuMedianNs(work: () => void): number {
  for (let done = 0; done < WARM_UP_ROUNDS; done += 1) work();
  const all = Array.from({ length: REPEATS }, () => {
    const before = process.cpuUsage();
    for (let done = 0; done < ROUNDS; done += 1) work();
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1_000) / ROUNDS;
  });
  return all.toSorted((one, other) => one - other)[REPEATS >> 1] ?? 0;
}
