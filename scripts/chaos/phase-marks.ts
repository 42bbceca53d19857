/**
 * The marks that a server process writes as it goes through the phases in which it is killed, and
 * what the controller makes of them: whether a phase was open when the process died. A mark is a
 * line: process, phase, step. In: lines. Out: what is open, calls at each mark.
 */

export const PHASES = ['login', 'resume', 'checkpoint'] as const;
export type Phase = (typeof PHASES)[number];
/**
 * `begin`: the store was called. `durable`: it has answered, and its caller doesn't know.
 * `end`: the caller knows.
 */
export type PhaseStep = 'begin' | 'durable' | 'end';

export interface PhaseMark {
  readonly process: number;
  readonly phase: Phase;
  readonly step: PhaseStep;
}

const PATTERN = /^mark (\d+) (login|resume|checkpoint) (begin|durable|end)$/;

export function formatMark({ process, phase, step }: PhaseMark): string {
  return `mark ${process} ${phase} ${step}\n`;
}

/** Undefined for a line that is none. */
export function parseMark(line: string): PhaseMark | undefined {
  const [, process = '', phase, step] = PATTERN.exec(line) ?? [];
  if (phase === undefined || step === undefined) return undefined;
  return { process: Number(process), phase: phase as Phase, step: step as PhaseStep };
}

/** Counts, for one server process after the other, what has begun and not ended. */
export class OpenPhases {
  readonly #open = new Map<string, number>();

  handleMark({ process, phase, step }: PhaseMark): void {
    if (step === 'durable') return;
    const key = `${process} ${phase}`;
    this.#open.set(key, (this.#open.get(key) ?? 0) + (step === 'begin' ? 1 : -1));
  }

  /** Asked after the last mark of a dead process: whether it died in that phase. */
  isOpen(process: number, phase: Phase): boolean {
    return (this.#open.get(`${process} ${phase}`) ?? 0) > 0;
  }
}
