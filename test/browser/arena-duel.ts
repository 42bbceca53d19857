/** Two people at the arena's page, of whom one shoots the other. In: their pages. Out: a kill. */
import { expect } from 'vitest';
import { hasClearView } from '../../examples/arena/src/shared/arena-sight.ts';
import type { ArenaPage } from './arena-page.ts';

/** Ada walks to where Grace stands, until she is near and sees her. */
export async function approach(ada: ArenaPage, grace: ArenaPage): Promise<void> {
  await ada.until(() => window.arena?.players.some((player) => player?.name === 'Grace') === true);
  const target = await grace.self();
  if (target === null) throw new Error('Grace is nowhere');
  await ada.walkTo(target, (self) => {
    const isNear = Math.hypot(self.x - target.x, self.y - target.y) < 4;
    return isNear && hasClearView(self, target);
  });
}

/** Ada goes to Grace and shoots her until she is hurt. */
export async function wound(ada: ArenaPage, grace: ArenaPage): Promise<void> {
  await approach(ada, grace);
  await ada.shootAt('Grace', async () => ((await grace.self())?.hitPoints ?? 100) < 100);
  expect((await grace.self())?.hitPoints).toBeLessThan(100);
}

/** Ada goes on until Grace is dead. */
export async function shootDown(ada: ArenaPage, grace: ArenaPage): Promise<void> {
  await wound(ada, grace);
  await ada.shootAt('Grace', async () => (await grace.self())?.isAlive === false);
}
