/**
 * Planted bugs of when a suspicion is raised and cleared. Oracles ask whether anybody honest is
 * suspected, not of what others are and for how long, so they stand apart:
 * `test/built/suspicion-mutants.test.ts` finds them.
 */
import type { Mutant } from './mutant.ts';

export const SUSPICION_MUTANTS: readonly Mutant[] = [
  {
    name: 'suspicion-shared-across-sessions',
    file: 'host/suspicion-watch.js',
    replacements: [
      {
        find: 'seat.suspicion ??= new SuspicionMeter(limits);',
        replace: 'seat.suspicion ??= this.meter ??= new SuspicionMeter(limits);',
      },
    ],
    mistake: 'Who measures all sessions by one meter suspects somebody for what others have done.',
    rule: "design §4: per-session record; one peer's trouble stays its own",
  },
  {
    name: 'suspicion-without-hysteresis',
    file: 'host/suspicion-meter.js',
    replacements: [
      {
        find: 'this.perSecond(kind, now) < this.#limits[kind].clearAtPerSecond',
        replace: 'this.perSecond(kind, now) < this.#limits[kind].raiseAtPerSecond',
      },
    ],
    mistake: 'Who clears at the threshold that raises tells a game the same thing again and again.',
    rule: 'design §4: thresholds with hysteresis',
  },
  {
    name: 'suspicion-raised-at-each-offence',
    file: 'host/suspicion-meter.js',
    replacements: [{ find: 'if (this.#has(kind) || rate <', replace: 'if (rate <' }],
    mistake: 'Who does not ask whether it is raised already calls the hook for each packet.',
    rule: 'design §4: thresholds with hysteresis',
  },
  {
    name: 'suspicion-never-cleared',
    file: 'host/suspicion-meter.js',
    replacements: [
      {
        find: 'return this.#rates[index] * Math.exp(-sinceMs / this.#limits.windowMs);',
        replace: 'return this.#rates[index] * Math.exp(-Math.min(sinceMs, 1) / 1e9);',
      },
    ],
    mistake: 'Who counts offences instead of their rate suspects whoever plays for long.',
    rule: 'design §4: thresholds with hysteresis',
  },
  {
    name: 'suspicion-cleared-by-a-resume',
    file: 'host/suspicion-watch.js',
    replacements: [
      {
        find: 'const { graceMs } = this.#options.limits;',
        replace: 'const { graceMs } = this.#options.limits;\n        seat.suspicion = undefined;',
      },
    ],
    mistake: 'Who keeps the record with the connection lets a cheat wash it off by a reconnect.',
    rule: 'design §4: per-session record',
  },
  {
    name: 'grace-at-each-return',
    file: 'host/suspicion-watch.js',
    replacements: [
      {
        find: 'if (now >= seat.graceUntil + graceMs)\n            seat.graceUntil',
        replace: 'seat.graceUntil',
      },
    ],
    mistake: 'Who forgives all after each resume lets a cheat hide by coming back all the time.',
    rule: 'design §4: thresholds with hysteresis',
  },
  {
    name: 'no-grace-after-a-login',
    file: 'host/suspicion-watch.js',
    replacements: [
      { find: 'if (isOfTime && now < link.seat.graceUntil)', replace: 'if (isOfTime && false)' },
    ],
    mistake: 'Who counts the first inputs of a clock that is not in step suspects every newcomer.',
    rule: 'design §4: thresholds with hysteresis',
  },
  {
    name: 'throwing-suspicion-hook-escapes',
    file: 'host/host-core.js',
    replacements: [
      {
        find: 'callHook(() => core.options.onSuspicion?.(session, what),',
        replace: '((call) => call())(() => core.options.onSuspicion?.(session, what),',
      },
    ],
    mistake: "Who calls the user's hook bare lets what it throws end the pass of everybody.",
    rule: 'design §3: a handler that throws hits that peer only',
  },
];
