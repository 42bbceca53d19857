/**
 * Planted bugs of what a client guesses ahead. The wire doesn't show them, so they stand apart:
 * `test/built/prediction-mutants.test.ts` looks for them with simulated play.
 */
import type { Mutant } from './mutant.ts';

export const PREDICTION_MUTANTS: readonly Mutant[] = [
  {
    name: 'prediction-outlives-its-connection',
    file: 'client/world-mirror.js',
    replacements: [
      {
        find: 'prediction?.createPredictor({ accepted, positionAt, onCorrection });',
        replace:
          'prediction && (prediction.kept ??= ' +
          'prediction.createPredictor({ accepted, positionAt, onCorrection }));',
      },
    ],
    mistake:
      'Who keeps states and moves over a resume predicts from before the loss, with a dead clock.',
    rule: 'design §2: on resume everything of the old connection is rebased',
  },
  {
    name: 'prediction-forgets-to-hold',
    file: 'client/move-history.js',
    replacements: [{ find: 'age <= this.#holdTicksMax', replace: 'age <= 0' }],
    mistake: 'Who stops at a missing move is not where the server has it, which repeats the last.',
    rule: 'design §4: a missing input repeats the last one for inputHoldTicksMax',
  },
  {
    name: 'prediction-holds-as-it-likes',
    file: 'client/predict-movement.js',
    replacements: [
      {
        find: 'const { inputHoldTicksMax: holdTicksMax } = connection.accepted;',
        replace: 'const holdTicksMax = 2;',
      },
    ],
    mistake: 'Who holds for longer than the server walks on where it has stopped.',
    rule: 'docs/PROTOCOL.md: LoginAccepted says for how many ticks an input is held',
  },
  {
    name: 'prediction-a-tick-behind',
    file: 'client/movement-predictor.js',
    replacements: [
      { find: 'this.#track.addMove(tick, {', replace: 'this.#track.addMove(tick + 1, {' },
    ],
    mistake: 'Who takes a move for the tick after its own is corrected at each turn.',
    rule: 'design §4: the movement step is shared, on the same bits',
  },
  {
    name: 'corrections-jump',
    file: 'client/movement-predictor.js',
    replacements: [{ find: 'this.#offset.set(offset, now);', replace: 'this.#offset.clear();' }],
    mistake: 'Who shows what the server says at once has the player jump with each change of lead.',
    rule: 'design §7: self is predicted, reconciled, smoothed',
  },
  {
    name: 'shot-ends-twice',
    file: 'client/shot-book.js',
    replacements: [{ find: 'shot.isTold = true;', replace: '' }],
    mistake: 'Who forgets that a shot was given up tells of it again when its answer comes.',
    rule: 'docs/PREDICTION.md: each shot has exactly one end',
  },
  {
    name: 'extrapolation-without-end',
    file: 'client/playhead.js',
    replacements: [
      {
        find: 'const target = Math.min(wanted, known + aheadTicksMax);',
        replace: 'const target = aheadTicksMax > 0 ? wanted : Math.min(wanted, known);',
      },
    ],
    mistake: 'Who guesses for as long as nothing is heard has everybody run out of a dead world.',
    rule: 'docs/PREDICTION.md: no further than extrapolationMsMax',
  },
  {
    name: 'wrong-guesses-jump',
    file: 'client/fading-guesses.js',
    replacements: [{ find: 'this.#fades.set(entity, {', replace: 'void ({' }],
    mistake: 'Who shows the news at once where it had guessed has everybody jump after each gap.',
    rule: 'issue 5: remoteJumpMaxRatio ≤ 1.5 × what speed allows',
  },
  {
    name: 'wrong-guesses-hurry',
    file: 'client/fading-guesses.js',
    replacements: [
      {
        find: 'return SPEED_RATIO_MAX * nowTicks - tick;',
        replace: 'return SPEED_RATIO_MAX * nowTicks;',
      },
    ],
    mistake: 'Who fades a wrong guess beside the way itself adds the two speeds up.',
    rule: 'issue 5: remoteJumpMaxRatio ≤ 1.5 × what speed allows',
  },
  {
    name: 'shot-claims-a-guess',
    file: 'client/interpolation.js',
    replacements: [{ find: 'Math.min(viewTick, this.#buffer.newestTick)', replace: 'viewTick' }],
    mistake: 'Who reports the tick of a guess claims to have seen a state that it never had.',
    rule: 'design §4: aim against rewound positions, of what the shooter saw',
  },
];
