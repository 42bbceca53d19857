/**
 * What one step of a world hands to the host, while it is being gathered; reused for the next. In:
 * verdicts, events and faults as they happen, before and during the step. Out: the WorldStep.
 */
import type { ShootInput } from '../protocol/messages.ts';
import type { AuthorityEvent } from './authority.ts';
import { shootRejected } from './shoot-rejected.ts';
import type { Verdict } from './verdict.ts';
import type { WorldMember } from './world-member.ts';
import {
  NO_ROSTER_CHANGES,
  type InputFault,
  type JudgedInput,
  type RosterChanges,
  type WorldStep,
} from './world-step.ts';

interface JudgedShot {
  readonly member: WorldMember;
  readonly input: ShootInput;
  readonly verdict: Verdict;
}

export class StepReport {
  readonly events: AuthorityEvent[] = [];
  readonly verdicts: JudgedInput[] = [];
  readonly faults: InputFault[] = [];
  roster: RosterChanges = NO_ROSTER_CHANGES;
  /** Verdicts of inputs that were dropped since the last step. */
  #dropped: JudgedInput[] = [];
  /** `shoot-rejected` for shots refused on arrival since the last step. */
  readonly #arrivalEvents: AuthorityEvent[] = [];

  /** Starts the next step's report with what happened since the last. */
  begin(): void {
    this.events.length = 0;
    this.verdicts.length = 0;
    this.faults.length = 0;
    this.roster = NO_ROSTER_CHANGES;
    for (const event of this.#arrivalEvents) this.events.push(event);
    for (const judged of this.#dropped) this.verdicts.push(judged);
    this.#arrivalEvents.length = 0;
    this.#dropped.length = 0;
  }

  /** A view, valid until the next `begin`. */
  finish(tick: number): WorldStep {
    const { events, verdicts, roster, faults } = this;
    return { tick, events, verdicts, roster, faults };
  }

  /** The member's inputs that wait will not run. */
  dropInputs(member: WorldMember, verdict: Verdict): void {
    const { session } = member;
    for (const input of member.dropInputs()) this.#dropped.push({ session, input, verdict });
  }

  takeDropped(): readonly JudgedInput[] {
    const dropped = this.#dropped;
    this.#dropped = [];
    return dropped;
  }

  /** Nobody hears of this step's events; what was dropped gets its verdict. */
  fail(): void {
    this.events.length = 0;
    this.roster = NO_ROSTER_CHANGES;
    for (const judged of this.#dropped) this.verdicts.push(judged);
    this.#dropped.length = 0;
  }

  /** Tells the shooter of a shot that does not count. `tick` is the last or the running one. */
  tellShooter(shot: JudgedShot, tick: number): void {
    pushRejection(this.events, shot, tick);
  }

  /** The same for a shot that was refused before its tick: with the next step. */
  tellShooterOnArrival(shot: JudgedShot, tick: number): void {
    pushRejection(this.#arrivalEvents, shot, tick);
  }
}

function pushRejection(events: AuthorityEvent[], shot: JudgedShot, tick: number): void {
  const { playerId } = shot.member;
  const event = shootRejected({ ...shot, playerId, tick });
  if (event !== undefined) events.push(event);
}
