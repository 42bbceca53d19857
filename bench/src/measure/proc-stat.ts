/**
 * What Linux says of its processors and processes. In: the text of /proc/stat, /proc/PID/stat and
 * /proc/PID/status. Out: numbers. Times are seconds; see proc(5).
 */

/** USER_HZ: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface CpuTimes {
  /** In user mode and in the kernel, for processes. */
  readonly busySeconds: number;
  /** Interrupts: the work of whoever sent the packets. */
  readonly interruptSeconds: number;
  /** What the hypervisor gave to others. */
  readonly stealSeconds: number;
}

/** One for each processor, in order. */
export function parseCpuTimes(text: string): CpuTimes[] {
  return text.split('\n').flatMap((line) => {
    const match = /^cpu\d+ (.*)$/.exec(line);
    if (match === null) return [];
    const fields = match[1]!.split(' ').map((field) => Number(field) / TICKS_PER_SECOND);
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
    return [
      {
        busySeconds: user + nice + system,
        interruptSeconds: irq + softirq,
        stealSeconds: steal,
      },
    ];
  });
}

/** User and kernel time of a process with all its threads. */
export function parseProcessSeconds(text: string): number {
  // The name may hold spaces and parentheses: the fields begin behind the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  return (userTicks + systemTicks) / TICKS_PER_SECOND;
}

export function parseResidentBytes(text: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) * 1_024;
}
