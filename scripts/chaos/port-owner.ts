/**
 * Which process listens on a port of this machine, by what the kernel says. In: a port. Out: a pid.
 * Linux only.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTENING = '0A';
const COLUMNS = { localAddress: 1, state: 3, inode: 9 } as const;

/** Undefined when nobody whom we may look at listens there. */
export function findPortOwner(port: number): number | undefined {
  const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const owner = pids.find((pid) => socketsOf(pid).some((socket) => inodes.has(socket)));
  return owner === undefined ? undefined : Number(owner);
}

/** The process that started this one; undefined when it is gone. */
export function parentOf(pid: number): number | undefined {
  const [, parent] = /^PPid:\s+(\d+)$/m.exec(readText(`/proc/${pid}/status`)) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

/** Whether it still runs; one that waits for its parent to notice its end does not. */
export function isRunning(pid: number): boolean {
  const [, state = 'X'] = /^State:\s+(\S)/m.exec(readText(`/proc/${pid}/status`)) ?? [];
  return state !== 'Z' && state !== 'X';
}

function listeningInodes(table: string, port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readText(`/proc/net/${table}`)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[COLUMNS.localAddress]?.endsWith(wanted) === true)
    .filter((words) => words[COLUMNS.state] === LISTENING)
    .map((words) => `socket:[${words[COLUMNS.inode]}]`);
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
  } catch {
    // Somebody else's, or gone.
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
