/**
 * One bot: a Holdfast client like any other, moved by a brain. It reconnects by the client's own
 * means, and begins a new session when one has ended for good.
 */
import { randomBytes } from 'node:crypto';
import { conditionedTransport, connect, webSocketTransport } from 'holdfast/client';
import type { Client, ClientTransport, PlayerView } from 'holdfast/client';
import { ARENA_MESSAGES } from '../shared/arena-messages.ts';
import type { BotLine } from '../shared/bot-line.ts';
import { BotBrain } from './bot-brain.ts';
import type { Observation, SeenPlayer } from './bot-brain.ts';
import { botName } from './bot-names.ts';

type BotClient = Client<typeof ARENA_MESSAGES>;

/** Before another attempt after a session has ended. Milliseconds. */
const RETRY_MS = 2_000;
/** Looking around costs; a bot that looks four times a second is human enough. Input ticks. */
const LOOK_INTERVAL_TICKS = 5;

export class Bot {
  readonly #url: string;
  readonly #credentials: { readonly secret: string; readonly name: string };
  readonly #brain = new BotBrain(Math.random);
  readonly #phase: number;
  readonly #transport: ClientTransport;

  constructor(options: { url: string; index: number; line: BotLine }) {
    this.#url = options.url;
    this.#transport = transportOver(options.line);
    this.#phase = options.index;
    this.#credentials = {
      secret: randomBytes(16).toString('hex'),
      name: botName(options.index),
    };
  }

  /** Joins, and joins again whenever a session has ended. */
  start(): void {
    void this.#join();
  }

  async #join(): Promise<void> {
    try {
      const client = await connect({
        url: this.#url,
        credentials: this.#credentials,
        messages: ARENA_MESSAGES,
        transport: this.#transport,
      });
      client.on('closed', () => this.#joinLater());
      client.on('input-tick', ({ tick }) => this.#play(client, tick));
    } catch {
      this.#joinLater();
    }
  }

  #joinLater(): void {
    setTimeout(() => this.start(), RETRY_MS);
  }

  #play(client: BotClient, tick: number): void {
    // Bots look in turn, so that their work is spread over the ticks.
    if ((tick + this.#phase) % LOOK_INTERVAL_TICKS === 0) {
      const observation = observe(client);
      if (observation !== undefined) this.#brain.look(observation);
    }
    const intent = this.#brain.decide(tick);
    client.sendMove(intent.move);
    // It may have died since it looked.
    if (intent.shot !== undefined && client.self?.fields['isAlive'] === 1) {
      client.shoot(intent.shot);
    }
  }
}

/** A line without faults is a plain WebSocket, whose lanes are ordered. */
function transportOver(line: BotLine): ClientTransport {
  const isGood = line.delayMs === 0 && line.jitterMs === 0 && line.lossRate === 0;
  const transport = webSocketTransport();
  return isGood ? transport : conditionedTransport(transport, { up: line, down: line });
}

function toSeen({ playerId, x, y, fields }: PlayerView): SeenPlayer {
  return { playerId, x, y, isAlive: fields['isAlive'] === 1 };
}

function observe(client: BotClient): Observation | undefined {
  const { self } = client;
  if (self === undefined) return undefined;
  const others: SeenPlayer[] = [];
  for (const view of client.players.values()) {
    if (view.playerId !== self.playerId) others.push(toSeen(view));
  }
  return { self: toSeen(self), others };
}
