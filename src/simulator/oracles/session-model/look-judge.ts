/**
 * Whether the look-ups of a coordinator show what the model knows: at each move that is heard, and
 * all of them now and then. A state changes at once and its event waits for its turn, so what is
 * ahead of the events must be followed by the event that explains it. In: looks. Out: problems.
 */
import type { HeardMove, SessionLook } from '../../session-log.ts';
import type { ModelHost } from './model-host.ts';
import type { ModelSession } from './model-session.ts';

export interface HeardLook {
  readonly at: number;
  readonly move: HeardMove;
  /** After the move. */
  readonly session: ModelSession;
}

export function judgeLook(host: ModelHost, heard: HeardLook): void {
  const { at, move, session } = heard;
  const { look, to } = move;
  const report = (text: string): void =>
    host.report(at, session.connection.peer, `${look.peerId}, heard as ${to}: ${text}`);
  if (move.isPreviousFound) report(`get('${move.previousPeerId}') finds somebody (L18)`);
  if (to === 'disconnected') judgeEnd(host, heard, report);
  else if (look.isAlive) judgeLife(host, heard, report);
}

function judgeEnd(host: ModelHost, { at, move }: HeardLook, report: (text: string) => void): void {
  const { look, mergedInto } = move;
  if (look.isAlive || look.state !== 'disconnected') report(`it is still ${look.state} (L19)`);
  if (look.playerId !== undefined && look.foundByPlayer === look.sessionId) {
    report(`getByPlayer('${look.playerId}') still finds it (L19)`);
  }
  if (look.foundByPeer === mergedInto) return;
  const target = mergedInto === undefined ? undefined : host.sessions.get(mergedInto);
  if (target === undefined || look.foundByPeer !== undefined) {
    report(`get finds ${look.foundByPeer ?? 'nobody'}, not ${mergedInto ?? 'nobody'} (L18, L19)`);
    return;
  }
  const because = 'the look-ups have no session of its connection any more';
  host.owe(target, { to: 'disconnected', cause: undefined, until: at, because });
}

function judgeLife(
  host: ModelHost,
  { at, move, session }: HeardLook,
  report: (text: string) => void,
): void {
  const { look, to } = move;
  if (look.foundByPeer !== look.sessionId) report(`get finds ${look.foundByPeer ?? 'nobody'}`);
  if (session.hasSeat && look.foundByPlayer !== look.sessionId) {
    report(`getByPlayer('${look.playerId}') finds ${look.foundByPlayer ?? 'nobody'}`);
  }
  if (look.state !== to) {
    const because = `its handle says so when ${to} is heard`;
    host.owe(session, { to: look.state, cause: undefined, until: at, because });
    return;
  }
  const deadline = session.deadline(host.time(at));
  if (look.deadline !== deadline) report(`its deadline is ${look.deadline}, not ${deadline} ms`);
}

/** All look-ups, while nothing is under way. */
export function judgeLooks(
  host: ModelHost,
  { at, size, looks }: { at: number; size: number; looks: readonly SessionLook[] },
): void {
  const live = [...host.sessions.values()];
  const shown = looks.map(({ peerId }) => peerId);
  const known = live.map(({ connection }) => connection.peerId);
  if (size !== live.length || shown.join() !== known.join()) {
    const text = `the look-ups show ${size}: ${shown.join(' ')}; there are ${known.join(' ')}`;
    host.report(at, undefined, text);
    return;
  }
  for (const [index, session] of live.entries()) {
    const problem = differenceOf(host, { at, session, look: looks[index]! });
    if (problem === undefined) continue;
    host.report(at, session.connection.peer, `${session.connection.peerId} ${problem}`);
  }
}

/** The first thing that is not as it should be. */
function differenceOf(
  host: ModelHost,
  { at, session, look }: { at: number; session: ModelSession; look: SessionLook },
): string | undefined {
  const facts: readonly (readonly [name: string, shown: unknown, known: unknown])[] = [
    ['sessionId', look.sessionId, session.sessionId],
    ['state', look.state, session.state],
    ['epoch', look.epoch, session.epoch],
    ['playerId', look.playerId, session.playerId],
    ['worldId', look.worldId, session.worldId],
    ['isAlive', look.isAlive, true],
    ['get', look.foundByPeer, session.sessionId],
    ['getByPlayer', look.foundByPlayer, session.hasSeat ? session.sessionId : look.foundByPlayer],
  ];
  for (const [name, shown, known] of facts) {
    if (shown !== known) return `shows ${name} ${String(shown)}, not ${String(known)}`;
  }
  if (session.state === 'logged-in') {
    if (!session.isHeardForSure) return undefined;
    const { lastLivenessAt } = look;
    if (lastLivenessAt !== session.aliveAt) {
      return `was heard at ${lastLivenessAt} ms, not ${session.aliveAt} (L9)`;
    }
  }
  const deadline = session.deadline(host.time(at));
  return look.deadline === deadline
    ? undefined
    : `shows deadline ${look.deadline}, not ${deadline} ms`;
}
