/**
 * Every input gets one verdict, the right one, at the right instant. In: what modelled worlds owe,
 * the verdicts in traces. Out: findings. An input that never reached a world is `not-logged-in`, in
 * the instant in which its frame arrived.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { PeerRun, RunResult } from '../../run-result.ts';
import type { TraceEntry } from '../../trace.ts';
import { readSessionMove } from '../session-move.ts';
import { HostTicks } from './host-ticks.ts';
import type { ModelWorld, OwedVerdict } from './model-world.ts';

export interface VerdictProblem {
  readonly peer: string;
  readonly at: number;
  readonly text: string;
}

/** The first problem of each peer. */
export function checkVerdicts(run: RunResult, worlds: readonly ModelWorld[]): VerdictProblem[] {
  const problems: VerdictProblem[] = [];
  const owed = byPeer(worlds.flatMap(({ verdicts }) => verdicts));
  const late = byPeer(worlds.flatMap((world) => [...world.dropped]));
  const required = new Set(worlds.flatMap((world) => requiredOf(world, run)));
  for (const peer of run.peers.values()) {
    const expected = owed.get(peer.name) ?? [];
    const check = new VerdictCheck(peer, expected, late.get(peer.name) ?? []);
    const problem = check.run(required);
    if (problem !== undefined) problems.push({ peer: peer.name, ...problem });
  }
  return problems;
}

/** Everybody left, so whatever was dropped last had to be told: with a tick, or with the host. */
function requiredOf(world: ModelWorld, run: RunResult): readonly OwedVerdict[] {
  const { playersCount, problem, dropped, tape } = world;
  if (playersCount > 0 || problem !== undefined || dropped.length === 0) return [];
  const host = new HostTicks(run, tape.openedAt);
  return dropped.filter(({ at, peer }) => {
    return host.hasTickAfter(at) || isEndOfHost(run.peers.get(peer), at);
  });
}

/** The host was stopped in good order. */
function isEndOfHost(peer: PeerRun | undefined, at: number): boolean {
  const moves = [...(peer?.trace.entries('server-move') ?? [])];
  return moves.some((entry) => {
    return entry.at === at && readSessionMove(entry).cause === 'server-stopped';
  });
}

function byPeer(verdicts: readonly OwedVerdict[]): Map<string, OwedVerdict[]> {
  const map = new Map<string, OwedVerdict[]>();
  for (const verdict of verdicts) {
    const list = map.get(verdict.peer);
    if (list === undefined) map.set(verdict.peer, [verdict]);
    else list.push(verdict);
  }
  for (const list of map.values()) list.sort((one, other) => one.at - other.at);
  return map;
}

type Problem = Omit<VerdictProblem, 'peer'>;
type Said = Pick<TraceEntry, 'at' | 'text'>;

class VerdictCheck {
  readonly #peer: PeerRun;
  readonly #owed: readonly OwedVerdict[];
  /** Owed from that instant on. */
  readonly #late: OwedVerdict[];
  #inputsByInstant: Map<number, number> | undefined;

  constructor(peer: PeerRun, owed: readonly OwedVerdict[], late: OwedVerdict[]) {
    this.#peer = peer;
    this.#owed = owed;
    this.#late = late;
  }

  run(required: ReadonlySet<OwedVerdict>): Problem | undefined {
    const said = [...this.#peer.trace.entries('verdict')];
    let next = 0;
    let at = -Infinity;
    for (let index = 0; index < said.length || next < this.#owed.length;) {
      const one = said[index];
      const other = this.#owed[next];
      if (one !== undefined && one.at === other?.at && one.text === other.text) {
        index += 1;
        next += 1;
        continue;
      }
      at = Math.min(one?.at ?? Infinity, other?.at ?? Infinity);
      const [endOfSaid, endOfOwed] = [endOf(said, index, at), endOf(this.#owed, next, at)];
      const group = { at, said: said.slice(index, endOfSaid) };
      const problem = this.#compare({ ...group, owed: this.#owed.slice(next, endOfOwed) });
      if (problem !== undefined) return problem;
      index = endOfSaid;
      next = endOfOwed;
    }
    const missing = this.#late.find((verdict) => required.has(verdict));
    return missing && { at: missing.at, text: `no verdict: '${missing.text}' is due` };
  }

  /** All of one instant that is not plainly alike: the order of two worlds means nothing. */
  #compare(given: { at: number; said: Said[]; owed: OwedVerdict[] }): Problem | undefined {
    const { at, said } = given;
    const owed = given.owed.map(({ text }) => text);
    const more: string[] = [];
    for (const { text = '' } of said) {
      const index = owed.findIndex((due) => due === text || isAny(due, text));
      if (index === -1) more.push(text);
      else owed.splice(index, 1);
    }
    if (owed.length > 0) {
      const instead = more.length === 0 ? 'nothing' : `'${more.join(`', '`)}'`;
      return { at, text: `'${owed[0]}' is due, but there is ${instead}` };
    }
    const beyond = more.filter((text) => !this.#isLate(text, at) && !text.startsWith('user-input'));
    const strange = beyond.find((text) => !text.endsWith('rejected not-logged-in'));
    if (strange !== undefined) return { at, text: `'${strange}' is nobody's due` };
    if (beyond.length <= this.#inputsAt(at)) return undefined;
    return { at, text: `'${beyond[0]}' for an input that has not just arrived` };
  }

  #isLate(text: string, at: number): boolean {
    const index = this.#late.findIndex((verdict) => verdict.text === text && verdict.at <= at);
    if (index === -1) return false;
    this.#late.splice(index, 1);
    return true;
  }

  /** Frames of moves and shots that arrived at that instant. */
  #inputsAt(at: number): number {
    if (this.#inputsByInstant === undefined) {
      this.#inputsByInstant = new Map();
      for (const entry of this.#peer.trace.entries('server-received')) {
        const isInput =
          entry.firstByte === MESSAGE_KIND_BYTES['move-input'] ||
          entry.firstByte === MESSAGE_KIND_BYTES['shoot-input'];
        if (!isInput) continue;
        this.#inputsByInstant.set(entry.at, (this.#inputsByInstant.get(entry.at) ?? 0) + 1);
      }
    }
    return this.#inputsByInstant.get(at) ?? 0;
  }
}

/** `move-input 17 *` is any verdict on it. */
function isAny(due: string, text: string): boolean {
  return due.endsWith(' *') && text.startsWith(due.slice(0, -1));
}

function endOf(list: readonly { readonly at: number }[], begin: number, at: number): number {
  let end = begin;
  while (list[end]?.at === at) end += 1;
  return end;
}
