/** Planted bugs of the ways back into a session: resumes, kept seats, restored sessions. */
import type { Mutant } from './mutant.ts';

export const SESSION_RETURN_MUTANTS: readonly Mutant[] = [
  {
    name: 'seat-waits-for-the-gone',
    seeds: { from: 12, step: 16 },
    file: 'session/session-register.js',
    replacements: [
      {
        find: `this.waits.end(sessionId);
        this.awaitResumes(target, enteredAt);`,
        replace: 'this.waits.end(sessionId);',
      },
    ],
    mistake:
      'Who sets a deadline off for a resume and forgets to set it back holds the seat for a ' +
      'newcomer who was refused.',
    rule: 'L15: the deadline waits only while a resume is verified',
  },
  {
    name: 'refused-resume-costs-a-login',
    file: 'session/step-server.js',
    replacements: [
      {
        find: 'return session.attempt - session.resumeAttempts < session.policy',
        replace: 'return session.attempt < session.policy',
      },
    ],
    mistake:
      'Who counts every attempt alike leaves no Login to a peer whose old token was refused.',
    rule: 'L17: a refused Resume uses no login attempt',
  },
  {
    name: 'kept-seat-of-the-gone',
    file: 'session/multi-session-manager.js',
    replacements: [
      {
        find: "return this.policy.takeover === 'reject' && session.state === 'logged-in';",
        replace: "return this.policy.takeover === 'reject';",
      },
    ],
    mistake:
      'Who rejects whoever has a session locks a player out for the whole reconnect window after ' +
      'each loss of the connection.',
    rule: "L18: 'reject' only while the old one is logged-in",
  },
  {
    name: 'kept-seat-by-the-clock',
    file: 'session/multi-session-manager.js',
    replacements: [
      {
        find: "return this.policy.takeover === 'reject' && session.state === 'logged-in';",
        replace: `return (this.policy.takeover === 'reject' &&
            session.state === 'logged-in' &&
            session.deadline > this.#register.now());`,
      },
    ],
    mistake:
      'Who lets the clock decide instead of the state gives the seat away while the bytes of the ' +
      'one who sits there wait to be read.',
    // A second login in a pause of the server, where whoever is in keeps the seat: few draw that.
    seeds: { from: 121, step: 1 },
    rule: 'L18: 0 when overdue, the state decides',
  },
];

/**
 * Not judged by campaigns: the host looks a second time itself, and takes one of a player's resumes
 * after the other, so that no run can tell whether the coordinator does.
 */
export const DEFENDED_TWICE_MUTANTS: readonly Mutant[] = [
  {
    name: 'resume-without-a-second-look',
    file: 'session/session-resumes.js',
    replacements: [
      {
        find: 'if (target?.epoch === expectedEpoch) {',
        replace: 'if (target !== undefined) {',
      },
    ],
    mistake:
      'Who checks the session when the token is looked up, and not again after the store has ' +
      'answered, lets two resumes have the seat one after the other.',
    rule: 'L16, L17: resume() that finds another epoch refuses',
  },
];
