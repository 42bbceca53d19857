import type { PlayerId } from '../../src/protocol/ids.ts';
import type { RawPeer } from './raw-peer.ts';
import type { Setting } from './settings.ts';
import { moveInput, shootInput } from './world-fixture.ts';

/** Brings bob into a place and a condition that he could only have by living in the world. */
export async function liveABit(
  setting: Setting,
  bob: RawPeer,
): Promise<{ x: number; hitPoints: number }> {
  const eve = await setting.loginRaw('eve');
  await setting.waitFor('both are there', () => eve.fieldOf('bob', 'hitPoints') === 100);
  eve.send(shootInput({ tick: eve.serverTick + 1, targetPlayerId: 'bob' as PlayerId }));
  await setting.waitFor('a hit', () => bob.fieldOf('bob', 'hitPoints') === 75);
  for (let steps = 0; steps < 4; steps += 1) {
    bob.send(moveInput({ tick: bob.serverTick + 3 }));
    await setting.passMs(50);
  }
  await setting.waitFor('bob has moved', () => (bob.fieldOf('bob', 'x') ?? 0) > 500.5);
  await setting.passMs(400);
  return { x: bob.fieldOf('bob', 'x')!, hitPoints: 75 };
}
