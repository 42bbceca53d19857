/**
 * Typed events for the client's user. In: events. Out: calls to listeners, first-in-first-out,
 * also when a listener causes further events; one that throws hits nobody else.
 * Must not know: what the events mean.
 */

import { catchRejection } from '../base/catch-rejection.ts';

/** Events that may wait while deliveries are held; the newest are dropped and counted. */
const HELD_EVENTS_MAX = 1_024;

interface Registration {
  readonly listener: (event: never) => void;
}

export class TypedEmitter<Events extends object> {
  readonly #onListenerError: (error: unknown) => void;
  /** Arrays are replaced, never changed: one that is being walked stays as it is. */
  readonly #registrations = new Map<keyof Events, readonly Registration[]>();
  readonly #queue: (() => void)[] = [];
  #isHeld = false;
  #isDelivering = false;
  #listenerErrors = 0;
  #eventsDropped = 0;

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  /** How often a listener has thrown. */
  get listenerErrors(): number {
    return this.#listenerErrors;
  }

  /** Events that were dropped because too many were held. */
  get eventsDropped(): number {
    return this.#eventsDropped;
  }

  /** Calls `listener` for each event from now on, until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    const registration: Registration = { listener };
    this.#registrations.set(name, [...this.#listenersOf(name), registration]);
    return () => {
      const others = this.#listenersOf(name).filter((other) => other !== registration);
      this.#registrations.set(name, others);
    };
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    if (this.#isHeld && this.#queue.length >= HELD_EVENTS_MAX) {
      this.#eventsDropped += 1;
      return;
    }
    this.#queue.push(() => {
      for (const registration of this.#listenersOf(name)) this.#call(registration, event);
    });
    this.#deliver();
  }

  /** Keeps events back until `release`, so that those who listen a moment later miss none. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#deliver();
  }

  #listenersOf(name: keyof Events): readonly Registration[] {
    return this.#registrations.get(name) ?? [];
  }

  #deliver(): void {
    if (this.#isDelivering || this.#isHeld) return;
    this.#isDelivering = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) next();
    this.#isDelivering = false;
  }

  #call(registration: Registration, event: unknown): void {
    try {
      // Typed void, which also lets in an async function.
      const answer: unknown = registration.listener(event as never);
      catchRejection(answer, (error) => this.#report(error));
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    this.#listenerErrors += 1;
    try {
      this.#onListenerError(error);
    } catch {
      // Deliberate: the reporter is the user's code too, and there is nobody left to tell.
    }
  }
}
