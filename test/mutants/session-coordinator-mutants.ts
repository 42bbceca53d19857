/** Planted bugs of the coordinator: look-ups, deadlines of many sessions, delivery of events. */
import type { Mutant } from './mutant.ts';

export const SESSION_COORDINATOR_MUTANTS: readonly Mutant[] = [
  {
    name: 'takeover-keeps-the-old-peer',
    file: 'session/session-index.js',
    replacements: [
      {
        find: 'this.#byPeer.delete(older.peerId);',
        replace: 'this.#byPeer.delete(successor.peerId);',
      },
    ],
    mistake: 'Who deletes the wrong key on takeover leaves a dead handle under the old peer id.',
    rule: 'L16: get(oldPeerId) is undefined',
  },
  {
    name: 'merged-newcomer-takes-the-look-up-along',
    file: 'session/session-index.js',
    replacements: [
      {
        find: `if (this.#byPeer.get(peerId) === record)
            this.#byPeer.delete(peerId);`,
        replace: 'this.#byPeer.delete(peerId);',
      },
    ],
    mistake:
      'Who deletes by key without looking whose it is removes the session that has just taken ' +
      'the connection over, together with the merged one.',
    rule: 'L16, R2.S2',
  },
  {
    name: 'player-id-as-object-key',
    file: 'session/session-index.js',
    replacements: [
      { find: '#byPlayer = new Map();', replace: '#byPlayer = {};' },
      {
        find: 'return this.#byPlayer.get(playerId);',
        replace: 'return this.#byPlayer[playerId];',
      },
      {
        find: 'this.#byPlayer.set(record.playerId, record);',
        replace: 'this.#byPlayer[record.playerId] = record;',
      },
      {
        find: 'this.#byPlayer.get(playerId) === record',
        replace: 'this.#byPlayer[playerId] === record',
      },
      { find: 'this.#byPlayer.delete(playerId);', replace: 'delete this.#byPlayer[playerId];' },
    ],
    mistake:
      'Who keeps players in a plain object finds one named __proto__ or constructor logged in ' +
      'before it has ever come.',
    rule: 'R1',
  },
  {
    name: 'slot-freed-twice',
    file: 'session/session-index.js',
    replacements: [
      {
        find: 'this.#byPlayer.delete(playerId);',
        replace: `this.#byPlayer.delete(playerId);
            this.#freeSlots.push(slot);`,
      },
    ],
    mistake:
      'Who frees the place of a player and then of its session gives two later sessions one ' +
      'deadline.',
    rule: 'L21, R2.S1',
  },
  {
    name: 'round-trip-of-somebody-else',
    file: 'session/session-numbers.js',
    replacements: [
      {
        find: '    roundTripMs(slot) {',
        replace: '    roundTripMs(slot) {\n        slot = 0;',
      },
      {
        find: '    measured(slot, roundTripMs) {',
        replace: '    measured(slot, roundTripMs) {\n        slot = 0;',
      },
    ],
    mistake: 'Who saves a field per session tells each peer the round trip of whoever came last.',
    rule: 'R2',
  },
  {
    name: 'burst-inherited-with-the-slot',
    file: 'session/heartbeat-schedule.js',
    replacements: [
      {
        find: 'this.#burstLeft[slot] = BURST_COUNT;',
        replace: 'this.#burstLeft[slot] ||= BURST_COUNT;',
      },
    ],
    mistake:
      'Who fills a reused column only when it is empty gives a newcomer what its predecessor ' +
      'left of the first heartbeats.',
    rule: 'lifecycle-rules, Heartbeats: every 250 ms for 2 s',
  },
  {
    name: 'stall-extends-nothing',
    file: 'session/session-deadlines.js',
    replacements: [
      {
        find: 'const hasStalled = now - since > this.#context.policy.stallMsMax;',
        replace: 'const hasStalled = false;',
      },
    ],
    mistake:
      'Who trusts that the process never stands still takes the time of a stall off every login ' +
      'and every held seat.',
    rule: 'lifecycle-rules, Time: a stall extends deadlines',
  },
  {
    name: 'one-expiry-per-sweep',
    file: 'session/multi-session-manager.js',
    replacements: [
      {
        find: 'for (const record of expired)',
        replace: 'for (const record of expired.slice(0, 1))',
      },
    ],
    mistake:
      'Who ends the sweep at the first session that has expired leaves the others that were due ' +
      'in it without a deadline for ever.',
    rule: 'L21',
  },
  {
    name: 'terminal-event-twice',
    file: 'session/session-register.js',
    replacements: [
      {
        find: `this.index.remove(record);
        record.end();`,
        replace: `this.index.remove(record);
        const { state, lastCause: cause, enteredAt: at, epoch } = record;
        this.events.push({ session: record, from: state, to: state, cause, at, epoch });
        record.end();`,
      },
    ],
    mistake: 'Who announces the end in the clean-up and as an effect too tells everybody twice.',
    rule: 'L19',
  },
  {
    name: 'events-before-the-state',
    file: 'session/session-register.js',
    replacements: [
      {
        find: `if (session !== record) {
            record.adopt(session);
            if (hasMoved)
                this.deadlines.follow(record);
            else
                this.deadlines.rearm(record);
            if (session.state === 'disconnected')
                this.#forget(record);
        }
        let isAccepted = true;`,
        replace: 'let isAccepted = true;',
      },
      {
        find: 'at, epoch, ...particulars });',
        replace: `at, epoch, ...particulars });
                this.events.deliver();`,
      },
      {
        find: `if (wasPending && hasMoved)
            this.#endResume(record);`,
        replace: `if (session !== record) {
            record.adopt(session);
            if (hasMoved)
                this.deadlines.follow(record);
            else
                this.deadlines.rearm(record);
            if (session.state === 'disconnected')
                this.#forget(record);
        }
        if (wasPending && hasMoved)
            this.#endResume(record);`,
      },
    ],
    mistake:
      'Who tells subscribers before the state is stored lets one that removes the session in its ' +
      'callback see it come back to life.',
    rule: 'lifecycle-rules, Events: state changes at once',
  },
  {
    name: 'nested-delivery',
    file: 'session/session-event-queue.js',
    replacements: [
      {
        find: `if (this.#isDelivering)
            return;
        this.#isDelivering = true;`,
        replace: 'this.#isDelivering = true;',
      },
    ],
    mistake:
      "Who delivers a subscriber's own calls at once tells the subscribers behind it the second " +
      'event before the first.',
    rule: 'lifecycle-rules, Events: first-in-first-out',
  },
  {
    name: 'throwing-subscriber-stops-the-others',
    file: 'session/session-event-queue.js',
    replacements: [
      {
        find: `this.#report(error, event);
            }`,
        replace: `this.#report(error, event);
                break;
            }`,
      },
    ],
    mistake:
      'Who stops at the first subscriber that throws leaves those behind it without the event.',
    rule: 'lifecycle-rules, Events: the others still receive',
  },
];
