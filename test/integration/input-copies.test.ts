/** Movement inputs that repeat those before them: what a copy is worth, and what it is not. */
import { describe, expect, test } from 'vitest';

import { ConditionedClientTransport } from '../../src/transport/conditioned-client.ts';
import type { EarlierMove } from '../../src/protocol/messages.ts';
import { openMemory } from '../support/open-setting.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { moveInput } from '../support/world-fixture.ts';

function copyOf(tick: number, directionX = 1): EarlierMove {
  return { tick, directionX, directionY: 0, yaw: 0 };
}

async function openStage() {
  const verdicts: string[] = [];
  const setting = await openMemory({
    onVerdict: (_, input, verdict) => {
      const tick = input.kind === 'user-input' ? 0 : input.tick;
      verdicts.push(`${tick} ${verdict.outcome}`);
    },
  });
  const { counters } = setting.runtime.host;
  const peer = await setting.loginRaw('ada');
  await setting.waitFor('ticks', () => peer.serverTick > 2);
  return { setting, counters, peer, verdicts, tick: peer.serverTick };
}

describe('a copy', () => {
  test('of an input that got lost is that input', async () => {
    const { setting, counters, peer, verdicts, tick } = await openStage();
    const earlier = [copyOf(tick + 3), copyOf(tick + 4)];
    peer.send({ ...moveInput({ tick: tick + 5 }), earlier });
    await setting.passMs(500);
    const accepted = [3, 4, 5].map((ahead) => `${tick + ahead} accepted`);
    expect(verdicts).toEqual(accepted);
    expect([counters.inputsRecovered, counters.inputCopiesIgnored]).toEqual([2, 0]);
    expect(peer.last('input-ack')?.lastInputTick).toBe(tick + 5);
  });

  test('of an input that has come, waits or has run, is no input: no verdict, no report', async () => {
    const { setting, counters, peer, verdicts, tick } = await openStage();
    peer.send(moveInput({ tick: tick + 3 }));
    peer.send({ ...moveInput({ tick: tick + 4 }), earlier: [copyOf(tick + 3, -1)] });
    await setting.passMs(300);
    peer.send({ ...moveInput({ tick: tick + 10 }), earlier: [copyOf(tick + 3), copyOf(tick + 4)] });
    await setting.passMs(500);
    expect(verdicts).toEqual([3, 4, 10].map((ahead) => `${tick + ahead} accepted`));
    expect([counters.inputsRecovered, counters.inputCopiesIgnored]).toEqual([0, 3]);
    expect(peer.all('verdict-report')).toEqual([]);
  });

  test('leaves nothing to an input that was only late', async () => {
    const { setting, counters, peer, verdicts, tick } = await openStage();
    peer.send({ ...moveInput({ tick: tick + 4 }), earlier: [copyOf(tick + 3)] });
    peer.send(moveInput({ tick: tick + 3 }));
    await setting.passMs(1);
    expect(counters.inputCopiesIgnored).toBe(1);
    // Once: whoever sends it again repeats himself.
    peer.send(moveInput({ tick: tick + 3 }));
    await setting.passMs(500);
    expect(verdicts).toEqual([
      `${tick + 3} duplicate`,
      `${tick + 3} accepted`,
      `${tick + 4} accepted`,
    ]);
  });

  test('that could not be an input is none: too far ahead, not finite, too late', async () => {
    const { setting, counters, peer, verdicts, tick } = await openStage();
    const earlier = [copyOf(tick), copyOf(tick + 3, Number.NaN), copyOf(tick + 100)];
    peer.send({ ...moveInput({ tick: tick + 101 }), earlier });
    await setting.passMs(300);
    expect(verdicts).toEqual([`${tick + 101} rejected`]);
    expect([counters.inputsRecovered, counters.inputCopiesIgnored]).toEqual([0, 3]);
  });

  test('is part of one message, and of its cost', async () => {
    const { setting, counters, peer, tick } = await openStage();
    const before = counters.messagesReceived;
    const earlier = Array.from({ length: 7 }, (_, index) => copyOf(tick + index));
    peer.send({ ...moveInput({ tick: tick + 7 }), earlier });
    await setting.passMs(1);
    expect(counters.messagesReceived - before).toBe(1);
  });

  test('before the login has no verdict; the message has one', async () => {
    const { setting, verdicts } = await openStage();
    const peer = await setting.connectRaw();
    peer.send({ ...moveInput({ tick: 5 }), earlier: [copyOf(4)] });
    await setting.waitFor('a verdict', () => verdicts.length > 0);
    expect(verdicts).toEqual(['5 rejected']);
  });
});

/** Plays 30 s over a lane that loses a fifth of what is sent; answers what came of it. */
async function playOverLoss(inputRepeatsMax: number) {
  const { setting, counters, verdicts } = await openStage();
  const { time } = setting;
  const options = { up: { delayMs: 40, jitterMs: 60, lossRate: 0.2 }, down: { delayMs: 40 } };
  const platform = { clock: time, scheduler: time, random: new SeededRandom(5) };
  const transport = new ConditionedClientTransport(setting.transport, options, platform);
  const client = await setting.connectPlayer('bob', {
    connectOptions: { transport, inputRepeatsMax },
  });
  let sent = 0;
  client.on('input-tick', () => {
    if (client.sendMove({ directionX: 1, directionY: 0, yaw: 0 }) !== undefined) sent += 1;
  });
  await setting.passMs(30_000);
  const taken = verdicts.filter((text) => text.endsWith('accepted')).length;
  const refused = verdicts.length - taken;
  return { sent, taken, refused, counters };
}

describe('a client over a lane that loses', () => {
  // What is still lost came too late with its first copy: that is the lead's matter.
  test('loses few of its inputs, and is not blamed for its copies', async () => {
    const { sent, taken, refused, counters } = await playOverLoss(3);
    expect(sent).toBeGreaterThan(500);
    expect(taken / sent).toBeGreaterThan(0.94);
    expect(counters.inputsRecovered).toBeGreaterThan(60);
    expect(refused / sent).toBeLessThan(0.02);
  });

  test('loses what the lane does where it repeats nothing', async () => {
    const { sent, taken, counters } = await playOverLoss(0);
    expect(taken / sent).toBeLessThan(0.85);
    expect([counters.inputsRecovered, counters.inputCopiesIgnored]).toEqual([0, 0]);
  });
});

test('a client over an ordered lane repeats nothing', async () => {
  const { setting, counters } = await openStage();
  const client = await setting.connectPlayer('bob');
  client.on('input-tick', () => client.sendMove({ directionX: 1, directionY: 0, yaw: 0 }));
  await setting.passMs(2_000);
  expect([counters.inputsRecovered, counters.inputCopiesIgnored]).toEqual([0, 0]);
});
