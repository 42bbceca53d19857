/**
 * Events on their way to subscribers: first in, first out, each to everybody before the next.
 * What a subscriber causes is appended, and delivered by the delivery that is under way.
 * In: events. Out: calls. Must not know: what the events say.
 */
interface Subscription<Event> {
  readonly subscriber: (event: Event) => void;
  isActive: boolean;
}

export class SessionEventQueue<Event> {
  readonly #onError: (error: unknown, event: Event) => void;
  #subscriptions: readonly Subscription<Event>[] = [];
  #pending: Event[] = [];
  #pushedCount = 0;
  #deliveredCount = 0;
  #isDelivering = false;

  /** `onError` hears of each subscriber that threw; what it throws itself is dropped. */
  constructor(onError: (error: unknown, event: Event) => void) {
    this.#onError = onError;
  }

  /** How many events have ever been pushed: a mark for `isDelivered`. */
  get pushedCount(): number {
    return this.#pushedCount;
  }

  /** Whether everything that had been pushed at that mark has reached every subscriber. */
  isDelivered(mark: number): boolean {
    return this.#deliveredCount >= mark;
  }

  /**
   * The subscriber hears every event whose delivery begins from now on, until the returned function
   * is called: from that instant nothing more. Subscribing twice means hearing twice.
   */
  subscribe(subscriber: (event: Event) => void): () => void {
    const subscription = { subscriber, isActive: true };
    this.#subscriptions = [...this.#subscriptions, subscription];
    return () => {
      subscription.isActive = false;
      this.#subscriptions = this.#subscriptions.filter((other) => other !== subscription);
    };
  }

  push(event: Event): void {
    this.#pending.push(event);
    this.#pushedCount += 1;
  }

  /** Delivers until nothing is pending; does nothing when a delivery is under way. */
  deliver(): void {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      for (const event of batch) this.#deliverOne(event);
    }
    this.#isDelivering = false;
  }

  #deliverOne(event: Event): void {
    for (const subscription of this.#subscriptions) {
      if (!subscription.isActive) continue;
      try {
        const answer: unknown = subscription.subscriber(event);
        // An async subscriber has no place where it could throw: nobody awaits it.
        if (answer instanceof Promise) answer.catch((error) => this.#report(error, event));
      } catch (error) {
        this.#report(error, event);
      }
    }
    this.#deliveredCount += 1;
  }

  /** An error in the hook that hears of errors has nowhere left to go. */
  #report(error: unknown, event: Event): void {
    try {
      this.#onError(error, event);
    } catch {
      // Deliberate: delivery goes on for the others.
    }
  }
}
