import { expect, test } from 'vitest';
import { nodeHashToken } from '../../src/host/node-platform.ts';
import type { LoginAccepted } from '../../src/protocol/messages.ts';
import type { ComebackStage } from '../support/comeback-stage.ts';
import { openComebackStage } from '../support/comeback-stage.ts';
import { DrivenDisk } from '../support/driven-disk.ts';
import { DURABLE_POLICY } from '../support/durable-stage.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { MEMORY } from '../support/settings.ts';
import type { SettingConfig } from '../support/settings.ts';
import { SPEC_CONFIG } from '../support/spec-config.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1);
const CONTENDERS_MAX = 8;
const ROUNDS = 5;

interface Fight extends ComebackStage {
  readonly random: SeededRandom;
  readonly disk: DrivenDisk | undefined;
  /** Everybody who was ever connected, whatever became of them. */
  readonly peers: RawPeer[];
}

async function openFight(seed: number, hasStore: boolean): Promise<Fight> {
  const random = new SeededRandom(seed);
  const disk = hasStore ? new DrivenDisk() : undefined;
  const config: SettingConfig = {
    policy: { ...DURABLE_POLICY, takeover: random.unit() < 0.3 ? 'reject' : 'replace' },
    limits: { seatMovesPerMinute: 60_000 },
    authenticate: async (credentials, request) => {
      const { turns = 0 } = credentials as { turns?: number };
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      return SPEC_CONFIG.authenticate(credentials, request);
    },
    ...(disk === undefined ? {} : { store: disk.store }),
  };
  return { ...(await openComebackStage(MEMORY, config)), random, disk, peers: [] };
}

/** One more connection that wants to be bob, by whatever means. */
async function contend(fight: Fight): Promise<void> {
  const { setting, random, peers } = fight;
  const peer = await setting.connectRaw();
  const accepted = peers.filter((other) => other.first('login-accepted') !== undefined);
  const earlier = accepted[random.below(accepted.length)];
  peer.answersHeartbeats = random.unit() < 0.7;
  if (earlier !== undefined && random.unit() < 0.5) peer.resume(earlier);
  else {
    const worldId = random.unit() < 0.2 ? 'south' : 'field';
    peer.login({ playerId: 'bob', worldId, turns: random.below(20) });
  }
  peers.push(peer);
}

/** Something that may happen to anybody at any time. */
function disturb({ host, random, peers }: Fight): void {
  const peer = peers[random.below(peers.length)]!;
  const draw = random.unit();
  if (draw < 0.3) peer.drop();
  else if (draw < 0.4) peer.send({ kind: 'leave' });
  else if (draw < 0.45) {
    const session = host.sessions.getByPlayer('bob' as never);
    if (session !== undefined) host.evict(session);
  }
}

function drawFate({ random, disk }: Fight): void {
  if (disk === undefined) return;
  const draw = random.unit();
  if (draw < 0.5) disk.fate = { delayMs: random.below(120) };
  else if (draw < 0.6) disk.fate = { delayMs: random.below(50), fault: 'nothing-written' };
  else if (draw < 0.7) disk.fate = { delayMs: random.below(50), fault: 'answer-lost' };
  else disk.fate = {};
}

function acceptancesOf(peers: readonly RawPeer[]): LoginAccepted[] {
  return peers.flatMap((peer) => peer.all('login-accepted'));
}

async function expectOneOutcome({ host, disk, peers }: Fight): Promise<void> {
  const session = host.sessions.getByPlayer('bob' as never);
  const inside = peers.filter(
    (peer) => peer.first('login-accepted') !== undefined && !peer.isClosed,
  );
  expect(inside).toHaveLength(session?.state === 'logged-in' ? 1 : 0);
  const numbers = acceptancesOf(peers).map(({ sessionId, epoch }) => `${sessionId} ${epoch}`);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(host.counters.internalErrors).toBe(0);
  if (session === undefined) {
    expect(host.worldCount).toBe(0);
    expect((await disk?.sessions()) ?? []).toEqual([]);
    return;
  }
  expect(host.worldCount).toBe(1);
  const { sessionId, epoch, worldId } = session;
  const newest = acceptancesOf(peers).find(
    (accepted) => accepted.sessionId === sessionId && accepted.epoch === epoch,
  );
  expect(newest).toMatchObject({ worldId });
  if (disk === undefined) return;
  const current = nodeHashToken(newest?.resumeToken ?? '');
  const { entity } = newest ?? {};
  expect(await disk.sessions()).toMatchObject([
    { playerId: 'bob', sessionId, epoch, worldId, entity, tokens: { current } },
  ]);
}

async function runFight(seed: number, hasStore: boolean): Promise<void> {
  const stage = await openFight(seed, hasStore);
  const { setting, random } = stage;
  for (let round = 0; round < ROUNDS; round += 1) {
    const contenders = 2 + random.below(CONTENDERS_MAX - 1);
    for (let index = 0; index < contenders; index += 1) {
      drawFate(stage);
      await contend(stage);
      if (random.unit() < 0.4) await setting.passMs(random.below(60));
      if (random.unit() < 0.5) disturb(stage);
    }
    if (stage.disk !== undefined) stage.disk.fate = {};
    await setting.passMs(2_000);
    await expectOneOutcome(stage);
  }
}

test.each(SEEDS)('of many who want one seat at most one has it (seed %i)', async (seed) => {
  await runFight(seed, false);
});

test.each(SEEDS)('and with a store the disk says the same (seed %i)', async (seed) => {
  await runFight(seed, true);
});
