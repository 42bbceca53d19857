/** Planted bugs between the arrival of an input and its verdict. */
import type { Mutant } from './mutant.ts';

export const INPUT_MUTANTS: readonly Mutant[] = [
  {
    name: 'global-high-water-mark',
    file: 'authority/input-buffer.js',
    replacements: [
      { find: 'const EMPTY = -1;', replace: 'const EMPTY = -1;\nlet newestTick = 0;' },
      {
        find: `if (input.tick <= lastRunTick)
            return STALE;`,
        replace: `if (input.tick <= lastRunTick || input.tick < newestTick)
            return STALE;
        newestTick = input.tick;`,
      },
    ],
    mistake:
      'Who keeps the newest tick beside the class filters one peer by the progress of others.',
    rule: 'R2.S3',
  },
  {
    name: 'duplicate-window-shared',
    file: 'authority/input-buffer.js',
    replacements: [
      { find: 'const EMPTY = -1;', replace: 'const EMPTY = -1;\nlet ticks;' },
      {
        find: 'this.#numbers = new Float64Array(',
        replace: 'this.#numbers = ticks ??= new Float64Array(',
      },
    ],
    mistake:
      'Who allocates the window of known ticks once for all calls the second peer a duplicate of ' +
      'the first.',
    rule: 'R2.S3',
  },
  {
    name: 'duplicate-overwrites',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: `if (this.#numbers[slot] === input.tick)
            return DUPLICATE;`,
        replace: '// The newest copy wins.',
      },
    ],
    mistake: 'Who lets the newest copy win leaves the first one without a verdict.',
    rule: 'design §4: duplicate (first copy wins), one verdict for each input',
  },
  {
    name: 'nan-through-the-clamp',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: `return (Number.isFinite(input.directionX) &&
        Number.isFinite(input.directionY) &&
        Number.isFinite(input.yaw));`,
        replace: `const most = Number.MAX_VALUE;
    return !(Math.abs(input.directionX) > most ||
        Math.abs(input.directionY) > most ||
        Math.abs(input.yaw) > most);`,
      },
    ],
    mistake: 'Who asks only whether a number is too large lets NaN through, and it ends the world.',
    rule: 'design §4: finite, before anything else',
  },
  {
    name: 'look-ahead-after-the-mark',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: 'const problem = judgeTick(input.tick) ??',
        replace: `const oldest = Math.max(lastRunTick, this.#lastInputTick - this.#aheadTicksMax);
        if (input.tick <= oldest)
            return STALE;
        this.#lastInputTick = Math.max(this.#lastInputTick, input.tick);
        const problem = judgeTick(input.tick) ??`,
      },
      {
        find: 'if (input.tick > this.#lastInputTick) {',
        replace: 'if (input.tick >= this.#lastInputTick) {',
      },
    ],
    mistake:
      'Who moves the mark before looking how far ahead the tick is makes a peer deaf for ever ' +
      'with one absurd tick.',
    rule: 'design §4: look-ahead before any mark moves',
  },
  {
    name: 'late-move-runs-next',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: `if (input.tick <= lastRunTick)
            return STALE;`,
        replace: `if (input.tick <= lastRunTick)
            input = { ...input, tick: lastRunTick + 1 };`,
      },
    ],
    mistake: 'Who runs a late input in the next tick pays a lag switch for what it held back.',
    rule: 'design §4: applied at its tick, or stale, never afterwards',
  },
  {
    name: 'look-ahead-without-end',
    file: 'authority/tick-check.js',
    replacements: [
      {
        find: 'return tick - lastRunTick > aheadTicksMax ? TOO_FAR_AHEAD : undefined;',
        replace: 'return tick - lastRunTick > 2 ** 53 - aheadTicksMax ? TOO_FAR_AHEAD : undefined;',
      },
    ],
    mistake: 'Who bounds ticks by what a number can hold lets a fast clock fill the buffer.',
    rule: 'design §4: arriving early, at most inputAheadTicksMax',
  },
  {
    name: 'ran-move-judged-again',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: `this.#numbers[slot] = EMPTY;
        target.tick = tick;`,
        replace: 'target.tick = tick;',
      },
    ],
    mistake:
      'Who leaves an input in the buffer after it ran gives it a second verdict when its player ' +
      'goes.',
    rule: 'design §4: every input gets one verdict',
  },
  {
    name: 'takeover-keeps-old-inputs',
    file: 'authority/world.js',
    replacements: [
      {
        find: `this.#report.dropInputs(member, NOT_LOGGED_IN);
        this.#members.resume(member, session);`,
        replace: 'this.#members.resume(member, session);',
      },
    ],
    mistake: 'Who forgets the queue at a takeover lets the old device steer the new connection.',
    rule: 'L16: bytes of an older epoch are dead',
  },
  {
    name: 'left-player-without-verdict',
    file: 'authority/world.js',
    replacements: [
      {
        find: `this.#report.dropInputs(member, NOT_LOGGED_IN);
        this.#members.leave(member);`,
        replace: 'this.#members.leave(member);',
      },
    ],
    mistake: 'Who drops a leaver together with its queue owes those inputs a verdict for ever.',
    rule: 'design §4: every input gets one verdict',
  },
  {
    name: 'throwing-input-ends-the-world',
    file: 'authority/world.js',
    replacements: [
      {
        find: `this.#report.faults.push({ session, error });
            return INTERNAL_ERROR;`,
        replace: 'throw error;',
      },
    ],
    mistake: "Who does not catch what one peer's input makes a rule throw ends the world of all.",
    rule: 'design §3: a handler that throws hits that peer only',
  },
  {
    name: 'input-queue-shared',
    file: 'authority/world.js',
    replacements: [
      {
        find: 'if (member.waiting.length >= this.inputLimits.pendingInputsMax)',
        replace: `let waiting = 0;
        for (const other of this.#members)
            waiting += other.waiting.length;
        if (waiting >= this.inputLimits.pendingInputsMax)`,
      },
    ],
    mistake:
      'Who bounds what waits in a world instead of what a peer has waiting lets one fill it.',
    rule: 'R2.S4',
  },
  {
    name: 'judged-move-shared',
    file: 'authority/world-member.js',
    replacements: [
      { find: 'export class WorldMember {', replace: 'let judged;\nexport class WorldMember {' },
      {
        find: 'this.judgedMove = { session, input: emptyMoveInput(), verdict: ACCEPTED };',
        replace:
          'this.judgedMove = judged ??= { session, input: emptyMoveInput(), verdict: ACCEPTED };',
      },
    ],
    mistake:
      'Who reuses one record for the moves of a tick hands every verdict of it to whoever came ' +
      'last.',
    rule: 'R2.S3',
  },
  {
    name: 'damage-at-once',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'this.#ledger.add(shooter.playerId, target.playerId, this.#rules.damagePerHit);',
        replace: `const damage = { amount: this.#rules.damagePerHit, mostBy: shooter.playerId };
        this.#applyDamage({ targetId: target.playerId, ...damage }, tick);`,
      },
    ],
    mistake: 'Who applies a hit at once refuses the second shooter of a tick for the first.',
    rule: 'R2.S4, design §4: all shots of a tick are judged on the state before any',
  },
  {
    name: 'shot-mark-global',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'if (input.tick <= shooter.lastShotTick)',
        replace: 'if (input.tick <= (this.lastShotTick ?? -1))',
      },
      {
        find: 'shooter.lastShotTick = input.tick;',
        replace: 'this.lastShotTick = input.tick;',
      },
    ],
    mistake: "Who keeps one last shot per world calls a peer's shot stale for that of another.",
    rule: 'R2.S4',
  },
  {
    name: 'cooldown-by-client-time',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'if (this.#context.tick < shooter.nextShotTick)',
        replace: 'if (input.tick < shooter.nextShotTick)',
      },
      {
        find: 'shooter.nextShotTick = this.#context.tick + this.#rules.cooldownTicks;',
        replace: 'shooter.nextShotTick = input.tick + this.#rules.cooldownTicks;',
      },
    ],
    mistake: "Who measures the cooldown by the shot's own tick lets clients shoot ahead of time.",
    rule: 'design §4: cooldown by server time',
  },
  {
    name: 'copy-runs-late',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: 'const isDue = tick > lastRunTick && tick - lastRunTick',
        replace: 'const isDue = tick - lastRunTick',
      },
    ],
    mistake: 'Who takes copies whose tick has run calls honest repetitions stale.',
    rule: 'design §4: repeated copies are no inputs',
  },
  {
    name: 'copy-of-what-has-come',
    file: 'authority/input-buffer.js',
    replacements: [
      {
        find: 'return isDue && isFiniteMove(copy) && this.#numbers[tick % this.#slots] !== tick;',
        replace: 'return isDue && isFiniteMove(copy);',
      },
    ],
    mistake: 'Who takes copies of inputs that wait calls honest repetitions duplicates.',
    rule: 'design §4: repeated copies are no inputs',
  },
  {
    name: 'late-input-after-its-copy',
    file: 'host/inbound-router.js',
    replacements: [
      { find: 'if (!link.recovered.take(move.tick)) {', replace: 'if (move.tick >= 0) {' },
    ],
    mistake: 'Who forgets what was taken from a copy blames a player for a packet that was late.',
    rule: 'ADR 0016',
  },
];
