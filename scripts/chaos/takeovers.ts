/**
 * Contests for one seat: several connections want the same player's session at once, half of them
 * with its token, the others by a fresh login. In: how many contests. Out: how often there was not
 * exactly one winner, and how long it took until there was one.
 */
import { percentile } from './judge/percentile.ts';
import { machineNow, sleep } from './machine-clock.ts';
import { RawPlayer } from './raw-player.ts';
import type { Ticket } from './raw-player.ts';
import { SupervisedServer } from './supervised-server.ts';

export interface TakeoversOptions {
  readonly takeovers: number;
  readonly journal: 'ahead' | 'behind';
  readonly holdMs: number;
  readonly data: string;
  readonly say: (line: string) => void;
  /** Gets what ends the server at once. */
  readonly onStarted: (destroy: () => void) => void;
}

export interface TakeoversSummary {
  readonly takeovers: number;
  readonly moreThanOneWinner: number;
  readonly noWinner: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const CONTENDERS = { min: 2, max: 8 };
/** From the first contender to the last. */
const START_WITHIN_MS = 5;
const SETTLE_MS_MAX = 3_000;
/** A second winner would show by then. */
const QUIET_MS = 20;
const PROBE_MS_MAX = 2_000;
const POLL_MS = 2;
const SAID_EVERY = 100;
const SEATS = 200;

type Way = 'token' | 'login' | 'holder';

interface Contest {
  readonly winners: number;
  /** How the winner came in; undefined when there is not exactly one. */
  readonly wonBy: Way | undefined;
  /** From the first contender on; undefined when the holder stayed or nobody won. */
  readonly tookMs: number | undefined;
  /** What each was told. */
  readonly story: readonly string[];
}

export async function runTakeovers(options: TakeoversOptions): Promise<TakeoversSummary> {
  const { data, holdMs, journal, onStarted, say, takeovers } = options;
  const seatMovesPerMinute = 60;
  say(`limits: ${SEATS} sessions per address, ${seatMovesPerMinute} seat moves a minute`);
  const server = new SupervisedServer({
    data,
    journal,
    holdMs,
    players: SEATS,
    seatMovesPerMinute,
  });
  onStarted(() => server.destroy());
  const { port } = await server.serving(0);
  const contests: Contest[] = [];
  for (let index = 0; index < takeovers; index += 1) {
    const contest = await runContest(`ws://127.0.0.1:${port}`, index);
    contests.push(contest);
    if (contest.winners !== 1) {
      say(`contest ${index}: ${contest.winners} winners: ${contest.story.join('; ')}`);
    }
    if (contests.length % SAID_EVERY === 0) say(`${contests.length} contests`);
  }
  await server.stop();
  const wonBy = (way: Way): number => contests.filter((contest) => contest.wonBy === way).length;
  say(
    `won by a token: ${wonBy('token')}, by a login: ${wonBy('login')}; ` +
      `the seat was held: ${wonBy('holder')}`,
  );
  const times = contests.map(({ tookMs }) => tookMs).filter((tookMs) => tookMs !== undefined);
  return {
    takeovers: contests.length,
    moreThanOneWinner: contests.filter(({ winners }) => winners > 1).length,
    noWinner: contests.filter(({ winners }) => winners === 0).length,
    p50Ms: Math.round(percentile(times, 0.5) * 10) / 10,
    p99Ms: Math.round(percentile(times, 0.99) * 10) / 10,
  };
}

async function runContest(url: string, index: number): Promise<Contest> {
  const credentials = { name: `contested-${index}` };
  const { holder, tickets } = await prepare({ url, credentials, isRotated: index % 3 === 0 });
  const count = CONTENDERS.min + (index % (CONTENDERS.max - CONTENDERS.min + 1));
  const startedAt = machineNow();
  const contenders = await Promise.all(
    Array.from({ length: count }, async (_, at) => {
      await sleep(Math.random() * START_WITHIN_MS);
      const contender = new RawPlayer(url);
      // The same token more than once, and one that is spent.
      const ticket = tickets[Math.floor(at / 2) % tickets.length];
      if (ticket !== undefined && usesToken(index, at)) contender.resume(ticket);
      else contender.login(credentials);
      return contender;
    }),
  );
  const everybody = [holder, ...contenders];
  await untilSettled(everybody);
  const inside = everybody.filter((player) => player.isIn);
  const answering = await Promise.all(inside.map(isServed));
  const winners = answering.filter(Boolean).length;
  const winner = winners === 1 ? inside[answering.indexOf(true)] : undefined;
  const story = everybody.map(storyOf);
  for (const player of inside) player.leave();
  await sleep(POLL_MS);
  for (const player of everybody) player.drop();
  if (winner === undefined) return { winners, wonBy: undefined, tookMs: undefined, story };
  const at = contenders.indexOf(winner);
  if (at < 0) return { winners, wonBy: 'holder', tookMs: undefined, story };
  const wonBy = usesToken(index, at) ? 'token' : 'login';
  return { winners, wonBy, tookMs: winner.acceptedAt - startedAt, story };
}

/**
 * Half of all contenders: everybody in every fourth contest and nobody in another, for a login
 * voids the tokens of all who come after it; in the others every second one.
 */
function usesToken(contest: number, at: number): boolean {
  if (contest % 4 === 1) return true;
  return contest % 4 !== 3 && at % 2 === 0;
}

/** A player who is in, and what its session can be asked for with: the newest token first. */
async function prepare(given: {
  readonly url: string;
  readonly credentials: unknown;
  readonly isRotated: boolean;
}): Promise<{ readonly holder: RawPlayer; readonly tickets: readonly Ticket[] }> {
  const { url, credentials, isRotated } = given;
  const first = new RawPlayer(url);
  first.login(credentials);
  await until(() => first.isAnswered, SETTLE_MS_MAX);
  if (first.ticket === undefined) throw new Error(`nobody gets in: ${first.refusal}`);
  if (!isRotated) return { holder: first, tickets: [first.ticket] };
  const second = new RawPlayer(url);
  second.resume(first.ticket);
  await until(() => second.isAnswered && !first.isOpen, SETTLE_MS_MAX);
  if (second.ticket === undefined) throw new Error(`nobody comes back: ${second.refusal}`);
  return { holder: second, tickets: [second.ticket, first.ticket] };
}

/** Everybody knows where they stand, and it stays so. */
async function untilSettled(everybody: readonly RawPlayer[]): Promise<void> {
  const isSettled = (): boolean =>
    everybody.every((player) => player.isAnswered) &&
    everybody.filter((player) => player.isIn).length <= 1;
  await until(isSettled, SETTLE_MS_MAX);
  await sleep(QUIET_MS);
}

/** The server does what it asks. */
async function isServed(player: RawPlayer): Promise<boolean> {
  const answer = player.next(
    (message) => message.kind === 'user-message' && message.name === 'ledger',
    PROBE_MS_MAX,
  );
  player.send({ kind: 'user-message', name: 'token', payload: '{"number":1}' });
  return (await answer) !== undefined;
}

function storyOf(player: RawPlayer): string {
  const begin = player.accepted === undefined ? `refused (${player.refusal})` : 'accepted';
  return player.closing === undefined ? begin : `${begin}, ${player.closing}`;
}

async function until(isTrue: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = machineNow() + timeoutMs;
  while (!isTrue() && machineNow() < deadline) await sleep(POLL_MS);
}
