/** The real client and the real server, across losses: one session, each message once. */
import { describe, expect, test } from 'vitest';

import type { PlayerId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';
import { FakeStorage } from '../support/fake-page.ts';
import { FragileLine } from '../support/fragile-line.ts';
import { openSetting } from '../support/open-setting.ts';
import type { Setting, SettingConfig, SettingKind } from '../support/settings.ts';
import { SETTINGS } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

/** The seat outlives a few attempts with growing pauses, and the reload of a page. */
const PATIENT = { policy: { ...SPEC_CONFIG.policy, reconnectWindowMs: 5_000 } };
const ADA = 'ada' as PlayerId;

function sessionOf(setting: Setting): ManagedSession<{ name: string }> {
  const session = setting.runtime.host.sessions.getByPlayer(ADA);
  if (session === undefined) throw new Error('ada is not in');
  return session;
}

/** Ada behind a line that breaks, and what each side has heard of the other's messages. */
async function openStage(kind: SettingKind, config: SettingConfig = {}) {
  const atServer: string[] = [];
  const setting = await openSetting(kind, {
    onMessage: (_session, { payload }) => atServer.push(payload),
    ...config,
  });
  const line = new FragileLine(setting.transport);
  const connectAda = (options: object = {}) =>
    setting.connectPlayer(ADA, { connectOptions: { transport: line, ...options } });
  const client = await connectAda();
  const atClient: string[] = [];
  const resynced: unknown[] = [];
  const moves: string[] = [];
  client.on('message', ({ payload }) => atClient.push(payload));
  client.on('resynced', (event) => resynced.push(event));
  client.on('state', ({ to, cause }) => moves.push(`${to} (${cause})`));
  await setting.waitFor('ada sees herself', () => client.self !== undefined);
  let said = 0;
  const { host } = setting.runtime;
  /** Both sides say so many things; a client that is away says nothing. */
  const talk = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      said += 1;
      const note = { name: 'note', payload: `note ${said}` } as const;
      host.send('field', note);
      if (client.state === 'logged-in') client.send(note);
    }
  };
  const back = () => setting.waitFor('ada is back', () => client.state === 'logged-in');
  const notes = (from: number, to: number): string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `note ${from + index}`);
  return {
    setting,
    host,
    line,
    client,
    connectAda,
    atServer,
    atClient,
    resynced,
    moves,
    talk,
    back,
    notes,
  };
}

describe.each(SETTINGS)('a client over $name', (kind) => {
  test('whose connection is lost is back in its session, entity and place', async () => {
    const { setting, client, line, moves, back } = await openStage(kind);
    const session = sessionOf(setting);
    const { sessionId, epoch } = client;
    const entity = client.self?.entity;
    client.on('input-tick', () => client.sendMove({ directionX: 1, directionY: 0, yaw: 0 }));
    await setting.waitFor('ada has moved', () => (client.self?.x ?? 0) > 501);
    line.cut();
    await setting.waitFor('the loss', () => client.state === 'reconnecting');
    await back();
    expect(moves).toEqual(['reconnecting (transport-lost)', 'logged-in (resumed)']);
    expect([client.sessionId, client.epoch]).toEqual([sessionId, epoch + 1]);
    await setting.waitFor('ada sees herself', () => client.self !== undefined);
    expect(client.self?.entity).toBe(entity);
    expect(client.self?.x).toBeGreaterThan(501);
    const x = client.self?.x ?? 0;
    await setting.waitFor('ada moves on', () => (client.self?.x ?? 0) > x + 0.5);
    expect(sessionOf(setting).sessionId).toBe(session.sessionId);
    expect(setting.runtime.host.counters.countedMessagesResent).toBe(0);
  });

  test('gets each message once and in order, and is heard so, whatever is lost', async () => {
    const { setting, client, line, talk, back, notes, atServer, atClient, resynced } =
      await openStage(kind);
    talk(3);
    await setting.waitFor('delivery', () => atClient.length === 3 && atServer.length === 3);
    // What is said now gets nowhere, on either way, and nobody knows yet.
    [line.isMute, line.isDeaf] = [true, true];
    talk(3);
    await setting.passMs(60);
    line.cut();
    [line.isMute, line.isDeaf] = [false, false];
    await setting.waitFor('the loss', () => client.state === 'reconnecting');
    await back();
    talk(2);
    await setting.waitFor('delivery', () => atClient.length === 8 && atServer.length === 8);
    await setting.passMs(200);
    expect([atClient, atServer]).toEqual([notes(1, 8), notes(1, 8)]);
    expect(resynced).toEqual([]);
    expect(client.stats).toMatchObject({ messagesRetransmitted: 3, messagesLost: 0 });
  });

  test('is heard with all that it has said in the longest stall, as it comes at once', async () => {
    const { setting, client, talk, notes, atServer } = await openStage(kind);
    const { livenessTimeoutMs } = setting.runtime.host.sessions.policy;
    const count = 2 * client.tickRateHz * (livenessTimeoutMs / 1_000);
    talk(count);
    await setting.waitFor('delivery', () => atServer.length === count);
    expect(atServer).toEqual(notes(1, count));
    expect(setting.runtime.host.counters.overBudgetMessages).toBe(0);
  });

  test('hears what was said while it was away', async () => {
    const { setting, client, line, talk, back, notes, atServer, atClient } = await openStage(kind);
    line.isDown = true;
    line.cut();
    await setting.waitFor('the loss', () => sessionOf(setting).state === 'reconnecting');
    talk(5);
    expect(client.send({ name: 'note', payload: 'not now' })).toBe(false);
    line.isDown = false;
    await back();
    await setting.waitFor('delivery', () => atClient.length === 5);
    await setting.passMs(100);
    expect([atClient, atServer]).toEqual([notes(1, 5), []]);
  });

  test('comes back while the server still believes in the connection before', async () => {
    const { setting, client, line, moves, talk, back, notes, atClient } = await openStage(kind);
    const session = sessionOf(setting);
    line.forsake();
    expect([client.state, session.state]).toEqual(['reconnecting', 'logged-in']);
    talk(2);
    await back();
    await setting.waitFor('delivery', () => atClient.length === 2);
    expect(atClient).toEqual(notes(1, 2));
    expect(moves.at(-1)).toBe('logged-in (resumed)');
    expect(setting.runtime.host.sessions.size).toBe(1);
  });

  test('that never hears the answer is let in with the token before', async () => {
    const { setting, client, line, talk, back, notes, atServer, atClient, resynced } =
      await openStage(kind, PATIENT);
    const session = sessionOf(setting);
    talk(2);
    await setting.waitFor('delivery', () => atClient.length === 2);
    line.isDeaf = true;
    line.cut();
    await setting.waitFor('the resume', () => sessionOf(setting).epoch === 2);
    // Nor does another attempt come through, before we look, that hears nothing either.
    line.isDown = true;
    // What is said under the epoch of which the client knows nothing is for it as well.
    talk(2);
    await setting.waitFor('the silence', () => sessionOf(setting).state === 'reconnecting');
    expect(client.epoch).toBe(1);
    [line.isDeaf, line.isDown] = [false, false];
    await back();
    talk(2);
    await setting.waitFor('delivery', () => atClient.length === 6 && atServer.length === 4);
    await setting.passMs(100);
    expect([atClient, atServer]).toEqual([notes(1, 6), [...notes(1, 2), ...notes(5, 6)]]);
    expect([resynced, client.epoch]).toEqual([[], 3]);
    expect(client.sessionId).toBe(session.sessionId);
  });

  test('keeps its session over many losses, and misses nothing', async () => {
    const { setting, client, line, talk, back, notes, atServer, atClient, resynced } =
      await openStage(kind, PATIENT);
    for (let loss = 0; loss < 5; loss += 1) {
      talk(2);
      if (loss % 2 === 0) line.cut();
      else line.forsake();
      await setting.waitFor('the loss', () => client.state === 'reconnecting');
      await back();
    }
    await setting.waitFor('delivery', () => atClient.length === 10 && atServer.length === 10);
    await setting.passMs(200);
    expect([atClient, atServer]).toEqual([notes(1, 10), notes(1, 10)]);
    expect([resynced, client.epoch]).toEqual([[], 6]);
  });

  test('is told how much it has missed when that was too much to keep', async () => {
    const { setting, client, line, talk, back, atClient, resynced } = await openStage(kind, {
      limits: { retransmitBytesMax: 200 },
    });
    line.isDown = true;
    line.cut();
    await setting.waitFor('the loss', () => sessionOf(setting).state === 'reconnecting');
    talk(50);
    line.isDown = false;
    await back();
    await setting.waitFor('the word', () => resynced.length === 1);
    expect(resynced).toEqual([
      { fromTick: expect.any(Number), ticksLost: 0, eventsMissed: 50 - atClient.length },
    ]);
    talk(1);
    await setting.waitFor('delivery', () => atClient.at(-1) === 'note 51');
    await setting.waitFor('ada sees herself', () => client.self !== undefined);
  });

  test('that comes back too late is told so, and stays away', async () => {
    const { setting, client, line, moves } = await openStage(kind);
    const closed: unknown[] = [];
    client.on('closed', (event) => closed.push(event));
    line.isDown = true;
    line.cut();
    await setting.waitFor('the removal', () => setting.runtime.host.sessions.size === 0);
    line.isDown = false;
    await setting.waitFor('the end', () => client.state === 'disconnected');
    expect(moves.at(-1)).toBe('disconnected (resume-refused)');
    expect(closed).toEqual([{ reason: 'resume-refused', retryable: false }]);
    await setting.passMs(300);
    expect(setting.runtime.host.sessions.size).toBe(0);
  });

  test('that was sent away is not let in by its token', async () => {
    const { setting, client, line, moves } = await openStage(kind);
    line.isDown = true;
    line.cut();
    await setting.waitFor('the loss', () => client.state === 'reconnecting');
    setting.runtime.host.sessions.remove(sessionOf(setting), 'evicted');
    line.isDown = false;
    await setting.waitFor('the end', () => client.state === 'disconnected');
    expect(moves.at(-1)).toBe('disconnected (resume-refused)');
  });
});

describe.each(SETTINGS)('a page over $name', (kind) => {
  test('that is reloaded goes on with its session, entity and place', async () => {
    const { setting, client, line, connectAda } = await openStage(kind, PATIENT);
    await setting.until(client.leave());
    const tokenStorage = new FakeStorage();
    const first = await connectAda({ tokenStorage });
    await setting.waitFor('ada sees herself', () => first.self !== undefined);
    const entity = first.self?.entity;
    // The page is gone: nothing that its client tries gets through any more.
    line.isDown = true;
    line.cut();
    const second = await setting.connectPlayer(ADA, {
      connectOptions: { tokenStorage: tokenStorage.copy() },
    });
    expect(second).toMatchObject({ sessionId: first.sessionId, lastCause: 'resumed', epoch: 2 });
    const resynced: unknown[] = [];
    second.on('resynced', (event) => resynced.push(event));
    await setting.waitFor('ada sees herself', () => second.self !== undefined);
    expect([second.self?.entity, resynced]).toEqual([entity, []]);
    const left = first.leave();
    await setting.until(left);
  });

  test('whose session is over logs in with its credentials', async () => {
    const { setting, client, line, connectAda } = await openStage(kind, PATIENT);
    await setting.until(client.leave());
    const tokenStorage = new FakeStorage();
    const first = await connectAda({ tokenStorage });
    const copy = tokenStorage.copy();
    line.isDown = true;
    await setting.until(first.leave());
    const second = await setting.connectPlayer(ADA, { connectOptions: { tokenStorage: copy } });
    expect(second.lastCause).toBe('login-succeeded');
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(copy.items.size).toBe(1);
  });
});
