/**
 * What outlives a real process: the built command with data on a real disk, killed by real signals,
 * and real clients that come back by themselves.
 */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { connect } from '../../src/client/index.node.ts';
import type { Client } from '../../src/client/index.node.ts';
import type { ClientResyncedEvent } from '../../src/client/client-events.ts';
import { findFreePort } from '../support/free-port.ts';
import { removeFolder } from '../support/remove-folder.ts';
import { TestProcess } from '../support/test-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const COMMAND = join(REPOSITORY_ROOT, 'dist/cli/main.js');
const START_MS_MAX = 20_000;
const BACK = /^holdfast: sessions that are back and wait for their players: (\d+)$/;
const WORLD_BACK = /^holdfast: world "main" goes on after tick (\d+) /;

/** Says its pid at each start. */
const CONFIGURATION = `
  console.log('pid ' + process.pid);
  export default { authenticate: ({ name }) => ({ playerId: name, worldId: 'main' }) };
`;

let home = '';
beforeAll(() => {
  const parent = join(REPOSITORY_ROOT, '.holdfast');
  mkdirSync(parent, { recursive: true });
  home = mkdtempSync(join(parent, 'durable-'));
  writeFileSync(join(home, 'server.mjs'), CONFIGURATION);
});
afterAll(() => removeFolder(home));

/** One place of data on one port, and the processes that serve it. */
class Place {
  readonly data: string;
  readonly port: number;

  constructor(port: number) {
    this.port = port;
    this.data = mkdtempSync(join(home, 'data-'));
  }

  run(...more: readonly string[]): TestProcess {
    const words = ['--port', String(this.port), '--data', this.data, ...more];
    const child = new TestProcess(
      process.execPath,
      [COMMAND, 'start', join(home, 'server.mjs'), ...words],
      { cwd: home },
    );
    onTestFinished(async () => {
      await child.stop('SIGKILL');
    });
    return child;
  }

  async start(...more: readonly string[]): Promise<TestProcess> {
    const child = this.run(...more);
    await child.waitForLine(/^holdfast listens on /, { timeoutMs: START_MS_MAX });
    return child;
  }

  async play(name: string): Promise<{ client: Client; losses: ClientResyncedEvent[] }> {
    const url = `ws://127.0.0.1:${this.port}`;
    const client = await connect({ url, credentials: { name } });
    onTestFinished(() => client.leave());
    const losses: ClientResyncedEvent[] = [];
    client.on('resynced', (loss) => losses.push(loss));
    return { client, losses };
  }
}

async function untilEpoch(client: Client, epoch: number): Promise<void> {
  const isBack = (): boolean => client.state === 'logged-in' && client.epoch === epoch;
  await waitUntil(isBack, { what: `epoch ${epoch}`, timeoutMs: START_MS_MAX });
}

function lastMatch(child: TestProcess, pattern: RegExp): string | undefined {
  return child.lines.findLast((line) => pattern.test(line));
}

describe('a server with its data on a disk', () => {
  test('that dies of kill -9 has its players back in the same entities', async () => {
    const place = new Place(await findFreePort());
    const server = await place.start('--supervise');
    const ada = await place.play('ada');
    const ben = await place.play('ben');
    // To and fro, as a wall would end a walk in one direction.
    ada.client.on('input-tick', ({ tick }) =>
      ada.client.sendMove({ directionX: tick % 40 < 20 ? 1 : -1, directionY: 0, yaw: 0 }),
    );
    await waitUntil(() => ada.client.players.size === 2, { what: 'both to be seen' });
    // What is seen first may not be on the disk yet: a world that dies then begins anew.
    await waitUntil(() => (ada.client.serverTick ?? 0) > 20, { what: 'a world that is kept' });
    const ids = [ada, ben].map(({ client }) => client.sessionId);
    for (let death = 1; death <= 2; death += 1) {
      const pid = Number(lastMatch(server, /^pid /)?.slice(4));
      process.kill(pid, 'SIGKILL');
      await untilEpoch(ada.client, death + 1);
      await untilEpoch(ben.client, death + 1);
    }
    expect([ada, ben].map(({ client }) => client.sessionId)).toEqual(ids);
    expect(ada.losses).toHaveLength(2);
    expect(ada.losses.every(({ ticksLost }) => ticksLost >= 0 && ticksLost < 40)).toBe(true);
    await waitUntil(() => ada.client.players.size === 2, { what: 'both to be seen again' });
    const { x = 0 } = ada.client.self ?? {};
    await waitUntil(() => (ada.client.self?.x ?? x) !== x, { what: 'ada to move on' });
    expect(server.lines.filter((line) => BACK.test(line))).toHaveLength(2);
    expect(server.lines.filter((line) => WORLD_BACK.test(line))).toHaveLength(2);
  });

  test('that ends by SIGTERM is taken up by the next one without a loss', async () => {
    const place = new Place(await findFreePort());
    const first = await place.start();
    const { client, losses } = await place.play('ada');
    const { sessionId } = client;
    expect(await first.stop('SIGTERM')).toMatchObject({ code: 0 });
    const second = await place.start();
    await untilEpoch(client, 2);
    expect(client.sessionId).toBe(sessionId);
    expect(losses).toEqual([]);
    expect(lastMatch(second, BACK)).toMatch(/: 1$/);
  });

  test('that ends by SIGINT has ended its sessions', async () => {
    const place = new Place(await findFreePort());
    const first = await place.start();
    const { client } = await place.play('ada');
    let reason: string | undefined;
    client.on('closed', (closed) => {
      ({ reason } = closed);
    });
    expect(await first.stop('SIGINT')).toMatchObject({ code: 0 });
    await waitUntil(() => reason !== undefined, { what: 'the client to be told' });
    expect(reason).toBe('server-stopped');
    const second = await place.start();
    expect(lastMatch(second, BACK)).toBeUndefined();
  });

  test('that a second process asks for says so in one line, and goes on', async () => {
    const place = new Place(await findFreePort());
    await place.start();
    const second = place.run('--port', '0');
    expect(await second.ended).toMatchObject({ code: 1 });
    expect(second.lines.filter((line) => !line.startsWith('pid '))).toEqual([
      expect.stringMatching(
        /^holdfast start: store-in-use: the store in .* is open in process \d+; end it by SIGTERM/,
      ),
    ]);
    const { client } = await place.play('ada');
    expect(client.state).toBe('logged-in');
  });
});
