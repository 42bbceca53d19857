/**
 * Whether each token was applied once, in its order, and answered once: every answer names the
 * newest tokens that were applied. What a crash took away is nobody's to promise, nor what had come
 * for the very tick in which its connection was lost; what was answered stays. In: rows, history.
 * Out: findings, how many answers were judged.
 */
import type { ClientRow } from '../log-rows.ts';
import type { Findings } from './findings.ts';
import type { PlayerStory } from './player-stories.ts';
import type { WorldHistory } from './world-history.ts';

type AnswerRow = Extract<ClientRow, { kind: 'answer' }>;

interface Reading {
  readonly client: string;
  last: AnswerRow | undefined;
  /** Since the last answer the client began to count anew. */
  isBroken: boolean;
  /** Since the last answer the client came back from a loss. */
  hasReturned: boolean;
  sent: number;
  /** Refused since the last answer. */
  refused: number;
}

export interface AnswersJudged {
  readonly answers: number;
  /** Tokens that were sent just before a loss, and dropped with the connection. */
  readonly dropped: number;
}

export function checkAnswers(
  stories: readonly PlayerStory[],
  history: WorldHistory,
  findings: Findings,
): AnswersJudged {
  let answers = 0;
  let dropped = 0;
  for (const { client, rows } of stories) {
    const reading = newReading(client);
    for (const row of rows) {
      if (row.kind === 'token') reading.sent = row.number;
      if (row.kind === 'refused') reading.refused += row.tokens;
      if (row.kind === 'joined') {
        reading.hasReturned = true;
        reading.isBroken ||= row.isFresh || row.resynced !== undefined;
      }
      if (row.kind !== 'answer') continue;
      if (history.isUndone(row)) {
        const words = `the answer to token ${row.number} of tick ${row.tick} was undone`;
        findings.add('reliableOutcomesLost', `${client}: ${words}`);
      }
      dropped += judgeAnswer(reading, row, findings);
      answers += 1;
    }
  }
  return { answers, dropped };
}

function newReading(client: string): Reading {
  return { client, last: undefined, isBroken: false, hasReturned: false, sent: 0, refused: 0 };
}

/** Answers how many tokens were dropped since the last one. */
function judgeAnswer(reading: Reading, row: AnswerRow, findings: Findings): number {
  const { client, last, sent } = reading;
  const { number, count, recent } = row;
  const isAscending = recent.every((one, index) => one > (recent[index - 1] ?? 0));
  if (!isAscending || recent.at(-1) !== number) {
    const words = `tokens were applied as ${recent.join(', ')}`;
    findings.add('inputsAppliedTwice', `${client}: ${words}`);
  }
  if (number > sent) {
    findings.add('stateMismatches', `${client}: token ${number} was applied, and never sent`);
  }
  let dropped = 0;
  if (last !== undefined) {
    dropped = judgeSequence({ ...reading, last, row }, findings);
    judgeMemory(client, { last, row }, findings);
  } else if (count !== recent.length) {
    findings.add('inputsAppliedTwice', `${client}: ${count} applied, of ${recent.length} tokens`);
  }
  // An answer that came twice is no news.
  if (last === undefined || number > last.number) reading.last = row;
  reading.isBroken = false;
  reading.hasReturned = false;
  reading.refused = 0;
  return dropped;
}

interface Step extends Reading {
  readonly last: AnswerRow;
  readonly row: AnswerRow;
}

/** The count goes up by one for each token. Answers how many were left out, and might be. */
function judgeSequence(step: Step, findings: Findings): number {
  const { client, last, row, isBroken, hasReturned, refused } = step;
  const { number, count, recent } = row;
  if (number <= last.number) {
    findings.add('inputsAppliedTwice', `${client}: token ${number} again, after ${last.number}`);
    return 0;
  }
  const applied = recent.filter((one) => one > last.number).length;
  if (count - last.count > applied) {
    const words = `${count - last.count} applied since token ${last.number}, of ${applied} tokens`;
    findings.add('inputsAppliedTwice', `${client}: ${words}`);
  }
  if (isBroken) return 0;
  const unheard = count - last.count - 1;
  if (unheard > 0) {
    const words = `${unheard} answers before that to token ${number} were never heard`;
    findings.add('reliableOutcomesLost', `${client}: ${words}`, unheard);
  }
  const lost = Math.max(0, number - last.number - applied - refused);
  if (lost > 0 && !hasReturned) {
    const words = `${lost} tokens between ${last.number} and ${number} were never applied`;
    findings.add('reliableOutcomesLost', `${client}: ${words}`, lost);
  }
  return hasReturned ? lost : 0;
}

/** What was applied stays applied, as far back as both answers tell. */
function judgeMemory(
  client: string,
  { last, row }: { readonly last: AnswerRow; readonly row: AnswerRow },
  findings: Findings,
): void {
  const oldest = row.recent[0] ?? 0;
  const now = new Set(row.recent);
  const gone = last.recent.filter((one) => one >= oldest && !now.has(one));
  if (gone.length === 0) return;
  const words = `tokens ${gone.join(', ')} were applied, and are not any more`;
  findings.add('reliableOutcomesLost', `${client}: ${words}`, gone.length);
}
