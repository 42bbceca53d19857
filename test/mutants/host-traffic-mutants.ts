/** Planted bugs of the tick's pass, the queues and budgets: who is sent what, who pays for whom. */
import type { Mutant } from './mutant.ts';

export const HOST_TRAFFIC_MUTANTS: readonly Mutant[] = [
  {
    name: 'roster-cached-without-its-world',
    file: 'broadcast/broadcaster.js',
    replacements: [
      {
        find: `return encodeFrames({
            kind: 'roster',
            isComplete: true,`,
        replace: `if (this.rosterTick === world.tick)
            return this.roster;
        this.rosterTick = world.tick;
        return this.roster = encodeFrames({
            kind: 'roster',
            isComplete: true,`,
      },
    ],
    mistake: "Who caches the newcomers' roster by tick shows them the players of another world.",
    rule: 'design §4: worlds are isolated',
  },
  {
    name: 'snapshot-once-per-host',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: 'outbox.beginPass();',
        replace: 'outbox.beginPass();\n        this.frame = undefined;',
      },
      {
        find: 'snapshots.frameFor(link.snapshots)',
        replace: '(this.frame ??= snapshots.frameFor(link.snapshots))',
      },
    ],
    mistake: 'Who encodes once per pass instead of once per world shows all worlds the first one.',
    rule: 'design §4: worlds are isolated',
  },
  {
    name: 'shot-refusal-to-everybody',
    file: 'broadcast/broadcaster.js',
    replacements: [
      {
        find: `return scope.to === 'peer' ? scope.playerId : undefined;`,
        replace: `return scope.to === 'nobody' ? scope.playerId : undefined;`,
      },
    ],
    mistake: "Who ignores the scope of an event tells the world each refusal of one peer's shots.",
    rule: 'R2.S4, design §4: shoot-rejected to the shooter alone',
  },
  {
    name: 'ack-suppressed-by-neighbour',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: 'ack.lastInputTick === link.acknowledgedInputTick',
        replace: 'ack.lastInputTick === this.acknowledgedInputTick',
      },
      {
        find: 'link.acknowledgedInputTick = ack.lastInputTick;',
        replace: 'this.acknowledgedInputTick = ack.lastInputTick;',
      },
    ],
    mistake: 'Who remembers the last acknowledged tick per pass acknowledges it to one peer only.',
    rule: 'R2.S3',
  },
  {
    name: 'verdict-counted-twice',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: `if (link === undefined)
                this.#router.noteUntoldVerdict(session, input, verdict);
            else
                this.#router.noteVerdict(link, input, verdict);`,
        replace: `this.#router.noteUntoldVerdict(session, input, verdict);
            if (link !== undefined)
                this.#router.noteVerdict(link, input, verdict);`,
      },
    ],
    mistake: 'Who notes a verdict for the record and again for the report counts it twice.',
    rule: 'design §4: every input gets one verdict',
  },
  {
    name: 'verdict-report-to-the-room',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: 'encodeServerMessage(report) }, link.seat);',
        replace: 'encodeServerMessage(report) });',
      },
    ],
    mistake: "Who sends a report like any other event tells a room what one peer's inputs became.",
    rule: 'R2.S3, R2.S4',
  },
  {
    name: 'slowest-reader-stops-the-room',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: `if (links.size === 0)
            return;`,
        replace: `if (links.size === 0)
            return;
        for (const link of links) {
            if (link.queue.pendingBytes > 8_192)
                return;
        }`,
      },
    ],
    mistake: 'Who waits with a snapshot until everybody can take it lets one slow reader stop all.',
    rule: 'design §3: a slow consumer is its own matter',
  },
  {
    name: 'flush-skips-every-second',
    file: 'host/outbox.js',
    replacements: [
      {
        find: 'clearArray(this.#dirty);',
        replace: '',
      },
      {
        find: 'flushOne(this.#dirty[index]);',
        replace: 'flushOne(this.#dirty.splice(index, 1)[0]);',
      },
    ],
    mistake: 'Who removes from what is counted through keeps the bytes of every second peer back.',
    rule: 'R1, R3',
  },
  {
    name: 'latest-shared-between-peers',
    file: 'host/outbound-queue.js',
    replacements: [
      {
        find: 'export class OutboundQueue {',
        replace: 'const KEYS = [];\nconst LATEST = [];\nexport class OutboundQueue {',
      },
      { find: '#keys = [];', replace: '#keys = KEYS;' },
      { find: '#latest = [];', replace: '#latest = LATEST;' },
    ],
    mistake: "Who keys what is latest by kind alone replaces one peer's bytes with another's.",
    rule: 'R1, design §3: latest wins per connection',
  },
  {
    name: 'budget-shared-between-peers',
    file: 'host/peer-link.js',
    replacements: [
      { find: 'export class PeerLink {', replace: 'let shared;\nexport class PeerLink {' },
      {
        find: 'this.#budgets = fullBudgets(limits, now);',
        replace: 'this.#budgets = shared ??= fullBudgets(limits, now);',
      },
    ],
    mistake: 'Who makes the budget once has a flood of one peer drop the messages of the others.',
    rule: 'design §3: messages per second per peer and lane',
  },
  {
    name: 'budget-shared-between-lanes',
    file: 'host/peer-link.js',
    replacements: [
      {
        find: 'sync: new TokenBucket(messageBurst, syncMessagesPerSecond, now),',
        replace: 'get sync() {\n                return this.reliable;\n            },',
      },
    ],
    mistake: "Who spends both lanes from one budget lets moves use up the shots' share.",
    rule: 'design §3: messages per second per peer and lane',
  },
  {
    name: 'strikes-shared',
    file: 'host/peer-link.js',
    replacements: [
      { find: 'export class PeerLink {', replace: 'let strikes;\nexport class PeerLink {' },
      {
        find: 'this.#strikes ??= new TokenBucket(',
        replace: 'this.#strikes = strikes ??= new TokenBucket(',
      },
    ],
    mistake: 'Who counts malformed messages per host closes one peer for the garbage of another.',
    rule: 'L12c, R3',
  },
  {
    name: 'liveness-by-garbage',
    file: 'host/inbound-router.js',
    replacements: [
      {
        find: 'counters.bytesReceived += bytes.length;',
        replace: `counters.bytesReceived += bytes.length;
        this.#core.sessions.notifyInboundActivity(link.session);`,
      },
    ],
    mistake: 'Who takes any bytes for a sign of life never times out a peer that sends garbage.',
    rule: 'L2, L9: only admitted messages are proof of life',
  },
  {
    name: 'unknown-nonce-is-alive',
    file: 'host/inbound-router.js',
    replacements: [
      {
        find: 'const sentAt = link.heartbeats.settle(message.nonce);',
        replace: `const sentAt = link.heartbeats.settle(message.nonce);
        this.#core.sessions.notifyInboundActivity(link.session);`,
      },
    ],
    mistake: 'Who does not look at the nonce takes an answer to nothing for proof of life.',
    rule: 'L9: heartbeat answered with its nonce',
  },
  {
    name: 'throwing-verdict-hook-escapes',
    file: 'host/inbound-router.js',
    replacements: [
      {
        find: 'callHook(() => onVerdict(session, input, verdict),',
        replace: '((call) => call())(() => onVerdict(session, input, verdict),',
      },
    ],
    mistake:
      "Who calls the user's hook bare lets what it throws about one input end the tick of all.",
    rule: 'design §3: a handler that throws hits that peer only',
  },
  {
    name: 'silence-before-reading',
    file: 'host/tick-loop.js',
    replacements: [
      {
        find: 'this.#options.scheduler.defer(() => this.#run());',
        replace: 'this.#run();',
      },
    ],
    mistake:
      'Who runs the tick straight from the timer judges silence while bytes wait to be read.',
    rule: 'lifecycle-rules, Time: queued bytes are read before silence is judged',
  },
];
