/**
 * What one connection is told of its own inputs, and of nobody else's: one report per tick of all
 * that was not plainly accepted, shots apart; a refusal for a shot of its own; at most one verdict
 * for each input. In: inputs, verdicts, what it was told. Out: what is wrong.
 */
import type { CombatEvent, VerdictReport } from '../../../protocol/messages.ts';

const ENTRIES_MAX = 16;
const REFUSALS_MAX = 512;

/** `move-input 17 stale`, as in a trace. */
export class ReportDuty {
  #pending: string[] = [];
  readonly #refusals: string[];
  /** Those of them that are of the connection before. */
  #refusalsBefore: number;
  /** Reports that wait for the disk, and what was due as the connection before ended. */
  #waiting: (readonly string[])[] = [];
  readonly #balance = { 'move-input': 0, 'shoot-input': 0 };

  /** `before`: of the connection that the session had, whose last words may come by this one. */
  constructor(before?: ReportDuty) {
    this.#refusals = before === undefined ? [] : [...before.#refusals];
    this.#refusalsBefore = this.#refusals.length;
    if (before !== undefined) this.#waiting = [...before.#waiting, before.#pending];
  }

  /** Nothing of the connection before comes by this one. */
  forgetPast(): void {
    this.#waiting = [];
    this.#refusals.splice(0, this.#refusalsBefore);
    this.#refusalsBefore = 0;
  }

  handleInput(kind: 'move-input' | 'shoot-input'): void {
    this.#balance[kind] += 1;
  }

  /** `hasConnection`: it was there to be told. */
  handleVerdict(text: string, hasConnection: boolean): string | undefined {
    const [input = '', tick, outcome, code] = text.split(' ');
    if (input === 'move-input' || input === 'shoot-input') {
      this.#balance[input] -= 1;
      if (this.#balance[input] < 0) return `there are more verdicts on ${input} than inputs`;
    }
    if (outcome === 'accepted' || !hasConnection) return undefined;
    if (input === 'shoot-input') {
      if (outcome === 'clamped') return undefined;
      this.#refusals.push(`${toldTick(tick)} ${code ?? outcome}`);
      if (this.#refusals.length > REFUSALS_MAX) this.#refusals.shift();
    } else {
      this.#pending.push(text.replace('user-input:', ''));
    }
    return undefined;
  }

  handleReport({ entries, omitted }: VerdictReport): string | undefined {
    const told = entries.map(({ input, inputTick, outcome, code }) =>
      [input, inputTick, outcome, ...(code === undefined ? [] : [code])].join(' '),
    );
    const owed = this.#waiting.find((each) => isTold(each, { told, omitted }));
    if (owed !== undefined) {
      this.#waiting = this.#waiting.slice(this.#waiting.indexOf(owed) + 1);
      return undefined;
    }
    const pending = this.#pending;
    this.#pending = [];
    if (pending.length === 0) return `is told of ${told.join(', ')}, which nobody owes it`;
    if (isTold(pending, { told, omitted })) return undefined;
    return `is told of ${told.join(', ')} and ${omitted} more, owed are ${pending.join(', ')}`;
  }

  handleShotRefused(event: Extract<CombatEvent, { event: 'shoot-rejected' }>): string | undefined {
    const index = this.#refusals.indexOf(`${event.inputTick} ${event.code}`);
    if (index === -1) {
      return `is told that shot ${event.inputTick} was refused (${event.code}), not one of its own`;
    }
    this.#refusals.splice(index, 1);
    return undefined;
  }

  /** After a pass: what was due has been told, or waits for the disk. */
  handlePass(isHeld: boolean): string | undefined {
    const [first] = this.#pending;
    if (isHeld) this.#waiting.push(this.#pending);
    this.#pending = [];
    return first === undefined || isHeld ? undefined : `is not told of ${first}`;
  }
}

function toldTick(tick: string | undefined): number {
  const number = Number(tick);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

function isTold(
  owed: readonly string[],
  { told, omitted }: { readonly told: readonly string[]; readonly omitted: number },
): boolean {
  if (owed.length === 0 || told.length + omitted !== owed.length) return false;
  return told.join() === owed.slice(0, ENTRIES_MAX).join();
}
