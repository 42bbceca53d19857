/**
 * What every player of the game takes for granted: coins are kept, and come one by one. In: the
 * simulation after each tick. Out: a throw that says who lost what. It looks from outside, at what
 * each player's own client shows, so it holds for any way to write the rule.
 */
import type { SimulationCheck } from 'holdfast/simulator';

/** One for each simulation: it remembers. */
export function createCoinCheck(): SimulationCheck {
  /** By session: who leaves and comes back begins anew. */
  const seen = new Map<string, number>();
  return {
    name: 'coins are kept',
    check: ({ peers }) => {
      for (const { name, client } of peers.values()) {
        const coins = client?.self?.fields['coins'];
        if (client === undefined || coins === undefined) continue;
        const before = seen.get(client.sessionId) ?? 0;
        seen.set(client.sessionId, coins);
        if (coins < before) throw new Error(`${name} had ${before} coins, and now has ${coins}`);
        if (coins > before + 1) throw new Error(`${name} got ${coins - before} coins at once`);
      }
    },
  };
}
