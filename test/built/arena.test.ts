/**
 * The arena as processes: how it starts, what it says when it can't, that its server may die, and
 * that nothing is left of server or bots when it ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ARENA_MAIN, ArenaProcess } from '../browser/arena-process.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Clients whose server is gone try again at least once a second in the first ten seconds. */
const KNOCK_MS = 2_500;

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function runToEnd(words: readonly string[]): Promise<Ending> {
  const data = await mkdtemp(join(tmpdir(), 'holdfast-arena-'));
  onTestFinished(() => removeFolder(data));
  const child = spawn(process.execPath, [ARENA_MAIN, '--data', data, ...words]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function startArena(bots: number, ...words: readonly string[]): Promise<ArenaProcess> {
  const arena = await ArenaProcess.start(['--bots', String(bots), ...words]);
  onTestFinished(async () => void (await arena.stop('SIGKILL')));
  return arena;
}

function portOf(arena: ArenaProcess): number {
  return Number(new URL(arena.url).port);
}

interface Report {
  readonly server: { readonly pid: number; readonly outage: { readonly how: string } | null };
  readonly sessions: readonly { readonly state: string }[];
}

async function reportOf(arena: ArenaProcess): Promise<Report> {
  const response = await fetch(`${arena.url}sessions`);
  return (await response.json()) as Report;
}

/** The report of a process other than `pid`. */
async function reportOfNext(arena: ArenaProcess, pid: number): Promise<Report> {
  return waitUntil(
    async () => {
      const report = await reportOf(arena).catch(() => undefined);
      return report?.server.pid === pid ? undefined : report;
    },
    { what: 'another process', timeoutMs: 10_000 },
  );
}

async function untilBotsPlay(arena: ArenaProcess, count: number): Promise<void> {
  const isPlaying = ({ state }: { readonly state: string }): boolean => state === 'logged-in';
  await expect
    .poll(async () => (await reportOf(arena)).sessions.filter(isPlaying).length, {
      timeout: 10_000,
    })
    .toBe(count);
}

async function tryListen(listener: Server, port: number): Promise<boolean> {
  const listening = once(listener, 'listening');
  listener.listen(port, '127.0.0.1');
  return listening.then(
    () => true,
    () => false,
  );
}

/** How many connections come to the port, on which nobody of ours should be left to knock. */
async function countKnocks(port: number): Promise<number> {
  let knocks = 0;
  const listener: Server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await waitUntil(() => tryListen(listener, port), { what: `port ${port} to be free` });
  await new Promise((resolve) => setTimeout(resolve, KNOCK_MS));
  listener.close();
  return knocks;
}

describe('the arena as a process', () => {
  test('serves the page and its bots play', async () => {
    const arena = await startArena(3);
    const page = await fetch(arena.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Holdfast arena');
    await untilBotsPlay(arena, 3);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'ends with code 0 and frees its port on %s to the supervisor alone',
    async (signal) => {
      const arena = await startArena(2);
      await untilBotsPlay(arena, 2);
      expect(await arena.stop(signal)).toBe(0);
      expect(await countKnocks(portOf(arena))).toBe(0);
    },
  );

  test('outlives its server: bots come back to the next one by themselves', async () => {
    const arena = await startArena(3);
    await untilBotsPlay(arena, 3);
    const { server } = await reportOf(arena);
    expect(server.outage).toBeNull();
    process.kill(server.pid, 'SIGKILL');
    const next = await reportOfNext(arena, server.pid);
    expect(next.server.outage?.how).toBe('SIGKILL');
    await untilBotsPlay(arena, 3);
    expect(await arena.stop('SIGINT')).toBe(0);
    expect(await countKnocks(portOf(arena))).toBe(0);
  });

  test('kills and restarts its server for its own page', async () => {
    const arena = await startArena(0);
    for (const [fault, how] of [
      ['kill', 'SIGKILL'],
      ['restart', 'restart'],
    ]) {
      const { server } = await reportOf(arena);
      const offer = await fetch(`${arena.url}faults`);
      const { token } = (await offer.json()) as { token: string };
      const path = `${arena.url}faults/${fault}`;
      expect((await fetch(path, { method: 'POST' })).status).toBe(403);
      const headers = { 'x-arena-token': token };
      expect((await fetch(path, { method: 'POST', headers })).status).toBe(202);
      expect((await reportOfNext(arena, server.pid)).server.outage?.how).toBe(how);
    }
  });

  test('offers no faults with --no-faults', async () => {
    const arena = await startArena(0, '--no-faults');
    expect((await fetch(`${arena.url}faults`)).status).toBe(404);
    expect((await fetch(`${arena.url}faults/kill`, { method: 'POST' })).status).toBe(405);
  });

  test('takes its server and its bots along when it is killed', async () => {
    const arena = await startArena(2);
    await untilBotsPlay(arena, 2);
    await arena.stop('SIGKILL');
    expect(await countKnocks(portOf(arena))).toBe(0);
  });

  test('says in one line that the port is in use, and ends with code 1', async () => {
    const arena = await startArena(0);
    const ending = await runToEnd(['--port', String(portOf(arena)), '--bots', '2']);
    expect(ending.code).toBe(1);
    expect(ending.stderr).toMatch(/^holdfast arena: port \d+ is in use.*--port N\n$/);
  });

  test('says in one line that its data are in use, and ends with code 1', async () => {
    const arena = await startArena(0);
    const ending = await runToEnd(['--port', '0', '--data', arena.data]);
    expect(ending.code).toBe(1);
    expect(ending.stderr).toMatch(/^holdfast arena: the store in .* is open in process \d+.*\n$/);
  });

  test('says in one line what is wrong with the command line, and ends with code 2', async () => {
    const ending = await runToEnd(['--bots', 'many']);
    expect(ending.code).toBe(2);
    expect(ending.stderr).toMatch(/^holdfast arena: --bots must be .*\n$/);
  });

  test('explains its options', async () => {
    const ending = await runToEnd(['--help']);
    expect(ending.code).toBe(0);
    expect(ending.stdout).toContain('--bots N');
  });

  test('answers 404 for what is not part of the page and 405 for other methods', async () => {
    const arena = await startArena(0);
    for (const path of ['package.json', '..%2f..%2fpackage.json', '%zz', '/etc/passwd']) {
      expect((await fetch(arena.url + path)).status).toBe(404);
    }
    expect((await fetch(`${arena.url}sessions`, { method: 'POST' })).status).toBe(405);
  });
});
