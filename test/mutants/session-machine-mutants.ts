/** Planted bugs of the session's state machine: one peer's transitions, deadlines, attempts. */
import type { Mutant } from './mutant.ts';

export const SESSION_MACHINE_MUTANTS: readonly Mutant[] = [
  {
    name: 'late-login-answer-accepted',
    file: 'session/step-server.js',
    replacements: [
      {
        find: "return session.state === 'login-pending' && session.attempt === attempt;",
        replace: 'return session.attempt === attempt;',
      },
      {
        find: `return refuseLogin(session, 'login-timeout', now);`,
        replace: `return move(session, {
                to: 'login-failed',
                cause: 'login-timeout',
                at: now,
                deadline: now + session.policy.loginTimeoutMs,
            });`,
      },
    ],
    mistake:
      'Who forgives a slow hook holds a login open after its time, and the answer of an attempt ' +
      'that was refused lets a peer in.',
    rule: 'L7, L8',
  },
  {
    name: 'attempt-counter-shared',
    file: 'session/step-server.js',
    replacements: [
      {
        find: 'function beginAttempt(session, kind, now) {',
        replace: `let attempts = 0;
function beginAttempt(session, kind, now) {`,
      },
      {
        find: 'attempt: session.attempt + 1,',
        replace: 'attempt: (attempts += 1),',
      },
    ],
    mistake:
      'Who numbers attempts in one counter, so that they are unique, lets the logins of all ' +
      'peers use up the attempts of each.',
    rule: 'L3, L5',
  },
  {
    name: 'login-deadline-restarted',
    file: 'session/step-server.js',
    replacements: [
      {
        find: `deadline: session.deadline,
        changes: {
            attempt: session.attempt + 1,`,
        replace: `deadline: now + session.policy.loginTimeoutMs,
        changes: {
            attempt: session.attempt + 1,`,
      },
    ],
    mistake:
      'Who gives each attempt its own time lets a peer hold a connection for three times it.',
    rule: 'L3: the login deadline keeps running from first contact',
  },
  {
    name: 'login-attempts-off-by-one',
    file: 'session/step-server.js',
    replacements: [
      {
        find: 'return session.attempt - session.resumeAttempts < session.policy',
        replace: 'return session.attempt - session.resumeAttempts <= session.policy',
      },
    ],
    mistake: 'Who counts attempts from 0 grants one more password than the policy allows.',
    rule: 'L5',
  },
  {
    name: 'epoch-not-increased-on-takeover',
    file: 'session/step-server.js',
    replacements: [
      {
        find: 'epoch: session.epoch + 1,',
        replace: 'epoch: Math.max(1, session.epoch),',
      },
    ],
    mistake:
      'Who takes the epoch for a number of the session keeps it on takeover, and the bytes of ' +
      'the old connection cannot be told from those of the new one.',
    rule: 'L16, L18',
  },
  {
    name: 'timed-out-skipped',
    file: 'session/step-server.js',
    replacements: [
      {
        find: `return move(session, {
                to: 'timed-out',
                cause: 'liveness-timeout',
                at: now,
                deadline: now,
            });`,
        replace: `return holdSeat(session, { cause: 'liveness-timeout', at: now, from: now });`,
      },
    ],
    mistake: 'Who finds two states for one silence superfluous never shows anybody a timed-out.',
    rule: 'L10, L11: one evaluation moves a session by at most one state',
  },
  {
    name: 'reconnect-window-from-last-word',
    file: 'session/step-server.js',
    replacements: [
      {
        find: 'from: session.enteredAt + event.stallMs,',
        replace: 'from: session.lastLivenessAt + event.stallMs,',
      },
    ],
    mistake:
      'Who measures the window from the last message takes the liveness timeout off it, and ' +
      'seats are lost before their time.',
    rule: 'L11',
  },
  {
    name: 'pre-login-loss-ignored',
    file: 'session/step-server.js',
    replacements: [
      {
        find: 'return disconnect(session, event.cause, now);',
        replace: `return session.state === 'login-pending'
                ? stay(session)
                : disconnect(session, event.cause, now);`,
      },
    ],
    mistake:
      'Who waits for the answer of the hook before looking at the connection logs in a peer that ' +
      'has gone: a session without a connection or a seat.',
    rule: 'L13',
  },
  {
    name: 'back-off-without-jitter',
    file: 'session/back-off.js',
    replacements: [
      {
        find: 'return randomUnit * Math.min(capMs, BASE_MS * 2 ** attempt);',
        replace: 'return Math.min(capMs, BASE_MS * 2 ** attempt);',
      },
    ],
    mistake: 'Who leaves the jitter out has everybody who was dropped at once come back at once.',
    rule: 'C5',
  },
  {
    name: 'back-off-without-cap',
    file: 'session/back-off.js',
    replacements: [
      {
        find: 'return randomUnit * Math.min(capMs, BASE_MS * 2 ** attempt);',
        replace: 'return randomUnit * BASE_MS * 2 ** attempt;',
      },
    ],
    mistake: 'Who doubles without a bound keeps peers away for minutes after a long outage.',
    rule: 'C5',
  },
  {
    name: 'client-window-from-loss',
    file: 'session/step-client.js',
    replacements: [
      {
        find: 'deadline: session.lastLivenessAt + livenessTimeoutMs + reconnectWindowMs,',
        replace: 'deadline: now + livenessTimeoutMs + reconnectWindowMs,',
      },
    ],
    mistake:
      'Who starts the window when the client notices lets it knock for a seat that the server ' +
      'has given up.',
    rule: 'C5: after the last frame heard',
  },
];
