import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { connect } from '../../src/client/index.node.ts';
import type { Client } from '../../src/client/index.node.ts';
import { findFreePort } from '../support/free-port.ts';
import { TestProcess } from '../support/test-process.ts';
import { waitUntil } from '../support/wait-until.ts';
import { REPOSITORY_ROOT, readText } from '../tidy/source-file.ts';

const COMMAND = join(REPOSITORY_ROOT, 'dist/cli/main.js');
/** Newer than the types that we compile with. */
const RUNS_TYPESCRIPT = 'typescript' in process.features && process.features.typescript !== false;
const SECRET = 'a-secret-that-nobody-guesses';

/** Inside of the repository, so that a module there finds the package `holdfast`. */
let modules = '';

beforeAll(() => {
  const home = join(REPOSITORY_ROOT, '.holdfast');
  mkdirSync(home, { recursive: true });
  modules = mkdtempSync(join(home, 'cli-'));
});

afterAll(() => {
  rmSync(modules, { recursive: true, force: true });
});

function configModule(name: string, text: string): string {
  const path = join(modules, `${name}.mjs`);
  writeFileSync(path, text);
  return path;
}

function holdfast(...args: readonly string[]): TestProcess {
  const child = new TestProcess(process.execPath, [COMMAND, ...args], { cwd: modules });
  onTestFinished(async () => {
    await child.stop('SIGKILL');
  });
  return child;
}

async function startServer(
  ...args: readonly string[]
): Promise<{ server: TestProcess; url: string }> {
  const server = holdfast('start', ...args);
  const [, url] = await server.waitForLine(/^holdfast listens on (ws:\/\/\S+)$/, {
    timeoutMs: 20_000,
  });
  return { server, url: url! };
}

async function play(url: string, credentials: unknown): Promise<Client> {
  const client = await connect({ url, credentials });
  onTestFinished(() => client.leave());
  return client;
}

/** How a call that ends by itself ends: code and everything that it says. */
async function runToEnd(...args: readonly string[]): Promise<[number | null, readonly string[]]> {
  const child = holdfast(...args);
  const { code } = await child.ended;
  return [code, child.lines];
}

describe('holdfast start', () => {
  test('prints its address and lets guests play, whose id is never a name they chose', async () => {
    const { url } = await startServer('--port', '0');
    const [ada, again, bob] = [
      await play(url, { secret: SECRET, name: 'ada', playerId: 'guest-admin' }),
      await play(url, { secret: SECRET }),
      await play(url, { secret: `${SECRET}!` }),
    ];
    expect(again.playerId).toBe(ada.playerId);
    expect(bob.playerId).not.toBe(ada.playerId);
    expect(ada.playerId).toMatch(/^guest-[0-9a-f]{24}$/);
    expect(ada.playerId).not.toContain('admin');
    await waitUntil(() => bob.players.size === 2, { what: 'both players to be seen' });
    const tick = await waitUntil(() => bob.sendMove({ directionX: 1, directionY: 0, yaw: 0 }), {
      what: 'a move',
    });
    expect(tick).toBeGreaterThan(0);
    for (const credentials of [{}, null, { secret: 'short' }, { secret: 5 }]) {
      await expect(connect({ url, credentials })).rejects.toMatchObject({
        code: 'login-refused',
        reason: 'bad-credentials',
      });
    }
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends with 0 on %s, and its players know why',
    async (signal) => {
      const { server, url } = await startServer('--port', '0');
      const ada = await play(url, { secret: SECRET });
      server.signal(signal);
      expect(await server.ended).toEqual({ code: 0, signal: null });
      await waitUntil(() => ada.state === 'disconnected', { what: 'the end' });
      expect(ada.lastCause).toBe('server-stopped');
      expect(server.lines).toEqual([
        expect.stringMatching(/^holdfast listens on /),
        expect.stringMatching(/^holdfast keeps nothing: sessions end with this process/),
      ]);
    },
  );

  test('goes on after a SIGHUP that its configuration has another use for', async () => {
    const text = `process.on('SIGHUP', () => console.log('renewed'));
      export default { port: 0, authenticate: () => ({ playerId: 'ada' }) };`;
    const { server, url } = await startServer(configModule('renews', text));
    server.signal('SIGHUP');
    await server.waitForLine(/^renewed$/);
    expect((await play(url, {})).state).toBe('logged-in');
  });

  test('serves on when nobody reads its errors any more', async () => {
    const text = `const authenticate = ({ name }) => {
        if (name === undefined) throw new Error('no name');
        return { playerId: name };
      };
      export default { port: 0, authenticate };`;
    const { server, url } = await startServer(configModule('unread', text));
    server.closeErrors();
    await expect(connect({ url, credentials: {} })).rejects.toMatchObject({
      reason: 'authenticate-failed',
    });
    expect((await play(url, { name: 'ada' })).state).toBe('logged-in');
    expect(server.hasEnded).toBe(false);
  });

  test('listens where it is told', async () => {
    const port = await findFreePort();
    const { url } = await startServer('--port', String(port), '--hostname', '127.0.0.1');
    expect(url).toBe(`ws://127.0.0.1:${port}`);
  });

  test('plays on the server of its configuration, whose port is no option then', async () => {
    const text = `import { createServer } from 'node:http';
      const server = createServer((request, response) => response.end('page'));
      const authenticate = ({ name }) => ({ playerId: name });
      export default { authenticate, server, path: '/play' };
      setTimeout(() => server.listen(0, '127.0.0.1', () => {
        console.log('at', server.address().port);
      }), 100);`;
    const path = configModule('own-server', text);
    const [code, lines] = await runToEnd('start', path, '--port', '7777');
    expect([code, lines.at(-1)]).toEqual([
      1,
      "holdfast start: invalid-configuration: port is no option beside 'server': " +
        'whose server it is decides that there',
    ]);
    const server = holdfast('start', path);
    await server.waitForLine(/^holdfast waits for its server to listen$/, { timeoutMs: 20_000 });
    const [, port] = await server.waitForLine(/^at (\d+)$/, { timeoutMs: 20_000 });
    const ada = await play(`ws://127.0.0.1:${port}/play`, { name: 'ada' });
    expect(await (await fetch(`http://127.0.0.1:${port}/play`)).text()).toBe('page');
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
    await waitUntil(() => ada.state === 'disconnected', { what: 'the end' });
    expect(ada.lastCause).toBe('server-stopped');
  });

  test('on a port in use says so in one line and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const [code, lines] = await runToEnd('start', '--port', String(port));
    expect(code).toBe(1);
    expect(lines).toEqual([
      `holdfast start: port-in-use: port ${port} of 127.0.0.1 is in use already; ` +
        "choose another 'port'",
    ]);
  });

  test.each([
    ['--prot', '7777'],
    ['--port'],
    ['--port', 'http'],
    ['--port='],
    ['--port', '65536'],
    ['--port=-1'],
    ['one.mjs', 'two.mjs'],
  ])('called wrongly ends with 2 and one line: %s %s', async (...args) => {
    const [code, lines] = await runToEnd('start', ...args.filter((arg) => arg !== undefined));
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^holdfast start: /);
  });
});

describe('holdfast start with a configuration module', () => {
  const hooks = `
    import { defineMessages, refuse } from 'holdfast';
    const text = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
    const configuration = {
      port: 0,
      messages: defineMessages({ chat: { lane: 'reliable', schema: text } }),
      authenticate: ({ name }) => name ? { playerId: name } : refuse('no-name'),
      onMessage: (session, { payload }) => console.log(session.playerId + ' says ' + payload),
    };
    setInterval(() => undefined, 1_000);`;

  test.each([
    ['default', 'export default configuration;'],
    ['config', 'export { configuration as config };'],
  ])('runs what it exports as %s, and ends whatever it left open', async (name, ending) => {
    const path = configModule(name, `${hooks}\n${ending}`);
    const { server, url } = await startServer(path);
    await expect(connect({ url, credentials: {} })).rejects.toMatchObject({ reason: 'no-name' });
    const ada = await play(url, { name: 'ada' });
    expect(ada.playerId).toBe('ada');
    const port = String(await findFreePort());
    const other = await startServer(path, '--port', port);
    expect(other.url).toBe(`ws://127.0.0.1:${port}`);
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });

  test.runIf(!RUNS_TYPESCRIPT)('in TypeScript is told its ways where Node has none', async () => {
    const path = join(modules, 'typed.ts');
    writeFileSync(path, 'export default { authenticate: () => ({ playerId: "ada" }) };');
    const [code, lines] = await runToEnd('start', path);
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^holdfast start: invalid-configuration: .*typed\.ts: .*22\.18.*tsx/),
    ]);
  });

  test.each([
    ['that is missing', undefined, 'missing.mjs'],
    ['that throws', `throw new Error('no\\n  database');`, 'no database'],
    ['that throws no error', 'throw { code: 5 };', 'code: 5'],
    ['without a configuration', 'export const port = 7777;', 'exports no configuration object'],
    ['with a wrong option', 'export default { prot: 1 };', 'invalid-configuration: prot'],
    [
      'with a wrong policy',
      'export default { authenticate() {}, policy: { livenessTimeoutMs: 1 } };',
      'invalid-policy: policy.livenessTimeoutMs',
    ],
  ])('%s says so in one line and ends with 1', async (name, text, words) => {
    const file = text === undefined ? 'missing' : name.replaceAll(' ', '-');
    const path = text === undefined ? join(modules, 'missing.mjs') : configModule(file, text);
    const [code, lines] = await runToEnd('start', path);
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^holdfast start: /);
    expect(lines[0]).toContain(words);
  });
});

describe('holdfast', () => {
  test.each([
    [[], 2],
    [['strat'], 2],
    [['--help'], 0],
    [['help'], 0],
    [['-h'], 0],
    [['start', '--help'], 0],
    [['--port', '1'], 2],
  ])('called with %j shows the usage and ends with %i', async (args, expected) => {
    const [code, lines] = await runToEnd(...args);
    expect(code).toBe(expected);
    expect(lines.join('\n')).toContain('usage: holdfast start [config module]');
  });

  test('says its version', async () => {
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(await runToEnd('--version')).toEqual([0, [version]]);
  });
});
