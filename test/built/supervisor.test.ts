/**
 * The supervisor with real processes: what is started again, what ends, and that nothing is left
 * running whoever dies. In: the built command and package. Real signals, real ports.
 */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { connect } from '../../src/client/index.node.ts';
import type { Client } from '../../src/client/index.node.ts';
import { TestProcess } from '../support/test-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const COMMAND = join(REPOSITORY_ROOT, 'dist/cli/main.js');
const START_MS_MAX = 20_000;

/** Says its pid at each start; SIGUSR2 asks for a restart, SIGUSR1 ends it with code 3. */
const CONFIGURATION = `
  import { findSupervisor } from 'holdfast/supervisor';
  console.log('pid ' + process.pid);
  process.on('SIGUSR1', () => process.exit(3));
  process.on('SIGUSR2', () => findSupervisor().requestRestart());
  export default { port: 0, authenticate: ({ name }) => ({ playerId: name }) };
`;

/** A program of one's own around the command, with limits of its own. */
const SUPERVISOR = `
  import { supervise } from 'holdfast/supervisor';
  const [script, limits, ...args] = process.argv.slice(2);
  process.exit(await supervise({ script, args, limits: JSON.parse(limits) }));
`;

/** Inside of the repository, so that a module there finds the package `holdfast`. */
let modules = '';
let configuration = '';

beforeAll(() => {
  const home = join(REPOSITORY_ROOT, '.holdfast');
  mkdirSync(home, { recursive: true });
  modules = mkdtempSync(join(home, 'supervisor-'));
  configuration = join(modules, 'server.mjs');
  writeFileSync(configuration, CONFIGURATION);
  writeFileSync(join(modules, 'supervise.mjs'), SUPERVISOR);
});

afterAll(() => {
  rmSync(modules, { recursive: true, force: true });
});

interface Limits {
  readonly deathWindowMs?: number;
  readonly endTimeoutMs?: number;
}

interface Keeping {
  /** Whether its sessions outlive it. */
  readonly isDurable: boolean;
}

class SupervisedServer {
  readonly process: TestProcess;

  /** With limits it is run by a program of its own, else by the command. */
  constructor(limits?: Limits, { isDurable }: Keeping = { isDurable: false }) {
    const data = isDurable ? ['--data', mkdtempSync(join(modules, 'data-'))] : [];
    const start = ['start', configuration, ...data];
    const words =
      limits === undefined
        ? [COMMAND, ...start, '--supervise']
        : [join(modules, 'supervise.mjs'), COMMAND, JSON.stringify(limits), ...start];
    this.process = new TestProcess(process.execPath, words);
    onTestFinished(async () => {
      await this.process.stop('SIGKILL');
    });
  }

  async url(): Promise<string> {
    const pattern = /^holdfast listens on (ws:\/\/\S+)$/;
    const [, url = ''] = await this.process.waitForLine(pattern, { timeoutMs: START_MS_MAX });
    return url;
  }

  /** Of the servers so far, oldest first. */
  get pids(): number[] {
    return this.process.lines
      .filter((line) => line.startsWith('pid '))
      .map((line) => Number(line.slice(4)));
  }

  /** What the supervisor has said. */
  get story(): string[] {
    return this.process.lines.filter((line) => line.startsWith('server '));
  }

  signalServer(signal: NodeJS.Signals): void {
    process.kill(this.pids.at(-1) ?? 0, signal);
  }

  async untilRestarted(times: number): Promise<void> {
    await waitUntil(() => this.story.length >= times, {
      what: `restart ${times}`,
      timeoutMs: START_MS_MAX,
    });
  }
}

async function play(url: string, name: string): Promise<Client> {
  const client = await connect({ url, credentials: { name } });
  onTestFinished(() => client.leave());
  return client;
}

/** Waits until nobody listens on the port any more. */
async function untilPortIsFree(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  await waitUntil(
    async () => {
      const listener = createServer();
      const listening = once(listener, 'listening');
      listener.listen(port, '127.0.0.1');
      const isFree = await listening.then(
        () => true,
        () => false,
      );
      if (isFree) listener.close();
      return isFree;
    },
    { what: `port ${port} to be free` },
  );
}

describe('a supervised server', () => {
  test('survives kill -9 ten times on the same port; its client comes back each time', async () => {
    const server = new SupervisedServer({ deathWindowMs: 1 }, { isDurable: true });
    const url = await server.url();
    const ada = await play(url, 'ada');
    const { sessionId } = ada;
    for (let kills = 1; kills <= 10; kills += 1) {
      server.signalServer('SIGKILL');
      await server.untilRestarted(kills);
      await waitUntil(() => ada.state === 'logged-in' && ada.epoch === kills + 1, {
        what: 'ada to be back',
        timeoutMs: 15_000,
      });
      expect(ada.sessionId).toBe(sessionId);
    }
    expect(new Set(server.pids).size).toBe(11);
    expect(server.story).toHaveLength(10);
    for (const line of server.story) {
      expect(line).toMatch(/^server died \(SIGKILL\) after \d+\.\d s; restarted in \d+ ms$/);
    }
    // What it listens on is said once.
    const listening = server.process.lines.filter((line) => line.startsWith('holdfast listens'));
    expect(listening).toHaveLength(1);
    server.process.signal('SIGINT');
    expect(await server.process.ended).toEqual({ code: 0, signal: null });
    await untilPortIsFree(url);
  });

  test('is started again after an exit with a code, and when it asks for it', async () => {
    const server = new SupervisedServer();
    await server.url();
    server.signalServer('SIGUSR1');
    await server.untilRestarted(1);
    server.signalServer('SIGUSR2');
    await server.untilRestarted(2);
    expect(server.story[0]).toMatch(/^server died \(exit code 3\) after .*; restarted in \d+ ms$/);
    expect(server.story[1]).toMatch(/^server stopped to restart after .*; restarted in \d+ ms$/);
    expect(server.pids).toHaveLength(3);
  });

  test('is started again also when nobody reads what its supervisor says', async () => {
    const server = new SupervisedServer();
    const url = await server.url();
    server.process.closeErrors();
    for (let starts = 2; starts <= 3; starts += 1) {
      server.signalServer('SIGKILL');
      await waitUntil(() => server.pids.length === starts, {
        what: `start ${starts}`,
        timeoutMs: START_MS_MAX,
      });
      const name = `ada ${starts}`;
      const client = await waitUntil(async () => play(url, name).catch(() => undefined), {
        what: 'the next server to listen',
      });
      expect(client.state).toBe('logged-in');
    }
    server.process.signal('SIGTERM');
    expect(await server.process.ended).toEqual({ code: 0, signal: null });
  });

  test('is given up after five deaths in ten seconds, with the code of the last', async () => {
    const server = new SupervisedServer();
    const url = await server.url();
    for (let kills = 1; kills <= 4; kills += 1) {
      server.signalServer('SIGKILL');
      await server.untilRestarted(kills);
    }
    server.signalServer('SIGKILL');
    expect(await server.process.ended).toEqual({ code: 137, signal: null });
    expect(server.story.at(-1)).toMatch(/death 5 in \d\.\d s, giving up$/);
    await untilPortIsFree(url);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends with its supervisor on %s, and its players know why',
    async (signal) => {
      const server = new SupervisedServer();
      const url = await server.url();
      const ada = await play(url, 'ada');
      server.process.signal(signal);
      expect(await server.process.ended).toEqual({ code: 0, signal: null });
      await waitUntil(() => ada.state === 'disconnected', { what: 'the end' });
      expect(ada.lastCause).toBe('server-stopped');
      expect(server.story).toEqual([]);
      await untilPortIsFree(url);
    },
  );

  test('that stops by itself, politely, ends its supervisor', async () => {
    const server = new SupervisedServer();
    const url = await server.url();
    server.signalServer('SIGTERM');
    expect(await server.process.ended).toEqual({ code: 0, signal: null });
    await untilPortIsFree(url);
  });

  test('notices that its supervisor was killed, says goodbye and ends', async () => {
    const server = new SupervisedServer();
    const url = await server.url();
    const ada = await play(url, 'ada');
    server.process.signal('SIGKILL');
    await waitUntil(() => ada.state === 'disconnected', { what: 'the end' });
    expect(ada.lastCause).toBe('server-stopped');
    await untilPortIsFree(url);
  });

  test('that hears nothing is killed in the end', async () => {
    const server = new SupervisedServer({ endTimeoutMs: 300 });
    const url = await server.url();
    server.signalServer('SIGSTOP');
    server.process.signal('SIGTERM');
    expect(await server.process.ended).toEqual({ code: 137, signal: null });
    await untilPortIsFree(url);
  });
});

describe('a server that never listens', () => {
  test('ends its supervisor with its own line and its code', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const words = [COMMAND, 'start', '--supervise', '--port', String(port)];
    const child = new TestProcess(process.execPath, words);
    expect(await child.ended).toEqual({ code: 1, signal: null });
    expect(child.lines).toHaveLength(1);
    expect(child.lines[0]).toMatch(/^holdfast start: port-in-use: /);
  });

  test.each([
    [['start', '--supervise', '--prot', '1'], 2],
    [['start', '--supervise', 'missing.mjs'], 1],
  ])('%j ends with %i and one line', async (words, code) => {
    const child = new TestProcess(process.execPath, [COMMAND, ...words], { cwd: modules });
    expect(await child.ended).toEqual({ code, signal: null });
    expect(child.lines).toHaveLength(1);
    expect(child.lines[0]).toMatch(/^holdfast start: /);
  });
});
