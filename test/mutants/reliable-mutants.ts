/** Planted bugs of counted messages: what a session is told and tells, over all its connections. */
import type { Mutant } from './mutant.ts';

export const RELIABLE_MUTANTS: readonly Mutant[] = [
  {
    name: 'resend-from-the-last-acknowledgement',
    file: 'host/reliable-stream.js',
    replacements: [
      {
        find: `*resend(received) {
        this.#confirm();
        this.#forgetUpTo(received);`,
        replace: `*resend(received) {
        this.#confirm();
        void received;`,
      },
    ],
    mistake:
      'Who sends again from the last acknowledgement tells a client twice what it has already.',
    rule: 'issue 4: the reliable lane continues without gap or repeat',
  },
  {
    name: 'nothing-sent-again',
    file: 'host/continue-stream.js',
    replacements: [
      {
        find: 'for (const payload of stream.resend(received)) {',
        replace: 'for (const payload of []) {',
      },
    ],
    mistake: 'Who forgets what was on its way when the line broke loses hits that were told.',
    rule: 'issue 4: the reliable lane continues without gap or repeat',
  },
  {
    name: 'the-absent-are-told-nothing',
    file: 'host/outbox.js',
    replacements: [
      {
        find: 'this.#options.counters.countedMessagesGivenUp += seat.stream.push(payload);',
        replace: `if (seat.link === undefined)
            return;
        this.#options.counters.countedMessagesGivenUp += seat.stream.push(payload);`,
      },
    ],
    mistake: 'Who sends to connections only leaves out what happened while a player was away.',
    rule: 'docs/RELIABLE-LANE.md',
  },
  {
    name: 'gap-taken-for-whole',
    file: 'host/reliable-stream.js',
    replacements: [
      {
        find: "return received + 1 < this.#heldFrom ? 'gap' : 'normal';",
        replace: "return 'normal';",
      },
    ],
    mistake: 'Who sends what is left of a full buffer leaves a hole that nobody is told of.',
    rule: 'design §6: past its bound the client gets resynced',
  },
  {
    name: 'counts-outlive-a-login',
    file: 'host/reliable-stream.js',
    replacements: [
      {
        find: `this.#sent = 0;
        this.#received = 0;
        this.#heldFrom = 1;
        this.#isUnknown = false;`,
        replace: `this.#sent = 0;
        this.#heldFrom = 1;
        this.#isUnknown = false;`,
      },
    ],
    mistake: 'Who begins one of the two counts anew acknowledges what a new client never sent.',
    rule: 'docs/RELIABLE-LANE.md: a login restarts both counts',
  },
  {
    name: 'only-what-was-admitted-counts',
    file: 'host/inbound-router.js',
    replacements: [
      {
        find: `if (lane === 'reliable')
            this.#count(link, kind);
        if (!this.#isWithinBudget(link, ownLane, now))
            return;`,
        replace: `if (!this.#isWithinBudget(link, ownLane, now))
            return;
        if (lane === 'reliable' && decodeClientMessage(bytes).kind !== 'rejected')
            this.#count(link, kind);`,
      },
    ],
    mistake: 'Who counts what it could use has another number than the peer that sent it.',
    rule: 'docs/RELIABLE-LANE.md: counted on arrival, before budget and decode',
  },
  {
    name: 'false-acknowledgement-believed',
    file: 'host/reliable-stream.js',
    replacements: [
      {
        find: `if (received > this.#sent)
            return false;
        this.#confirm();`,
        replace: 'received = Math.min(received, this.#sent);\n        this.#confirm();',
      },
    ],
    mistake: 'Who takes any number for an acknowledgement has no strike for a peer that lies.',
    rule: 'design §3: hostile input is counted',
  },
  {
    name: 'resynced-left-out',
    file: 'host/continue-stream.js',
    replacements: [
      {
        find: "core.outbox.send(link, { kind: 'resynced', ...told, ...counts });",
        replace: 'void counts;',
      },
    ],
    mistake: 'Who begins to count anew without a word leaves the client with a hole it never sees.',
    rule: 'design §6: resynced, never silent',
  },
  {
    name: 'client-sends-nothing-again',
    file: 'client/retransmit-buffer.js',
    replacements: [{ find: 'return this.#frames.slice(this.#first);', replace: 'return [];' }],
    mistake: 'Who keeps its shots for a resume and forgets to send them loses them all the same.',
    rule: 'issue 4: the reliable lane continues without gap',
  },
  {
    name: 'client-sends-all-again',
    file: 'client/retransmit-buffer.js',
    replacements: [
      {
        find: 'this.#release(Math.min(this.size, Math.max(0, taken)));',
        replace: 'void taken;',
      },
    ],
    mistake: 'Who sends all again that was not acknowledged has a shot counted twice.',
    rule: 'issue 4: without repeat; §6: accepted inputs at most once',
  },
  {
    name: 'client-counts-from-each-login',
    file: 'client/session-memory.js',
    replacements: [{ find: 'this.#received ??= 0;', replace: 'this.#received = 0;' }],
    mistake: 'Who counts anew on each connection asks for messages that it has already.',
    rule: 'docs/RELIABLE-LANE.md',
  },
  {
    name: 'client-deaf-to-resynced',
    // Words that were given up while the player was away: few draw that.
    seeds: { from: 60, step: 1 },
    file: 'client/session-memory.js',
    replacements: [
      { find: 'this.#received = message.reliableSent;', replace: 'void message.reliableSent;' },
    ],
    mistake: 'Who ignores from where the server goes on acknowledges what it never got.',
    rule: 'docs/PROTOCOL.md: Resynced',
  },
];
