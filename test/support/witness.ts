/**
 * What one bystander lived through: transitions as the coordinator tells them, verdicts as the host
 * gives them, messages as its client gets them. Two runs are compared by this.
 */
import type { Client } from '../../src/client/index.node.ts';
import type { SpecMessages } from './spec-config.ts';
import type { Setting } from './settings.ts';

export interface Testimony {
  readonly transitions: readonly string[];
  readonly clientTransitions: readonly string[];
  /** Outcomes that were not plainly accepted. */
  readonly refusals: readonly string[];
  readonly messages: readonly string[];
  /** Where each snapshot showed it, from its start, in metres; only in exact settings. */
  readonly path: readonly string[];
}

export class Witness {
  readonly client: Client<SpecMessages>;
  readonly #setting: Setting;
  readonly #playerId: string;
  readonly #transitions: string[] = [];
  readonly #clientTransitions: string[] = [];
  readonly #messages: string[] = [];
  readonly #path: string[] = [];
  #start: { x: number; y: number } | undefined;

  constructor(setting: Setting, playerId: string, client: Client<SpecMessages>) {
    this.#setting = setting;
    this.#playerId = playerId;
    this.client = client;
  }

  /** Connects a bystander that walks at each of its ticks, and records from its first contact. */
  static async join(setting: Setting, playerId: string): Promise<Witness> {
    const early: string[] = [];
    const transitions = (target: string[]) =>
      setting.runtime.host.sessions.subscribe(({ session, from, to, cause, epoch }) => {
        if (session.playerId !== playerId) return;
        target.push(`${from} → ${to} (${cause}, epoch ${epoch})`);
      });
    const stop = transitions(early);
    const client = await setting.connectPlayer(playerId);
    stop();
    const witness = new Witness(setting, playerId, client);
    witness.#transitions.push(...early);
    transitions(witness.#transitions);
    witness.#listen();
    return witness;
  }

  /** Ends the recording of positions after `ticks` snapshots, so that runs have equal lengths. */
  testimony(isExact: boolean, ticks: number): Testimony {
    const session = this.#setting.runtime.host.sessions.getByPlayer(this.#playerId as never);
    const verdicts = session && this.#setting.runtime.host.inspect(session)?.verdicts;
    return {
      transitions: this.#transitions,
      clientTransitions: this.#clientTransitions,
      refusals: Object.entries(verdicts?.counts ?? {})
        .filter(([outcome, count]) => outcome !== 'accepted' && count > 0)
        .map(([outcome]) => outcome),
      messages: this.#messages,
      path: isExact ? this.#path.slice(0, ticks) : [],
    };
  }

  #listen(): void {
    const { client } = this;
    client.on('state', ({ from, to, cause }) => {
      this.#clientTransitions.push(`${from} → ${to} (${cause})`);
    });
    client.on('message', ({ name, payload }) => this.#messages.push(`${name}: ${payload}`));
    client.on('closed', ({ reason }) => this.#messages.push(`closed: ${reason}`));
    client.on('combat', (event) => this.#messages.push(this.#describe(event)));
    client.on('input-tick', () => client.sendMove({ directionX: 1, directionY: 0, yaw: 0.5 }));
    client.on('snapshot', () => this.#notePlace());
  }

  #describe(event: { event: string; shooterId?: string; targetId?: string }): string {
    return `${event.event} ${event.shooterId ?? ''} ${event.targetId ?? ''}`.trim();
  }

  #notePlace(): void {
    const { self } = this.client;
    if (self === undefined) return;
    this.#start ??= { x: self.x, y: self.y };
    const x = (self.x - this.#start.x).toFixed(3);
    const y = (self.y - this.#start.y).toFixed(3);
    this.#path.push(`${x} ${y} ${self.yaw.toFixed(4)}`);
  }
}
