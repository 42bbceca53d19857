/**
 * The process of those who are dropped. In: one word of JSON, then an order for each drop. Out:
 * that all are in, then how long each was away.
 */
import { connect, webSocketTransport } from 'holdfast/client';
import type { Client } from 'holdfast/client';

import { machineNow, sleep } from '../../scripts/chaos/machine-clock.ts';
import { RawPlayer } from '../../scripts/chaos/raw-player.ts';
import { TappedTransport } from '../../scripts/chaos/tapped-transport.ts';
import { PlainPlayer } from './plain-player.ts';
import type { CrowdOrder, CrowdReport } from './reconnect-orders.ts';

/** As the shipped client's first wait. */
const BACK_OFF_MS = 100;
const HEALTHY_MS_MAX = 15_000;
const POLL_MS = 5;
/** Logins at once while the crowd comes in. */
const ENTERING_MAX = 50;

/** One who can be dropped and comes back. */
interface Member {
  /** When the first frame of the newest connection came; 0 = none has. */
  readonly healthyAt: number;
  /** Back in the same seat. */
  readonly isSame: boolean;
  enter(): void;
  /** Ends the connection; `comeBack` follows when all have been dropped. */
  drop(): void;
  comeBack(): void;
}

class RawMember implements Member {
  readonly #url: string;
  readonly #name: string;
  #player: RawPlayer | undefined;
  #ticket: RawPlayer['ticket'];
  #entity = 0;

  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
  }

  get healthyAt(): number {
    return this.#player?.firstSnapshotAt ?? 0;
  }

  get isSame(): boolean {
    const accepted = this.#player?.accepted;
    return accepted?.sessionId === this.#ticket?.sessionId && accepted?.entity === this.#entity;
  }

  enter(): void {
    this.#player = new RawPlayer(this.#url);
    this.#player.login({ name: this.#name });
  }

  drop(): void {
    this.#ticket = this.#player?.ticket;
    this.#entity = this.#player?.accepted?.entity ?? 0;
    this.#player?.drop();
  }

  comeBack(): void {
    this.#player = new RawPlayer(this.#url);
    if (this.#ticket !== undefined) this.#player.resume(this.#ticket);
  }
}

class PlainMember implements Member {
  readonly #url: string;
  readonly #name: string;
  readonly #isPatient: boolean;
  #player: PlainPlayer | undefined;

  constructor(url: string, name: string, isPatient: boolean) {
    this.#url = url;
    this.#name = name;
    this.#isPatient = isPatient;
  }

  get healthyAt(): number {
    return this.#player?.firstFrameAt ?? 0;
  }

  get isSame(): boolean {
    return this.#player?.isWelcome === true;
  }

  enter(): void {
    this.#player = new PlainPlayer(this.#url, this.#name);
  }

  drop(): void {
    this.#player?.drop();
    this.#player = undefined;
  }

  comeBack(): void {
    if (!this.#isPatient) this.enter();
    else setTimeout(() => this.enter(), Math.random() * BACK_OFF_MS);
  }
}

class OfficialMember implements Member {
  healthyAt = 0;
  readonly #url: string;
  readonly #name: string;
  readonly #transport: TappedTransport;
  #client: Client | undefined;
  #sessionId: string | undefined;

  constructor(url: string, name: string) {
    this.#url = url;
    this.#name = name;
    this.#transport = new TappedTransport(webSocketTransport(), {
      handleOpen: () => undefined,
      handleFrame: () => undefined,
      handleClosed: () => undefined,
    });
  }

  get isSame(): boolean {
    const { sessionId, state } = this.#client ?? {};
    return state === 'logged-in' && sessionId === (this.#sessionId ?? sessionId);
  }

  enter(): void {
    void this.#enter();
  }

  /** It sees the loss and does the rest itself. */
  drop(): void {
    this.#sessionId = this.#client?.sessionId;
    this.healthyAt = 0;
    this.#transport.drop();
  }

  comeBack(): void {}

  async #enter(): Promise<void> {
    const credentials = { name: this.#name };
    const client = await connect({ url: this.#url, credentials, transport: this.#transport });
    this.#client = client;
    client.on('snapshot', () => {
      if (this.healthyAt === 0 && client.state === 'logged-in') this.healthyAt = machineNow();
    });
  }
}

function createMember({ kind, url, worldPlayers }: CrowdOrder, index: number): Member {
  const name = `world${Math.floor(index / worldPlayers)}/player${index}`;
  if (kind === 'raw') return new RawMember(url, name);
  if (kind === 'official') return new OfficialMember(url, name);
  return new PlainMember(url, name, kind === 'plain-patient');
}

async function untilHealthy(members: readonly Member[]): Promise<void> {
  const deadline = machineNow() + HEALTHY_MS_MAX;
  while (members.some(({ healthyAt }) => healthyAt === 0) && machineNow() < deadline) {
    await sleep(POLL_MS);
  }
}

async function enterAll(members: readonly Member[]): Promise<void> {
  for (let begin = 0; begin < members.length; begin += ENTERING_MAX) {
    const some = members.slice(begin, begin + ENTERING_MAX);
    for (const member of some) member.enter();
    await untilHealthy(some);
  }
}

async function dropAll(members: readonly Member[]): Promise<CrowdReport> {
  const droppedAt = machineNow();
  for (const member of members) member.drop();
  for (const member of members) member.comeBack();
  await untilHealthy(members);
  const back = members.filter(({ healthyAt, isSame }) => healthyAt > 0 && isSame);
  return {
    healthyMs: back.map(({ healthyAt }) => healthyAt - droppedAt),
    lost: members.length - back.length,
    droppedAt,
  };
}

const order = JSON.parse(process.argv[2] ?? '') as CrowdOrder;
const members = Array.from({ length: order.clients }, (_, index) => createMember(order, index));
await enterAll(members);
process.on('message', () => void dropAll(members).then((report) => process.send?.(report)));
process.once('disconnect', () => process.exit(0));
process.send?.(members.filter(({ healthyAt }) => healthyAt > 0).length);
