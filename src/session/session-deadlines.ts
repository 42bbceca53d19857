/**
 * When each session is due for what: its deadline, its heartbeat; and how long we stood still.
 * In: records whose state was just stored, the present. Out: records that have expired, in order,
 * and records that are owed a heartbeat. Costs what is due; only a stall looks at every session.
 * Must not know: what follows from a deadline that has passed.
 */
import { assert } from '../base/assert.ts';
import { hasPassed } from '../base/clock.ts';
import { TimingWheel } from '../base/timing-wheel.ts';
import { HeartbeatSchedule } from './heartbeat-schedule.ts';
import type { SessionIndex } from './session-index.ts';
import type { SessionContext, SessionRecord } from './session-record.ts';

export interface SessionDeadlinesOptions<Data> {
  readonly index: SessionIndex<Data>;
  readonly context: SessionContext;
  readonly now: number;
}

/** What one evaluation found. */
export interface SessionsDue<Data> {
  /** By deadline, then by creation (L21). */
  readonly expired: readonly SessionRecord<Data>[];
  /** May name one that is also in `expired`: acting on that comes first. */
  readonly heartbeats: readonly SessionRecord<Data>[];
  /** The gap since the evaluation before, when it was longer than `stallMsMax`; else 0. */
  readonly stallMs: number;
}

export class SessionDeadlines<Data> {
  readonly #index: SessionIndex<Data>;
  readonly #context: SessionContext;
  readonly #wheel: TimingWheel;
  readonly #heartbeats: HeartbeatSchedule;
  #lastCollectedAt: number | undefined = undefined;

  constructor({ index, context, now }: SessionDeadlinesOptions<Data>) {
    this.#index = index;
    this.#context = context;
    this.#wheel = new TimingWheel({ now });
    const intervalMs = context.policy.heartbeatIntervalMs;
    this.#heartbeats = new HeartbeatSchedule({ now, intervalMs });
  }

  /** Follows the state that was just stored; a session that logged in begins its heartbeats. */
  follow({ slot, state, deadline, enteredAt }: SessionRecord<Data>): void {
    this.#wheel.arm(slot, deadline);
    if (state === 'logged-in') this.#heartbeats.start(slot, enteredAt);
    else this.#heartbeats.stop(slot);
  }

  /** Follows a deadline that moved while the state did not. */
  rearm({ slot, deadline }: SessionRecord<Data>): void {
    this.#wheel.arm(slot, deadline);
  }

  /** A `logged-in` session is owed a heartbeat at the next evaluation, out of turn. */
  oweHeartbeat({ slot }: SessionRecord<Data>, now: number): void {
    this.#heartbeats.owe(slot, now);
  }

  heartbeatSent({ slot }: SessionRecord<Data>, now: number): void {
    this.#heartbeats.sent(slot, now);
  }

  /** Undefined when none was sent on this connection. */
  heartbeatSentAt({ slot }: SessionRecord<Data>): number | undefined {
    return this.#heartbeats.lastSentAt(slot);
  }

  /** Everything that is due now. The first call ever finds no stall. */
  collect(now: number): SessionsDue<Data> {
    const since = this.#lastCollectedAt ?? now;
    this.#lastCollectedAt = now;
    const hasStalled = now - since > this.#context.policy.stallMsMax;
    const owed = hasStalled ? this.#absorbStall(since, now) : undefined;
    return {
      expired: this.#collectExpired(now),
      heartbeats: owed ?? this.#collectHeartbeats(now),
      stallMs: hasStalled ? now - since : 0,
    };
  }

  /**
   * We stood still, so silence meanwhile proves nothing: no liveness deadline before two heartbeats
   * from now, login and reconnect deadlines that were running go on as much later, and every
   * `logged-in` session is owed a heartbeat at once. Returns those.
   */
  #absorbStall(since: number, now: number): SessionRecord<Data>[] {
    this.#context.livenessFloor = now + 2 * this.#context.policy.heartbeatIntervalMs;
    const loggedIn: SessionRecord<Data>[] = [];
    for (const record of this.#index.values()) {
      if (record.state === 'logged-in') {
        this.#heartbeats.restart(record.slot, now);
        loggedIn.push(record);
      } else if (!hasPassed(record.deadline, since)) {
        record.extendDeadline(now - since);
        this.#wheel.arm(record.slot, record.deadline);
      }
    }
    return loggedIn;
  }

  #collectExpired(now: number): SessionRecord<Data>[] {
    const slots: number[] = [];
    this.#wheel.collectDue(now, slots);
    const expired: SessionRecord<Data>[] = [];
    for (const slot of slots) {
      const record = this.#recordAt(slot);
      // Liveness moves on without telling the wheel: that is what makes it one number.
      if (hasPassed(record.deadline, now)) expired.push(record);
      else this.#wheel.arm(slot, record.deadline);
    }
    return expired.toSorted(
      (one, other) => one.deadline - other.deadline || one.creation - other.creation,
    );
  }

  #collectHeartbeats(now: number): SessionRecord<Data>[] {
    const slots: number[] = [];
    this.#heartbeats.collectDue(now, slots);
    return slots.map((slot) => this.#recordAt(slot));
  }

  #recordAt(slot: number): SessionRecord<Data> {
    const record = this.#index.getBySlot(slot);
    assert(record !== undefined, 'what is due belongs to a session');
    return record;
  }
}
