/**
 * Both ends of one session's counted messages: the host's own stream, and a client that counts as
 * docs/RELIABLE-LANE.md says. In: steps. Out: an error as soon as an end takes something twice, out
 * of order, or lacks something without having been told. Everything said has a number of its own.
 */
import type {
  Heartbeat,
  LoginAccepted,
  Resynced,
  ServerMessage,
} from '../../src/protocol/messages.ts';
import type { PeerLink } from '../../src/host/peer-link.ts';
import { wordFor } from './link-stage.ts';
import { StreamStay } from './stream-stay.ts';

export type PairStep =
  | { readonly kind: 'say'; readonly size: number }
  /** The client takes so many messages; the server does. */
  | { readonly kind: 'hear' | 'serve'; readonly count: number }
  /** The client answers a heartbeat; the server sends one; the client sends a counted message. */
  | { readonly kind: 'answer' | 'beat' | 'shout' }
  | { readonly kind: 'lose' | 'return' | 'hold' | 'release' | 'reload' | 'crash' | 'stop' };

type Upward =
  | { readonly kind: 'answer'; readonly received: number }
  | { readonly kind: 'shout'; readonly number: number };

const BYTES_MAX = 300;

function fail(problem: string): never {
  throw new Error(problem);
}

/** What a client keeps between two connections. */
class ClientMemory {
  /** Undefined = it remembers nothing. */
  received: number | undefined;
  token: number | undefined;
  /** Counted messages that it has sent and that nobody acknowledged. */
  unacknowledged: number[] = [];
  acknowledged = 0;
}

export class CountingPair {
  readonly stay = new StreamStay(BYTES_MAX);
  /** Which of the interesting things have happened. */
  readonly seen = new Set<string>();
  readonly #memory = new ClientMemory();
  #said = 0;
  #shouted = 0;
  #tick = 1;
  // The wire, both ways; the connection is there while `link` is.
  #link: PeerLink | undefined;
  #heard = 0;
  #upward: Upward[] = [];
  #isLoggedIn = false;
  #hasHeardBeat = false;
  // The server's tokens, by number.
  #tokens = { current: 0, previous: undefined as number | undefined };
  #tokensDrawn = 0;
  #tokenOfLink = 0;
  // What the checks go by.
  #lastHeard = 0;
  #lastServed = 0;
  /** What both ends may lack from here on: undefined = anything. */
  #mayMiss: { events: number | undefined } = { events: 0 };
  #mayMissShouts = false;
  #mustBeTold = false;
  /** What was counted since the counts began: the number of an event, or 0 for a roster. */
  #counted: number[] = [];
  /** What the room holds for this player. */
  #heldEvents: number[] = [];
  #isHolding = false;
  #rostersMissed = 0;

  constructor() {
    const { outbox } = this.stay.stage;
    const sendCounted = outbox.sendCounted.bind(outbox);
    outbox.sendCounted = (seat, payload) => {
      if (seat.stream.isUnknown) return;
      if (seat.stream.sent === 0) this.#counted = [];
      const text = new TextDecoder().decode(payload.bytes);
      this.#counted.push(Number(/"(\d+) /.exec(text)?.[1] ?? 0));
      sendCounted(seat, payload);
    };
    this.stay.lose();
  }

  take(step: PairStep): void {
    if (step.kind === 'say') this.#say(step.size);
    else if (step.kind === 'hear') this.#hearSome(step.count);
    else if (step.kind === 'serve') this.#serveSome(step.count);
    else this.#simpleSteps[step.kind]();
  }

  /** All that is under way arrives; nothing may be missing without a word. */
  settle(): void {
    this.#release();
    if (this.#link === undefined || !this.#isLoggedIn) this.#return();
    for (let count = 0; count < 3; count += 1) {
      this.take({ kind: 'hear', count: 1_000 });
      this.take({ kind: 'answer' });
      this.take({ kind: 'serve', count: 1_000 });
    }
    this.take({ kind: 'say', size: 0 });
    this.take({ kind: 'shout' });
    this.take({ kind: 'hear', count: 1_000 });
    this.take({ kind: 'answer' });
    this.take({ kind: 'serve', count: 1_000 });
    if (this.#lastHeard !== this.#said) fail(`${this.#said} was said, ${this.#lastHeard} heard`);
    if (this.#lastServed !== this.#shouted) fail('the last message of the client is missing');
    const { heldBytes, received, sent } = this.stay.seat.stream;
    if (heldBytes !== 0) fail(`${heldBytes} bytes are still held`);
    if (this.#memory.received !== sent) fail('the ends count the messages of the server apart');
    const { acknowledged, unacknowledged } = this.#memory;
    if (acknowledged + unacknowledged.length !== received) {
      fail('the ends count the messages of the client apart');
    }
  }

  readonly #simpleSteps: Record<Exclude<PairStep['kind'], 'say' | 'hear' | 'serve'>, () => void> = {
    answer: () => this.#answer(),
    beat: () => this.#beat(),
    shout: () => this.#shout(),
    lose: () => this.#lose(),
    return: () => this.#return(),
    hold: () => this.#hold(),
    release: () => this.#release(),
    reload: () => this.#reload(),
    stop: () => this.#stop(),
    crash: () => this.#crash(),
  };

  #say(size: number): void {
    this.#said += 1;
    if (this.#isHolding) this.#heldEvents.push(this.#said);
    this.stay.say(`${this.#said} ${'x'.repeat(size)}`);
  }

  #hold(): void {
    this.#isHolding = true;
    this.#tick += 1;
    this.stay.room.outcomes.hold(this.#tick);
  }

  #reload(): void {
    this.#lose();
    this.#memory.received = undefined;
    this.#memory.unacknowledged = [];
    this.#mustBeTold = false;
    this.#mayMissShouts = true;
  }

  #stop(): void {
    this.#release();
    this.#lose();
    this.stay.seat.stream.restore(this.stay.seat.stream.counts);
  }

  #lose(): void {
    this.#link = undefined;
    this.#isLoggedIn = false;
    this.#hasHeardBeat = false;
    this.#upward = [];
    this.stay.lose();
  }

  /** What is held has never been told, and is not told by anybody. */
  #crash(): void {
    this.#lose();
    const { outbox } = this.stay.stage;
    const { sendCounted } = outbox;
    outbox.sendCounted = () => undefined;
    this.#release();
    outbox.sendCounted = sendCounted;
    this.stay.seat.stream.restore(undefined);
    this.stay.seat.restoredTick = this.#tick;
  }

  #release(): void {
    this.#isHolding = false;
    this.#heldEvents = [];
    this.stay.room.outcomes.release(this.#tick);
  }

  #beat(): void {
    if (this.#link === undefined) return;
    this.stay.stage.outbox.send(this.#link, {
      kind: 'heartbeat',
      nonce: 'n',
      serverTick: this.#tick,
      tickFraction: 0,
      roundTripTimeMs: 0,
      reliableReceived: this.stay.seat.stream.received,
    });
  }

  #answer(): void {
    if (!this.#hasHeardBeat) return;
    this.#upward.push({ kind: 'answer', received: this.#memory.received ?? 0 });
  }

  #shout(): void {
    if (!this.#isLoggedIn) return;
    this.#shouted += 1;
    this.#memory.unacknowledged.push(this.#shouted);
    this.#upward.push({ kind: 'shout', number: this.#shouted });
  }

  /** The client comes back, with its token or, without one, with its credentials. */
  #return(): void {
    this.#lose();
    const { token, received } = this.#memory;
    this.#tokensDrawn += 1;
    const drawn = this.#tokensDrawn;
    if (token === undefined) {
      this.seen.add('login');
      this.#mustBeTold = false;
      this.#heldEvents = [];
      this.stay.login();
      this.#tokens = { current: drawn, previous: undefined };
    } else {
      this.#resume(token, received);
      const { current, previous } = this.#tokens;
      this.#tokens = { current: drawn, previous: token === current ? current : previous };
    }
    this.#tokenOfLink = drawn;
    this.#link = this.stay.link;
    this.#heard = 0;
    this.#beat();
  }

  #resume(token: number, received: number | undefined): void {
    const { current, previous } = this.#tokens;
    if (token !== current && token !== previous) fail('a token that the client needs is spent');
    const isPreviousToken = token === previous;
    const { stream } = this.stay.seat;
    const claim = { reliableReceived: received, isPreviousToken };
    const outcome = stream.continuationFor(claim);
    this.seen.add(outcome);
    if (isPreviousToken) this.seen.add('previous token');
    if (stream.told !== undefined && outcome === 'restart') this.seen.add('told again');
    this.#rostersMissed = this.#counted.slice(received).filter((number) => number === 0).length;
    if (outcome === 'gap') this.#counted.push(...this.#heldEvents);
    if (outcome !== 'normal') this.#heldEvents = [];
    this.stay.resume({ ...claim, lastTick: this.#tick });
    if (this.stay.stage.counters.countedMessagesResent > 0) this.seen.add('resent');
  }

  #hearSome(count: number): void {
    for (let heard = 0; heard < count; heard += 1) this.#hear();
  }

  #serveSome(count: number): void {
    for (const upward of this.#upward.splice(0, count)) this.#serve(upward);
  }

  #hear(): void {
    if (this.#link === undefined) return;
    const message = this.stay.stage.writtenTo(this.#link)[this.#heard];
    if (message === undefined) return;
    this.#heard += 1;
    if (message.kind === 'login-accepted') this.#hearAccepted(message);
    else if (this.#mustBeTold && message.kind !== 'resynced') fail(`${message.kind} comes first`);
    else if (message.kind === 'resynced') this.#hearResynced(message);
    else if (message.kind === 'heartbeat') this.#hearBeat(message);
    else this.#hearCounted(message);
  }

  #hearAccepted({ reliableReceived, isResumed }: LoginAccepted): void {
    const memory = this.#memory;
    this.#isLoggedIn = true;
    memory.token = this.#tokenOfLink;
    if (reliableReceived === undefined) {
      if (memory.received === undefined || !isResumed) this.#mayMiss = { events: undefined };
      else this.#mustBeTold = true;
      memory.received = 0;
      memory.unacknowledged = [];
      memory.acknowledged = 0;
      this.#mayMissShouts = true;
      return;
    }
    this.#acknowledge(reliableReceived);
    for (const number of memory.unacknowledged) this.#upward.push({ kind: 'shout', number });
  }

  #hearResynced({ eventsMissed, reliableSent }: Resynced): void {
    this.#mustBeTold = false;
    this.#memory.received = reliableSent;
    if (eventsMissed === undefined) this.#mayMiss = { events: undefined };
    else if (this.#mayMiss.events !== undefined) {
      this.#mayMiss = { events: this.#mayMiss.events + eventsMissed - this.#rostersMissed };
    }
  }

  #hearBeat({ reliableReceived }: Heartbeat): void {
    this.#hasHeardBeat = true;
    this.#acknowledge(reliableReceived);
  }

  #acknowledge(received: number): void {
    const memory = this.#memory;
    const count = received - memory.acknowledged;
    if (count > memory.unacknowledged.length) fail('more is acknowledged than was sent');
    if (count <= 0) return;
    memory.unacknowledged.splice(0, count);
    memory.acknowledged = received;
  }

  #hearCounted(message: ServerMessage): void {
    this.#memory.received = (this.#memory.received ?? 0) + 1;
    if (message.kind === 'roster') return;
    const number = Number(wordFor(message).split(' ')[0]);
    const missed = number - this.#lastHeard - 1;
    if (missed < 0) fail(`${number} is heard after ${this.#lastHeard}`);
    const { events } = this.#mayMiss;
    if (events !== undefined && missed !== events) {
      fail(`${missed} are missing before ${number}, and ${events} were told`);
    }
    this.#lastHeard = number;
    this.#mayMiss = { events: 0 };
  }

  #serve(upward: Upward): void {
    this.#tokens.previous = undefined;
    const { stream } = this.stay.seat;
    if (upward.kind === 'answer') {
      if (!stream.acknowledge(upward.received)) fail('an honest acknowledgement is refused');
      return;
    }
    stream.noteReceived();
    const missed = upward.number - this.#lastServed - 1;
    if (missed < 0) fail(`${upward.number} is taken after ${this.#lastServed}`);
    if (missed > 0 && !this.#mayMissShouts) fail(`${missed} are missing before ${upward.number}`);
    this.#lastServed = upward.number;
    this.#mayMissShouts = false;
  }
}
