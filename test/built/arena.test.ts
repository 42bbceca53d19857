/**
 * The arena's server as a process: how it starts, what it says when it can't, and that nothing is
 * left of it or of its bots when it ends.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ARENA_MAIN, ArenaProcess } from '../browser/arena-process.ts';

/** Clients whose server is gone try again at least once a second in the first ten seconds. */
const KNOCK_MS = 2_500;

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function runToEnd(words: readonly string[]): Promise<Ending> {
  const child = spawn(process.execPath, [ARENA_MAIN, ...words]);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function startArena(bots: number): Promise<ArenaProcess> {
  const arena = await ArenaProcess.start(['--bots', String(bots)]);
  onTestFinished(() => void arena.stop('SIGKILL'));
  return arena;
}

function portOf(arena: ArenaProcess): number {
  return Number(new URL(arena.url).port);
}

async function sessionsOf(arena: ArenaProcess): Promise<readonly { readonly state: string }[]> {
  const response = await fetch(`${arena.url}sessions`);
  const report = (await response.json()) as { sessions: readonly { readonly state: string }[] };
  return report.sessions;
}

async function untilBotsPlay(arena: ArenaProcess, count: number): Promise<void> {
  const isPlaying = ({ state }: { readonly state: string }): boolean => state === 'logged-in';
  await expect
    .poll(async () => (await sessionsOf(arena)).filter(isPlaying).length, { timeout: 10_000 })
    .toBe(count);
}

/** How many connections come to the port, on which nobody of ours should be left to knock. */
async function countKnocks(port: number): Promise<number> {
  let knocks = 0;
  const listener: Server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
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
    'ends with code 0 and frees its port on %s to the listening process alone',
    async (signal) => {
      const arena = await startArena(2);
      await untilBotsPlay(arena, 2);
      expect(await arena.stop(signal)).toBe(0);
      expect(await countKnocks(portOf(arena))).toBe(0);
    },
  );

  test('takes its bots along when it is killed', async () => {
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
