/** Planted bugs of resume tokens, of the order of a resume, and of how often a seat may move. */
import type { Mutant } from './mutant.ts';

export const RESUME_MUTANTS: readonly Mutant[] = [
  {
    name: 'spent-token-is-good',
    file: 'host/resume-tokens.js',
    replacements: [
      {
        find: "return isSpent ? 'spent' : 'unknown';",
        replace: "return isSpent ? 'current' : 'unknown';",
      },
    ],
    mistake: 'Who remembers old tokens and takes them lets a copied one in for ever.',
    rule: 'design §2: single use',
  },
  {
    name: 'token-of-the-lost-answer-refused',
    file: 'host/resume-tokens.js',
    replacements: [{ find: "return 'previous';", replace: "return 'spent';" }],
    mistake:
      'Who spends the token as it is shown locks out a client whose answer was lost on its way.',
    rule: 'design §2: the previous token stays valid while the new one is unacknowledged',
  },
  {
    name: 'previous-token-at-once',
    file: 'host/resume-desk.js',
    replacements: [
      {
        find: 'return target.lastLivenessAt + SILENCE_MS - this.#core.clock.now();',
        replace: 'return 0;',
      },
    ],
    mistake:
      'Who takes the previous token while the newest connection lives lets two resumes throw ' +
      'each other out.',
    rule: 'design §2: the connection it was sent on has ended, or been silent ≥ 1 s',
  },
  {
    name: 'previous-token-never-spent',
    file: 'host/seat-claim.js',
    replacements: [
      { find: 'const settled = settleTokens(tokens);', replace: 'const settled = tokens;' },
    ],
    mistake: 'Who never hears that the new token has arrived keeps two good ones for each session.',
    rule: 'design §2: while no message of the new epoch was admitted',
  },
  {
    name: 'login-leaves-the-old-token',
    // Those in which somebody replays tokens for certain.
    seeds: { from: 16, step: 18 },
    file: 'host/resume-tokens.js',
    replacements: [
      {
        find: `export function replaceTokens({ previous, spent }, next) {
    return { current: next, previous: undefined, spent: add(spent, previous) };`,
        replace: `export function replaceTokens({ current, spent }, next) {
    return { current: next, previous: current, spent };`,
      },
    ],
    mistake: 'Who lets a takeover leave the old token good gives the seat back to the loser.',
    rule: 'L18; design §2: one winner',
  },
  {
    name: 'token-stream-shared',
    file: 'host/resume-tokens.js',
    replacements: [{ find: '`resume-token:${peerId}`', replace: "'resume-token'" }],
    mistake: 'Who draws all tokens from one place gives two sessions the same.',
    rule: 'design §2: ≥ 128 bit CSPRNG; §9: a random stream per peer and purpose',
  },
  {
    name: 'seat-moves-without-end',
    file: 'host/seat-moves.js',
    replacements: [{ find: 'return budget.tryTake(now)', replace: 'return true' }],
    mistake:
      'Who counts no moves lets two machines of one player pass the seat on at each message.',
    rule: 'issue 4: takeover is rate limited',
  },
  {
    name: 'resumes-without-end',
    file: 'session/step-server.js',
    replacements: [
      { find: 'const RESUME_ATTEMPTS_MAX = 3;', replace: 'const RESUME_ATTEMPTS_MAX = 3_000;' },
    ],
    mistake: 'Who counts only logins lets a connection guess at tokens until its time is up.',
    rule: 'L17: at most 3 per connection',
  },
  {
    name: 'refused-resume-ends-the-connection',
    file: 'session/step-server.js',
    replacements: [
      {
        find: "if (session.attemptKind === 'resume' || hasAttemptsLeft(session, 'login'))",
        replace: "if (session.attemptKind !== 'resume' && hasAttemptsLeft(session, 'login'))",
      },
    ],
    mistake: 'Who ends a connection whose token was refused leaves no room for a Login after it.',
    rule: 'L17: a Login is still allowed there',
  },
  {
    name: 'older-login-takes-the-seat',
    file: 'host/login-desk.js',
    replacements: [
      {
        find: 'holder.attemptBegun > link.attemptBegun',
        replace: 'holder.attemptBegun > Infinity',
      },
    ],
    mistake:
      'Who lets the last answer win gives the seat to the machine whose login was merely slower.',
    rule: 'ADR 0014',
  },
  {
    name: 'resume-called-a-login',
    file: 'host/continue-stream.js',
    replacements: [
      {
        find:
          'core.outbox.send(link, ' +
          '{ ...accepted, isResumed: true, reliableReceived: stream.received });\n    for',
        replace:
          'core.outbox.send(link, ' +
          '{ ...accepted, isResumed: false, reliableReceived: undefined });\n    for',
      },
    ],
    mistake: 'Who answers a resume as a login makes the client forget what it has to send again.',
    rule: 'docs/PROTOCOL.md: LoginAccepted',
  },
  {
    name: 'client-logs-in-with-a-token',
    file: 'client/session-memory.js',
    replacements: [
      {
        find: 'if (this.#ticket === undefined)\n            return this.#login;',
        replace: 'return this.#login;',
      },
    ],
    mistake:
      'Who logs in after each loss takes over from itself, and needs its password each time.',
    rule: 'C5; issue 4: automatic resume',
  },
  {
    name: 'client-forgets-its-new-token',
    file: 'client/session-memory.js',
    replacements: [
      {
        find: 'this.#ticket = { sessionId, token };',
        replace: 'this.#ticket ??= { sessionId, token };',
      },
    ],
    mistake: 'Who keeps the first token can come back once, and not a second time.',
    rule: 'design §2: rotated with each resume',
  },
];
