/** Planted bugs of shots at where their shooter saw the targets: how far back, whom, since when. */
import type { Mutant } from './mutant.ts';

/** In those seeds a shot liar is there for certain (src/simulator/swarm.ts). */
const WITH_SHOT_LIAR = { from: 24, step: 25 } as const;

const RULE = 'design §4, ShootInput';

export const REWIND_MUTANTS: readonly Mutant[] = [
  {
    name: 'rewind-as-far-as-told',
    file: 'authority/rewound-tick.js',
    replacements: [
      { find: 'tick - Math.min(rewind, longest)', replace: 'tick - Math.min(rewind, rewind)' },
    ],
    mistake: 'Who believes the view tick lets a client shoot at wherever others have been.',
    rule: `${RULE}: clamped to what the server has measured`,
  },
  {
    name: 'rewind-without-the-round-trip',
    file: 'authority/rewound-tick.js',
    replacements: [
      { find: 'ticksOf(roundTripMs + rules', replace: 'ticksOf(roundTripMs * 0 + rules' },
    ],
    mistake: 'Who bounds by the delay of the picture alone has far players aim ahead.',
    rule: `${RULE}: worst RTT of the last 4 samples + the largest interpolation delay + 1 tick`,
  },
  {
    name: 'rewind-into-an-earlier-life',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: `body.isFrozen = false;
        stop(body);
        this.#history.restart(body.slot, body.state, this.#context.tick);`,
        replace: `body.isFrozen = false;
        stop(body);
        this.#history.note(body.slot, body.state);`,
      },
    ],
    mistake: 'Who remembers a respawn as a step has a shot hit on a way that nobody went.',
    seeds: WITH_SHOT_LIAR,
    rule: `${RULE}: never across a respawn`,
  },
  {
    name: 'rewind-into-an-earlier-connection',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: `body.ghost = undefined;
        stop(body);
        this.#history.restart(body.slot, body.state, this.#context.tick);`,
        replace: `body.ghost = undefined;
        stop(body);`,
      },
    ],
    mistake: 'Who takes a return for no beginning has those shot who have just come back.',
    rule: 'issue 5: not across respawn or resume',
  },
  {
    name: 'shooter-rewound-too',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'const origin = this.#placeOf(shooter.playerId);',
        replace: 'const origin = this.#placeAt(shooter.playerId, this.#instantOf(input));',
      },
    ],
    mistake: 'Who turns the whole world back lets a shooter fire from where it is no more.',
    rule: `${RULE}: aim against rewound positions`,
  },
  {
    name: 'named-target-at-its-present-place',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'target: this.#placeAt(target.playerId, seenAt)',
        replace: 'target: this.#placeOf(target.playerId)',
      },
    ],
    mistake: 'Who rewinds for rays alone has aimed shots miss what their shooter saw.',
    rule: `${RULE}: aim against rewound positions`,
  },
  {
    name: 'ray-through-present-places',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'this.#placeAt(fighter.playerId, seenAt)',
        replace: 'this.#placeOf(fighter.playerId)',
      },
    ],
    mistake: 'Who rewinds for named targets alone has whoever is in the way stand elsewhere.',
    rule: `${RULE}: aim against rewound positions`,
  },
  {
    name: 'ring-off-by-one',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'this.#history.advance(tick);',
        replace: 'this.#history.advance(tick - 1);',
      },
    ],
    mistake: 'Who dates places by the tick before shows everybody one tick younger than seen.',
    rule: 'PROTOCOL.md: a snapshot of tick N is the state after tick N',
  },
  {
    name: 'rewind-to-whole-ticks',
    file: 'authority/rewind-history.js',
    replacements: [{ find: 'if (part === 0)', replace: 'if (part < 1)' }],
    mistake: 'Who rounds a view down to a tick is off by up to 0.3 m.',
    rule: `${RULE}: in 1/16 tick`,
  },
  {
    name: 'broad-phase-of-the-present',
    file: 'authority/rewind-history.js',
    replacements: [
      {
        find: 'for (let tick = this.#oldestTick(slot); tick <= this.#tick; tick += 1) {',
        replace: 'for (let tick = this.#tick; tick <= this.#tick; tick += 1) {',
      },
    ],
    mistake: 'Who asks the grid where bodies are has shots pass through where they were.',
    rule: `${RULE}: whoever is in the way`,
  },
  {
    name: 'round-trip-of-the-newest-answer',
    file: 'host/inbound-router.js',
    replacements: [{ find: 'session.roundTripTimeMsMax', replace: 'session.roundTripTimeMs' }],
    mistake: 'Who bounds by the last sample has jitter decide on hits.',
    rule: `${RULE}: worst RTT of the last 4 samples`,
  },
  {
    name: 'round-trips-outlive-the-connection',
    file: 'session/session-record.js',
    replacements: [
      {
        find: 'successor.#data = this.#data;',
        replace: 'successor.#data = this.#data; successor.#roundTripsMs = this.#roundTripsMs;',
      },
    ],
    mistake: 'Who hands samples on judges a new line by the old one.',
    rule: 'REWIND.md: of this connection',
  },
];
