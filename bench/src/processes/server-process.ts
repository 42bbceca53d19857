/**
 * A server of the bench as a child process. In: a script of Node, or C that is compiled first, and
 * its options. Out: its port, versions and settings, as its first line says them; its end.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { compileC } from './compile-c.ts';
import { pinnedCommand } from './pinning.ts';
import type { Pinning } from './pinning.ts';

export interface ServerOrder {
  readonly path: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly pinning: Pinning;
  /** Where a CPU profile of it goes at its end; C has none. */
  readonly profileDirectory?: string | undefined;
}

interface Announcement {
  readonly port: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

const END_MS_MAX = 5_000;

export class ServerProcess {
  readonly pid: number;
  readonly port: number;
  readonly versions: Announcement['versions'];
  readonly settings: Announcement['settings'];
  readonly #child: Child;

  constructor(child: Child, { port, versions, settings }: Announcement) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.port = port;
    this.versions = versions;
    this.settings = settings;
  }

  /** Rejects when the process ends before it has said where it is. */
  static async start(order: ServerOrder): Promise<ServerProcess> {
    const [file = '', ...rest] = pinnedCommand(order.pinning, 'server', commandOf(order));
    const child = spawn(file, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => undefined);
    const announcement = await firstLine(child, order.path);
    return new ServerProcess(child, announcement);
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async stop(): Promise<void> {
    if (!this.isAlive) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS_MAX);
    await exited;
    clearTimeout(timer);
  }
}

function commandOf({ path, options, profileDirectory }: ServerOrder): string[] {
  if (path.endsWith('.c')) return [compileC(path)];
  const profiling = ['--cpu-prof', `--cpu-prof-dir=${profileDirectory ?? ''}`];
  const flags = profileDirectory === undefined ? [] : profiling;
  return [process.execPath, ...flags, path, JSON.stringify(options)];
}

function firstLine(child: Child, path: string): Promise<Announcement> {
  const lines = createInterface({ input: child.stdout });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${path} ended with ${String(code)}`)));
    // Some libraries greet on stdout.
    lines.on('line', (line) => {
      if (line.startsWith('{"port"')) resolve(JSON.parse(line) as Announcement);
    });
  });
}
