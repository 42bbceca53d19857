/** Planted bugs of the client: its connection, its timers, its way back. */
import type { Mutant } from './mutant.ts';

export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    name: 'client-judges-silence-before-reading',
    file: 'client/deadline-watch.js',
    replacements: [
      {
        find: 'this.#options.scheduler.defer(() => {',
        replace: '((judge) => judge())(() => {',
      },
    ],
    mistake: 'Who judges from the timer gives a connection up whose bytes wait after a stall.',
    rule: 'C3: judged only after one macrotask was yielded',
  },
  {
    name: 'client-hears-its-old-connection',
    file: 'client/session-keeper.js',
    replacements: [
      {
        find: `if (attempt !== this.#attempt)
            return;
        const isLoggedIn`,
        replace: 'const isLoggedIn',
      },
      { find: 'attempt?.abandon();', replace: 'void attempt;' },
    ],
    mistake:
      'Who only forgets the old connection answers its heartbeats on the new one and takes its ' +
      'farewell for the end of the session.',
    rule: 'C4, C5: the bytes of an older epoch are dead',
  },
  {
    name: 'client-retries-what-is-final',
    file: 'client/session-keeper.js',
    replacements: [
      {
        find: 'this.#session.notifyClosed({ code, retryable });',
        replace: 'this.#session.notifyClosed({ code, retryable: true });',
      },
    ],
    mistake: 'Who reconnects after every close brings back whom the server has sent away.',
    rule: 'C6',
  },
  {
    name: 'left-client-comes-back',
    file: 'client/session-keeper.js',
    replacements: [
      {
        find: `this.#watch.stop();
        this.#loop.stop();`,
        replace: 'this.#watch.stop();',
      },
    ],
    mistake: 'Who leaves the next attempt armed at the end has the player log in again by itself.',
    rule: 'C6',
  },
  {
    name: 'input-ticker-never-stops',
    file: 'client/input-ticker.js',
    replacements: [
      {
        find: `this.#timer?.cancel();
        this.#timer = undefined;`,
        replace: 'this.#timer = undefined;',
      },
    ],
    mistake: 'Who forgets the handle of a timer without cancelling it adds one with each login.',
    rule: 'style: who creates, closes; expectNoLeaks()',
  },
  {
    name: 'deadline-timers-pile-up',
    file: 'client/deadline-watch.js',
    replacements: [{ find: 'this.#timer?.cancel();', replace: 'void this.#timer;' }],
    mistake: 'Who arms the next timer without cancelling the last keeps one for each move.',
    rule: 'style: who creates, closes; expectNoLeaks()',
  },
  {
    name: 'attempt-never-abandoned',
    file: 'client/reconnect-loop.js',
    replacements: [
      { find: 'this.#options.abandonAttempt();', replace: '// The next one follows.' },
    ],
    mistake: 'Who starts the next attempt beside the last leaves connections that nobody uses.',
    rule: 'C5: an attempt without answer is abandoned after 2 s',
  },
];
