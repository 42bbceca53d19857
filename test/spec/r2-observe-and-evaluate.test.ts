import { describe, expect, test } from 'vitest';
import type { SessionState } from '../../src/session/session-state.ts';
import { encodeClientMessage } from '../../src/protocol/client-codec.ts';
import type { MoveInput, ShootInput } from '../../src/protocol/messages.ts';
import { expectUntouched } from '../support/control-run.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import type { Setting } from '../support/settings.ts';
import { SETTINGS } from '../support/settings.ts';

function move(tick: number, directionX = 0, directionY = 1): MoveInput {
  return { kind: 'move-input', tick, directionX, directionY, yaw: 0 };
}

function shoot(tick: number, options: Partial<ShootInput> = {}): ShootInput {
  return {
    kind: 'shoot-input',
    tick,
    targetPlayerId: undefined,
    directionX: 1,
    directionY: 0,
    viewTick: 0,
    ...options,
  };
}

/** Codes of the shots that this peer was told to be refused. */
function refusedShots(peer: RawPeer): string[] {
  return peer
    .all('combat-event')
    .flatMap((event) => (event.event === 'shoot-rejected' ? [event.code] : []));
}

function statesOf(setting: Setting, playerId: string): SessionState[] {
  const states: SessionState[] = [];
  setting.runtime.host.sessions.subscribe(({ session, to }) => {
    if (session.playerId === playerId) states.push(to);
  });
  return states;
}

describe.each(SETTINGS)('R2 over $name', { timeout: 30_000 }, (kind) => {
  test('R2.S1 silence walks one session through time-out to removal, the active one stays', async () => {
    await expectUntouched(kind, async (setting) => {
      const { sessions } = setting.runtime.host;
      const peer = await setting.loginRaw('bob');
      const bob = sessions.getByPlayer('bob' as never)!;
      const states = statesOf(setting, 'bob');
      peer.answersHeartbeats = false;
      await setting.waitFor('removal', () => states.includes('disconnected'));
      expect(states).toEqual(['timed-out', 'reconnecting', 'disconnected']);
      expect(bob.lastCause).toBe('reconnect-window-expired');
      expect(sessions.getByPlayer('bob' as never)).toBeUndefined();
      expect(peer.isClosed).toBe(true);
    });
  });

  test('R2.S1 with a window of 0 silence ends in removal at once, the active one stays', async () => {
    const config = {
      policy: {
        heartbeatIntervalMs: 150,
        livenessTimeoutMs: 900,
        reconnectWindowMs: 0,
        stallMsMax: 250,
      },
    };
    await expectUntouched(
      kind,
      async (setting) => {
        const peer = await setting.loginRaw('bob');
        const bob = setting.runtime.host.sessions.getByPlayer('bob' as never)!;
        const states = statesOf(setting, 'bob');
        peer.answersHeartbeats = false;
        await setting.waitFor('removal', () => states.includes('disconnected'));
        expect(states).toEqual(['timed-out', 'disconnected']);
        expect(bob.lastCause).toBe('liveness-timeout');
      },
      { config },
    );
  });

  test('R2.S1 any admitted message is proof of life, garbage is not', async () => {
    await expectUntouched(kind, async (setting) => {
      const { sessions } = setting.runtime.host;
      const talker = await setting.loginRaw('talker');
      const babbler = await setting.loginRaw('babbler');
      talker.answersHeartbeats = false;
      babbler.answersHeartbeats = false;
      for (let step = 0; step < 16; step += 1) {
        await setting.passMs(100);
        talker.send(move(talker.serverTick + 2));
        babbler.sendBytes(Uint8Array.of(250, 1, 2, 3));
      }
      expect(sessions.getByPlayer('talker' as never)?.state).toBe('logged-in');
      expect(sessions.getByPlayer('babbler' as never)?.state).not.toBe('logged-in');
    });
  });

  test('R2.S2 every session can be looked up and listed, in whatever state it is', async () => {
    await expectUntouched(kind, async (setting) => {
      const { sessions } = setting.runtime.host;
      await setting.connectRaw();
      const pending = await setting.connectRaw();
      pending.login({ playerId: 'hang' });
      const failed = await setting.connectRaw();
      failed.login({ playerId: 'refuse' });
      await setting.loginRaw('bob');
      const silent = await setting.loginRaw('eve');
      const seenTimedOut: boolean[] = [];
      sessions.subscribe(({ session, to }) => {
        if (to === 'timed-out') seenTimedOut.push(sessions.get(session.peerId)?.state === to);
      });
      silent.answersHeartbeats = false;
      const eve = sessions.getByPlayer('eve' as never)!;
      await setting.waitFor('reconnecting', () => eve.state === 'reconnecting');
      expect(seenTimedOut).toEqual([true]);
      const states = [...sessions].map(({ state }) => state).toSorted();
      expect(states).toEqual([
        'logged-in',
        'logged-in',
        'login-failed',
        'login-pending',
        'reconnecting',
        'transport-connected',
      ]);
      for (const session of sessions) expect(sessions.get(session.peerId)).toBe(session);
      expect(sessions.getByPlayer('eve' as never)?.state).toBe('reconnecting');
    });
  });

  test('R2.S3 late, doubled, early and absurd movement of one peer never touches another', async () => {
    await expectUntouched(kind, async (setting) => {
      const peer = await setting.loginRaw('bob');
      const bob = setting.runtime.host.sessions.getByPlayer('bob' as never)!;
      const counts = () => setting.runtime.host.inspect(bob)!.verdicts.counts;
      await setting.waitFor('a snapshot', () => peer.first('snapshot') !== undefined);
      const now = peer.serverTick;
      peer.send(move(Number.MAX_SAFE_INTEGER));
      peer.send(move(now + 1_000));
      peer.send(move(0));
      peer.send(move(now + 6, 5, 0));
      peer.send(move(now + 6));
      peer.send(move(now + 5));
      peer.send(move(now + 7, Number.NaN, 0));
      peer.sendBytes(withTickBeyondSafety());
      await setting.waitFor('verdicts', () => counts().rejected >= 3 && counts().accepted >= 1);
      await setting.waitFor('the clamped one has run', () => counts().clamped === 1);
      expect(counts()).toEqual({ accepted: 1, clamped: 1, stale: 1, duplicate: 1, rejected: 3 });
      const { rejectedByCode } = setting.runtime.host.inspect(bob)!.verdicts;
      expect(rejectedByCode).toEqual({ 'too-far-ahead': 2, 'not-finite': 1 });
      // The absurd ticks deafened nobody: the peer's next sane input counts.
      peer.send(move(peer.serverTick + 3));
      await setting.waitFor('a sane input', () => counts().accepted === 2);
    });
  });

  test('R2.S4 every refused shot has its own code, tells the shooter only, and harms nobody', async () => {
    await expectUntouched(
      kind,
      async (setting, witness) => {
        const peer = await setting.loginRaw('bob');
        await setting.waitFor('a snapshot', () => peer.first('snapshot') !== undefined);
        const heard: string[] = [];
        witness.client.on('combat', ({ event }) => heard.push(event));
        const shots: readonly [string, Partial<ShootInput>][] = [
          ['target-self', { targetPlayerId: 'bob' as never }],
          ['target-unknown', { targetPlayerId: 'nobody' as never }],
          ['no-direction', { directionX: 0, directionY: 0 }],
          ['not-finite', { directionX: Number.NaN }],
        ];
        for (const [code, shot] of shots) {
          peer.send(shoot(peer.serverTick + 1, shot));
          await setting.waitFor(code, () => refusedShots(peer).includes(code));
        }
        peer.send(shoot(peer.serverTick + 100_000));
        await setting.waitFor('too-far-ahead', () => refusedShots(peer).includes('too-far-ahead'));
        expect(refusedShots(peer)).toEqual([...shots.map(([code]) => code), 'too-far-ahead']);
        expect(heard).toEqual([]);
      },
      { common: async (setting, witness) => shootTwice(setting, witness.client) },
    );
  });
});

/** The bystander's own shots: both accepted, both seen by itself. */
async function shootTwice(
  setting: Setting,
  client: { shoot(aim: object): number | undefined; on: Function },
): Promise<void> {
  for (let shots = 0; shots < 2; shots += 1) {
    await setting.passMs(400);
    expect(client.shoot({ directionX: 0, directionY: -1 })).toBeDefined();
  }
  await setting.passMs(300);
}

/** A MoveInput whose tick is 2^53 as a varint: no safe integer. */
function withTickBeyondSafety(): Uint8Array {
  const [kind] = encodeClientMessage(move(1));
  return Uint8Array.of(kind!, 0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10);
}
