/**
 * Writes down one tick of a world while it runs, so that another process can run it again. In:
 * changes before the rules hear of them, inputs before a rule is asked, verdicts after. Out: the
 * bytes of the tick's record (journal-record.ts). Nothing is allocated per input.
 */
import type { WorldId } from '../protocol/ids.ts';
import type { AuthorityInput } from './authority.ts';
import { ghostCodeOf } from './ghost-code.ts';
import { ENTRY, REJECTED_BYTE, VERDICTS } from './journal-record.ts';
import type { MembershipChange } from './membership.ts';
import { toPlainJson } from './plain-json.ts';
import { beginSealed, finishSealed } from './state-seal.ts';
import { StateWriter } from './state-writer.ts';
import type { Verdict } from './verdict.ts';
import { writeRandom } from './world-state.ts';

export class JournalWriter {
  readonly #worldId: WorldId;
  readonly #writer = new StateWriter();
  #isReplayable = false;
  #record: Uint8Array | undefined;

  constructor(worldId: WorldId) {
    this.#worldId = worldId;
  }

  /** Of the last tick that ran; undefined = it can't be run again, or none has. */
  get record(): Uint8Array | undefined {
    return this.#record;
  }

  begin(tick: number): void {
    this.#record = undefined;
    this.#isReplayable = true;
    beginSealed(this.#writer, 'journal');
    this.#writer.text(this.#worldId);
    this.#writer.varint(tick);
  }

  noteChange(change: MembershipChange): void {
    const { entity, playerId } = change.member;
    const writer = this.#writer;
    writer.byte(ENTRY[change.kind]);
    writer.varint(entity);
    if (change.kind === 'suspend') writer.byte(ghostCodeOf(change.ghost));
    if (change.kind !== 'join') return;
    writer.text(playerId);
    const { ownRandom } = change.member;
    writer.boolean(ownRandom !== undefined);
    if (ownRandom === 'unreadable') this.#isReplayable = false;
    else if (ownRandom !== undefined) writeRandom(writer, ownRandom.readState());
  }

  noteInput(entity: number, input: AuthorityInput): void {
    const writer = this.#writer;
    switch (input.kind) {
      case 'move-input':
        writer.byte(ENTRY.move);
        writer.varint(entity);
        writer.vector(input.directionX, input.directionY, input.yaw);
        break;
      case 'shoot-input':
        writer.byte(ENTRY.shoot);
        writer.varint(entity);
        writer.varint(input.tick);
        writer.vector(input.directionX, input.directionY, input.viewTick);
        writer.double(input.roundTripMs ?? 0);
        writer.boolean(input.targetPlayerId !== undefined);
        if (input.targetPlayerId !== undefined) writer.text(input.targetPlayerId);
        break;
      case 'user-input':
        writer.byte(ENTRY.user);
        writer.varint(entity);
        writer.text(input.name);
        this.#writePayload(input.payload);
        break;
      default:
        input satisfies never;
    }
  }

  noteVerdict(verdict: Verdict): void {
    const outcome = VERDICTS.findIndex((plain) => plain.outcome === verdict.outcome);
    this.#writer.byte(outcome === -1 ? REJECTED_BYTE : outcome);
    if (verdict.outcome === 'rejected') this.#writer.text(verdict.code);
  }

  /** The tick has run. */
  end(entitiesCreated: number, digest: number): void {
    this.#writer.byte(ENTRY.end);
    this.#writer.varint(entitiesCreated);
    this.#writer.word(digest);
    if (this.#isReplayable) this.#record = finishSealed(this.#writer);
  }

  #writePayload(payload: unknown): void {
    const text = payload === undefined ? '' : toPlainJson(payload);
    if (text === undefined) this.#isReplayable = false;
    this.#writer.text(text ?? '');
  }
}
