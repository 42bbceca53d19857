/** Planted bugs of base/ and protocol/: time, timing wheel, bytes, codes. */
import type { Mutant } from './mutant.ts';

export const BASE_AND_PROTOCOL_MUTANTS: readonly Mutant[] = [
  {
    name: 'deadline-edge',
    file: 'base/clock.js',
    replacements: [{ find: 'return now >= deadline;', replace: 'return now > deadline;' }],
    mistake: 'Who reads "after the deadline" judges at the instant itself that nothing has passed.',
    rule: 'lifecycle-rules: "passed" means now >= deadline',
  },
  {
    name: 'wheel-bucket-assumed-sorted',
    file: 'base/timing-wheel.js',
    replacements: [
      {
        find: `this.#link(entry, home);`,
        replace: `this.#link(entry, home);
                    return;`,
      },
    ],
    mistake:
      'Who takes a bucket for a sorted list stops at its first entry that is not due, and the ' +
      'deadlines of the sessions behind it wait for another rotation.',
    rule: 'L21',
  },
  {
    name: 'shared-encode-buffer',
    file: 'protocol/wire-writer.js',
    replacements: [
      {
        find: 'if (length > LOOP_BYTES_MAX)\n            return this.#bytes.slice(0, length);',
        replace: 'return this.#bytes.subarray(0, length);',
      },
    ],
    mistake:
      'Who saves a copy hands out a view of the encode buffer, and the next frame overwrites ' +
      'what waits in the queues of others.',
    rule: 'style: no buffer is shared across an asynchronous write',
  },
  {
    name: 'superseded-is-retryable',
    file: 'protocol/codes.js',
    replacements: [
      {
        find: 'superseded: { webSocketCode: 4007, retryable: false }',
        replace: 'superseded: { webSocketCode: 4007, retryable: true }',
      },
    ],
    mistake:
      'Who wants every client back marks superseded as retryable, and two devices of a player ' +
      'steal the seat from each other for ever.',
    rule: 'C6, C9',
  },
];
