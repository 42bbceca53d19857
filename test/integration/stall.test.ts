import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { webSocketTransport } from '../../src/client/index.node.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { openMemory } from '../support/open-setting.ts';
import { RawPeer } from '../support/raw-peer.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';
import { TestProcess } from '../support/test-process.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import { moveInput } from '../support/world-fixture.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('a process that stood still for four seconds', () => {
  test('keeps peers that kept sending, and times out those that were silent', async () => {
    const server = new TestProcess(
      process.execPath,
      ['--import', 'tsx', join(ROOT, 'test/support/stall-server.ts')],
      { cwd: ROOT },
    );
    onTestFinished(async () => {
      server.signal('SIGCONT');
      await server.stop('SIGKILL');
    });
    const [, url] = await server.waitForLine(/^listening on (ws:.*)$/, { timeoutMs: 20_000 });
    const transport = webSocketTransport();
    const login = async (playerId: string): Promise<RawPeer> => {
      const peer = new RawPeer(transport, url!);
      onTestFinished(() => peer.drop());
      await waitUntil(() => peer.isOpen, { what: 'the connection' });
      peer.login({ playerId });
      await waitUntil(() => peer.first('login-accepted'), { what: 'the login' });
      return peer;
    };
    const steady = await login('steady');
    const silent = await login('silent');
    const sending = setInterval(() => steady.send(moveInput({ tick: steady.serverTick + 2 })), 100);
    onTestFinished(() => clearInterval(sending));

    silent.answersHeartbeats = false;
    server.signal('SIGSTOP');
    await sleep(4_000);
    server.signal('SIGCONT');

    await server.waitForLine(/^silent: logged-in → timed-out \(liveness-timeout\)$/);
    await server.waitForLine(/^silent: timed-out → reconnecting/);
    await server.waitForLine(/^silent: reconnecting → disconnected \(reconnect-window-expired\)$/);
    expect(server.lines.filter((line) => line.startsWith('steady: '))).toEqual([
      'steady: login-pending → logged-in (login-succeeded)',
    ]);
    expect(steady.isClosed).toBe(false);
    const seen = steady.serverTick;
    await waitUntil(() => steady.serverTick > seen, { what: 'the world to go on' });
  });
});

describe('after a stall in virtual time', () => {
  test('what was sent meanwhile is read before silence is judged', async () => {
    const setting = await openMemory();
    const { sessions } = setting.runtime.host;
    const steady = await setting.loginRaw('steady');
    const silent = await setting.loginRaw('silent');
    steady.answersHeartbeats = false;
    silent.answersHeartbeats = false;
    await setting.passMs(300);
    const session = (name: string) => sessions.getByPlayer(name as PlayerId)!;
    const silentSession = session('silent');
    steady.send(moveInput({ tick: 1 }));
    const stalledAt = setting.time.now();
    setting.time.stallMs(4_000);
    await setting.passMs(0);
    expect(sessions.counters.stall).toBe(1);
    // Neither is timed out at once: it was not the peers who stood still.
    expect(session('steady').lastLivenessAt).toBe(stalledAt + 4_000);
    expect(silentSession.state).toBe('logged-in');
    await setting.waitFor('time-out', () => silentSession.state === 'timed-out');
    // Two heartbeats' time, and up to one tick until it is noticed.
    expect(setting.time.now() - stalledAt - 4_000).toBeGreaterThanOrEqual(300);
    expect(setting.time.now() - stalledAt - 4_000).toBeLessThanOrEqual(360);
    expect(session('steady').state).toBe('logged-in');
  });

  test('every logged-in peer is asked at once whether it is there', async () => {
    const setting = await openMemory();
    const peers = [await setting.loginRaw('ann'), await setting.loginRaw('bob')];
    await setting.passMs(1_000);
    const heard = peers.map((peer) => peer.all('heartbeat').length);
    setting.time.stallMs(3_000);
    await setting.passMs(0);
    expect(peers.map((peer) => peer.all('heartbeat').length)).toEqual(heard.map((n) => n + 1));
    await setting.passMs(2_000);
    expect([...setting.runtime.host.sessions].map(({ state }) => state)).toEqual([
      'logged-in',
      'logged-in',
    ]);
  });

  test('logins under way and held seats get the lost time back', async () => {
    const setting = await openMemory({ policy: { ...SPEC_CONFIG.policy, loginTimeoutMs: 1_000 } });
    const { sessions } = setting.runtime.host;
    const pending = await setting.connectRaw();
    pending.login({ playerId: 'hang' });
    const gone = await setting.loginRaw('gone');
    gone.drop();
    const held = sessions.getByPlayer('gone' as PlayerId)!;
    await setting.waitFor('the loss', () => held.state === 'reconnecting');
    setting.time.stallMs(10_000);
    await setting.passMs(0);
    expect(held.state).toBe('reconnecting');
    expect(pending.first('login-rejected')).toBeUndefined();
    await setting.waitFor('the window', () => !held.isAlive);
    await setting.waitFor('the deadline', () => pending.first('login-rejected') !== undefined);
  });

  test('a pause below stallMsMax is no stall: silence is silence', async () => {
    const setting = await openMemory({ policy: { ...SPEC_CONFIG.policy, stallMsMax: 5_000 } });
    const silent = await setting.loginRaw('silent');
    silent.answersHeartbeats = false;
    await setting.passMs(100);
    setting.time.stallMs(4_000);
    await setting.passMs(0);
    expect(setting.runtime.host.sessions.counters.stall).toBe(0);
    expect([...setting.runtime.host.sessions][0]?.state).toBe('timed-out');
  });

  test('the slowest ticks are no stalls: silence is silence', async () => {
    const setting = await openMemory({ tickRateHz: 1, policy: {} });
    const { sessions } = setting.runtime.host;
    const silent = await setting.loginRaw('silent');
    await setting.connectRaw();
    silent.answersHeartbeats = false;
    // Timers are late on a real machine: every pass of this one is, by a little.
    for (let seconds = 0; seconds < 12; seconds += 1) {
      await setting.passMs(990);
      setting.time.stallMs(20);
    }
    await setting.passMs(0);
    expect(sessions.counters.stall).toBe(0);
    expect([...sessions].map(({ state }) => state)).toEqual(['reconnecting']);
  });

  test('the world drops the lost time and counts it, and inputs for it are stale', async () => {
    const setting = await openMemory();
    const { host } = setting.runtime;
    const bob = await setting.loginRaw('bob');
    await setting.passMs(500);
    const tick = bob.serverTick;
    bob.send(moveInput({ tick: tick + 2 }));
    setting.time.stallMs(4_000);
    await setting.passMs(0);
    expect(bob.serverTick).toBe(tick + 5);
    expect(host.droppedTicks).toBe(75);
    // It came before the ticks that were made up for, so it counts.
    const { counts } = host.inspect(host.sessions.getByPlayer('bob' as PlayerId)!)!.verdicts;
    expect(counts).toMatchObject({ accepted: 1, stale: 0 });
  });
});
