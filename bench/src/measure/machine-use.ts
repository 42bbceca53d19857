/**
 * What a window cost and who else was there. In: the processes of the bench. Out: seconds of CPU of
 * each, foreign CPU and steal. Reads /proc; only Linux has it.
 */
import { readFileSync } from 'node:fs';

import { machineNow } from '../../../scripts/chaos/machine-clock.ts';
import { parseCpuTimes, parseProcessSeconds, parseResidentBytes } from './proc-stat.ts';

interface Reading {
  readonly at: number;
  readonly busySeconds: number;
  readonly stealSeconds: number;
  readonly processSeconds: ReadonlyMap<number, number>;
}

export interface MachineUse {
  readonly seconds: number;
  readonly processSeconds: ReadonlyMap<number, number>;
  readonly foreignCores: number;
  readonly stealCores: number;
}

/** Opened at the begin of a window; `close` says what was used in it. */
export class MachineUseMeter {
  readonly #pids: readonly number[];
  readonly #begin: Reading;

  /** `pids`: those of the bench besides this process itself. */
  constructor(pids: readonly number[]) {
    this.#pids = [...pids, process.pid];
    this.#begin = this.#read();
  }

  close(): MachineUse {
    const begin = this.#begin;
    const end = this.#read();
    const seconds = (end.at - begin.at) / 1_000;
    const processSeconds = new Map<number, number>();
    let ours = 0;
    for (const [pid, total] of end.processSeconds) {
      const used = total - (begin.processSeconds.get(pid) ?? 0);
      processSeconds.set(pid, used);
      ours += used;
    }
    return {
      seconds,
      processSeconds,
      foreignCores: Math.max(0, end.busySeconds - begin.busySeconds - ours) / seconds,
      stealCores: (end.stealSeconds - begin.stealSeconds) / seconds,
    };
  }

  #read(): Reading {
    const cpus = parseCpuTimes(readFileSync('/proc/stat', 'utf8'));
    const processSeconds = new Map(
      this.#pids.map((pid) => [
        pid,
        parseProcessSeconds(readFileSync(`/proc/${pid}/stat`, 'utf8')),
      ]),
    );
    return {
      at: machineNow(),
      busySeconds: cpus.reduce((sum, cpu) => sum + cpu.busySeconds, 0),
      stealSeconds: cpus.reduce((sum, cpu) => sum + cpu.stealSeconds, 0),
      processSeconds,
    };
  }
}

export function residentBytes(pid: number): number {
  return parseResidentBytes(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
