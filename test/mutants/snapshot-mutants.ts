/** Planted bugs of snapshots: from which baseline, to whom, and who is believed to have what. */
import type { Mutant } from './mutant.ts';

export const SNAPSHOT_MUTANTS: readonly Mutant[] = [
  {
    name: 'baseline-never-written',
    file: 'host/outbound-queue.js',
    replacements: [
      {
        find: `            if (payload.stamp !== undefined)
                this.#onWritten(payload.stamp);`,
        replace: '',
      },
      {
        find: 'const index = this.#keys.indexOf(key);',
        replace: `const index = this.#keys.indexOf(key);
        if (payload.stamp !== undefined)
            this.#onWritten(payload.stamp);`,
      },
    ],
    mistake: 'Who takes what is queued for written tells a slow reader differences from nothing.',
    rule: 'design §5: the last snapshot written to this session',
  },
  {
    name: 'baseline-of-another-epoch',
    file: 'host/session-reactions.js',
    replacements: [
      {
        find: 'links.set(peerId, new PeerLink(',
        replace: `const keep = (link) => {
            seat.snapshots = link.snapshots;
            links.set(peerId, link);
        };
        keep(new PeerLink(`,
      },
      {
        find: 'link.seat = seat;',
        replace: 'link.snapshots = seat.snapshots;\n        link.seat = seat;',
      },
    ],
    mistake: 'Who keeps the baseline with the seat goes on from it on a connection that has none.',
    rule: 'design §5: full on join, resume and loss',
  },
  {
    name: 'ack-of-an-unsent-tick',
    file: 'host/inbound-router.js',
    replacements: [
      {
        find: 'else if (link.snapshots.acknowledge(ack))',
        replace: 'else if (link.snapshots.acknowledge(ack) || ack.tick > 0)',
      },
    ],
    mistake: 'Who believes every acknowledgement lets a liar live by it.',
    rule: 'L9, docs/PROTOCOL.md: an offence',
  },
  {
    name: 'ladder-of-every-tick',
    file: 'protocol/snapshot-ladder.js',
    replacements: [{ find: 'const YOUNG_RUNGS = 4;', replace: 'const YOUNG_RUNGS = 16;' }],
    mistake: 'Who takes any baseline that a receiver has encodes a snapshot 20 times.',
    rule: 'design §5: at most 8 encodes for each world and tick',
  },
  {
    name: 'baseline-of-the-first-receiver',
    file: 'broadcast/snapshot-feed.js',
    replacements: [
      {
        find: `        if (tick !== this.#tick)
            this.#frames.clear();
        this.#tick = tick;
        const baseline = this.#newestOf(receipts);`,
        replace: `        if (tick !== this.#tick) {
            this.#frames.clear();
            this.baseline = this.#newestOf(receipts);
        }
        this.#tick = tick;
        const baseline = this.baseline;`,
      },
    ],
    mistake:
      'Who looks for a baseline once per tick tells all the difference that suits the first.',
    rule: 'design §5: per receiver',
  },
  {
    name: 'whole-is-never-due',
    file: 'broadcast/snapshot-receipts.js',
    replacements: [
      {
        find: `            this.#acknowledged = 0;
            return true;`,
        replace: '            return true;',
      },
    ],
    mistake: 'Who forgets nothing when a peer has lost its way leaves its view standing still.',
    rule: 'docs/PROTOCOL.md: both numbers 0',
  },
];
