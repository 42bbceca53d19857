/**
 * The players of the join and idle benches: they come in, all at once or a few at a time, and are
 * silent. In: one word of JSON, then questions. Out: how long each took to be in.
 */
import { machineNow, sleep } from '../../../scripts/chaos/machine-clock.ts';
import { createAdapter } from '../arena/create-adapter.ts';
import { LoadClient } from '../arena/load-client.ts';
import type { JoinOrder, JoinQuestion, JoinReport } from './join-orders.ts';

const ENTER_MS_MAX = 30_000;

const order = JSON.parse(process.argv[2] ?? '') as JoinOrder;
const worlds = Math.ceil(order.clients / order.worldPlayers);
let clients: LoadClient[] = [];
let turn = 0;

async function enterAll(): Promise<JoinReport> {
  turn += 1;
  const adapter = createAdapter(order.adapter);
  const begunAt = new Map<LoadClient, number>();
  clients = Array.from({ length: order.clients }, (_, index) => {
    const name = `turn${turn}-client${index}`;
    return new LoadClient(
      adapter,
      { port: order.port, worldId: `world${index % worlds}`, name },
      index,
    );
  });
  const waiting = clients.toReversed();
  const work = async (): Promise<void> => {
    for (let client = waiting.pop(); client !== undefined; client = waiting.pop()) {
      begunAt.set(client, machineNow());
      await client.enter().catch(() => false);
    }
  };
  const all = Promise.all(Array.from({ length: order.enteringMax }, work));
  await Promise.race([all, sleep(ENTER_MS_MAX)]);
  const inside = clients.filter(({ isIn }) => isIn);
  const problems = clients.flatMap(({ lostBecause }) => lostBecause ?? []);
  return {
    enteredMs: inside.map((client) => client.inAt - (begunAt.get(client) ?? 0)),
    lost: clients.length - inside.length,
    problems: [...new Set(problems)].slice(0, 5),
  };
}

function leaveAll(): JoinReport {
  const lost = clients.filter(({ lostBecause }) => lostBecause !== undefined).length;
  for (const client of clients) client.leave();
  return { enteredMs: [], lost, problems: [] };
}

process.on('message', (question: JoinQuestion) => {
  if (question === 'enter') void enterAll().then((report) => process.send?.(report));
  else process.send?.(leaveAll());
});
process.once('disconnect', () => process.exit(0));
process.send?.('ready');
