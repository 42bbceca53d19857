/**
 * Whether the process that owns a store still lives. A pid alone would not do: it is used again.
 * Pid, start time and boot id together name one process of one machine; the pid namespace says
 * whether we can see it at all (containers that share a directory can't).
 * In: what an owner wrote of itself. Out: alive, dead, or unknown where the system doesn't say.
 */
import { readFileSync, readlinkSync } from 'node:fs';

/** A process as it describes itself; undefined where the system has no such thing. */
export interface ProcessIdentity {
  readonly pid: number;
  /** In ticks since boot, `/proc/<pid>/stat`, field 22. */
  readonly startTime: string | undefined;
  readonly bootId: string | undefined;
  readonly pidNamespace: string | undefined;
}

export type ProcessState = 'alive' | 'dead' | 'unknown';

export interface ProcessTable {
  readonly ours: ProcessIdentity;
  stateOf(identity: ProcessIdentity): ProcessState;
}

/** The process table of Linux; elsewhere it knows whether a pid is in use, and no more. */
export function createProcessTable(): ProcessTable {
  const ours: ProcessIdentity = {
    pid: process.pid,
    startTime: readStartTime(process.pid),
    bootId: tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: tryRead(() => readlinkSync('/proc/self/ns/pid')),
  };
  return { ours, stateOf: (identity) => judge(identity, ours) };
}

function judge(identity: ProcessIdentity, ours: ProcessIdentity): ProcessState {
  const { pid, startTime, bootId, pidNamespace } = identity;
  if (bootId !== undefined && ours.bootId !== undefined && bootId !== ours.bootId) return 'dead';
  if (pidNamespace !== ours.pidNamespace) return 'unknown';
  if (!isPidInUse(pid)) return 'dead';
  if (startTime === undefined) return pid === ours.pid ? 'alive' : 'unknown';
  return readStartTime(pid) === startTime ? 'alive' : 'dead';
}

function isPidInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Undefined for a process that is gone, or only waits for its parent to notice. */
function readStartTime(pid: number): string | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The second field, the name, may contain anything; the rest begins behind its last bracket.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state] = fields;
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
