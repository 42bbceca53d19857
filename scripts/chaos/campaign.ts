/**
 * A chaos campaign: a server under its supervisor, clients in another process, and kills. In: how
 * many of each. Out: what the server died in, and a file of what the clients saw.
 */
import { ClientProcess } from './client-process.ts';
import { KillPlan } from './kill-plan.ts';
import type { Aim } from './kill-plan.ts';
import { machineNow, sleep } from './machine-clock.ts';
import type { Phase } from './phase-marks.ts';
import { SupervisedServer } from './supervised-server.ts';
import type { Kill } from './supervised-server.ts';

export interface CampaignOptions {
  readonly cycles: number;
  readonly clients: number;
  readonly journal: 'ahead' | 'behind';
  readonly holdMs: number;
  /** How long everybody is in before a kill, at least. */
  readonly playMs: number;
  readonly data: string;
  readonly logPath: string;
  readonly say: (line: string) => void;
}

export interface CampaignOutcome {
  readonly cycles: number;
  readonly killsIn: Readonly<Record<Phase, number>>;
  /** Times that not all were back before the next kill was due. */
  readonly stragglers: number;
}

const ALL_IN_MS_MAX = 20_000;
/** Added to `playMs`, at most. */
const PLAY_SPREAD_MS = 1_000;
/** After a kill is aimed at a phase that doesn't come. */
const AIM_MS_MAX = 3_000;
/** Players among whom all moments of a phase are met. */
const AIM_SKIPS_MAX = 5;
/** Until the clients have said that some are gone. */
const STATUS_MS = 150;
const LAST_PLAY_MS = 2_000;
/** One in so many loses its connection, leaves or comes. */
const DISTURBED_PART = 10;

/** A shot of each player, a token of each player. Ticks. */
const SHOT_TICKS = 80;
const TOKEN_TICKS = 10;
/** Seats of those who have just left may still be held. */
const SEATS_PER_CLIENT = 4;

export class Campaign {
  readonly #options: CampaignOptions;
  readonly #plan = new KillPlan();
  readonly #killsIn: Record<Phase, number> = { login: 0, resume: 0, checkpoint: 0 };
  readonly #server: SupervisedServer;
  #clients: ClientProcess | undefined;
  #stragglers = 0;
  #cycles = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    const { clients, data, holdMs, journal, say } = options;
    const players = clients * SEATS_PER_CLIENT;
    // Nobody is to be kept out by a limit: every kill moves every seat.
    const seatMovesPerMinute = 600;
    say(`limits: ${players} sessions per address, ${seatMovesPerMinute} seat moves a minute`);
    this.#server = new SupervisedServer({ data, journal, holdMs, players, seatMovesPerMinute });
  }

  /** Rejects when it can't go on; `close` is due in any case. */
  async run(): Promise<CampaignOutcome> {
    const { clients, cycles, logPath } = this.#options;
    const { port } = await this.#server.serving(0);
    this.#clients = new ClientProcess({
      url: `ws://127.0.0.1:${port}`,
      clients,
      logPath,
      shotTicks: SHOT_TICKS,
      tokenTicks: TOKEN_TICKS,
    });
    for (let cycle = 0; cycle < cycles; cycle += 1) await this.#runCycle(cycle, this.#clients);
    await this.#settle(this.#clients);
    await sleep(LAST_PLAY_MS);
    await this.#clients.finish();
    return { cycles: this.#cycles, killsIn: this.#killsIn, stragglers: this.#stragglers };
  }

  /** Ends both processes politely, within seconds. */
  async close(): Promise<void> {
    await this.#clients?.finish();
    await this.#server.stop();
  }

  /** Ends both processes now. */
  destroy(): void {
    this.#clients?.destroy();
    this.#server.destroy();
  }

  async #runCycle(cycle: number, clients: ClientProcess): Promise<void> {
    const aim = this.#plan.aim(cycle);
    const isStorm = aim.isStorm && cycle > 0 && this.#plan.waitMs(machineNow()) === 0;
    if (!isStorm) await this.#play(clients);
    const kill = await this.#kill({ ...aim, isStorm }, clients);
    this.#plan.handleKilled(kill.at);
    clients.send({ order: 'mark', row: { kind: 'kill', ...kill } });
    await this.#server.untilDead();
    const { at, process } = await this.#server.serving(kill.process + 1);
    clients.send({ order: 'mark', row: { kind: 'listening', at, process } });
    this.#cycles += 1;
    this.#account(aim, kill);
    const { phase = 'no phase' } = aim;
    const { clients: total, lost } = clients.status;
    const startMs = Math.round(at - kill.at);
    this.#options.say(
      `cycle ${cycle + 1}: killed in ${phase}${isStorm ? ' (storm)' : ''}, serves again after ` +
        `${startMs} ms; ${total} clients, ${lost} lost`,
    );
  }

  /** Everybody is in and plays for a while; some lose their connection. */
  async #play(clients: ClientProcess): Promise<void> {
    await this.#settle(clients);
    clients.send({ order: 'drop', count: this.#few });
    await sleep(STATUS_MS);
    await this.#settle(clients);
    await sleep(this.#options.playMs + Math.random() * PLAY_SPREAD_MS);
    await sleep(this.#plan.waitMs(machineNow()));
  }

  async #settle(clients: ClientProcess): Promise<void> {
    if (await clients.untilAllIn(ALL_IN_MS_MAX)) return;
    const { isIn, clients: total } = clients.status;
    this.#stragglers += 1;
    this.#options.say(`only ${isIn} of ${total} clients are in after ${ALL_IN_MS_MAX} ms`);
  }

  #kill(aim: Aim, clients: ClientProcess): Promise<Kill> | Kill {
    const { phase, step } = aim;
    if (phase === undefined) return this.#server.kill();
    const { process } = this.#server;
    let skips = Math.floor(Math.random() * Math.min(AIM_SKIPS_MAX, this.#few));
    if (phase === 'checkpoint') skips = 0;
    return new Promise((resolve) => {
      const shoot = (): void => {
        unwatch();
        clearTimeout(timer);
        resolve(this.#server.kill());
      };
      const timer = setTimeout(shoot, AIM_MS_MAX);
      const unwatch = this.#server.watchMarks((mark) => {
        if (mark.process !== process || mark.phase !== phase || mark.step !== step) return;
        if (skips > 0) skips -= 1;
        else shoot();
      });
      if (phase === 'login') clients.send({ order: 'churn', count: this.#few });
      if (phase === 'resume' && !aim.isStorm) clients.send({ order: 'drop', count: this.#few });
    });
  }

  #account({ phase }: Aim, kill: Kill): void {
    if (phase === undefined) return;
    if (this.#server.diedIn(kill.process, phase)) this.#killsIn[phase] += 1;
    else this.#plan.handleMissed(phase);
  }

  get #few(): number {
    return Math.max(2, Math.ceil(this.#options.clients / DISTURBED_PART));
  }
}
