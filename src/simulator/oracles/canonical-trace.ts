/**
 * A trace as it would be under other names and other numbers of entities: every frame that carries
 * them is decoded, translated and encoded again. In: a trace, a renaming. Out: a trace that can be
 * compared with one of another run. Lengths of frames on their way are left out: they depend on the
 * names.
 */
import { decodeClientMessage, encodeClientMessage } from '../../protocol/client-codec.ts';
import type { PlayerId } from '../../protocol/ids.ts';
import { MESSAGE_KIND_BYTES } from '../../protocol/message-kinds.ts';
import type { ClientMessage, PlainServerMessage, Snapshot } from '../../protocol/messages.ts';
import { encodeServerMessage } from '../../protocol/server-codec.ts';
import { Trace, type TraceEntry } from '../trace.ts';
import type { Renaming } from './renaming.ts';
import { TraceDecoder } from './trace-decoder.ts';
import { readBaselineAge } from './wire/frame-peek.ts';

export interface Canon {
  readonly renaming: Renaming;
  /**
   * Gives entities their canonical numbers: those that a joining of the players in order of their
   * original names would have given. Default false: numbers must be equal as they are.
   */
  readonly ignoresEntityNumbers?: boolean;
}

/** `peerName` is the trace's own, translated. */
export function canonicalTrace(trace: Trace, canon: Canon): Trace {
  const translator = new Translator(canon);
  const target = new Trace(canon.renaming.original(trace.peerName), trace.bytesCount);
  for (const entry of trace.entries()) translator.append(target, entry);
  return target;
}

class Translator {
  readonly #canon: Canon;
  /** By number of entity: whose it is, as far as this peer was told. */
  readonly #players = new Map<number, PlayerId>();
  readonly #decoder = new TraceDecoder();

  constructor(canon: Canon) {
    this.#canon = canon;
  }

  append(target: Trace, entry: TraceEntry): void {
    const { at, kind, lane, bytes, connection } = entry;
    if (lane === undefined) {
      target.append(entry);
      return;
    }
    let translated = bytes;
    if (kind === 'server-received') translated = this.#fromClient(bytes);
    else if (kind === 'server-sent') translated = this.#fromServer(connection, bytes);
    else translated = Uint8Array.of(Math.max(0, entry.firstByte));
    target.recordFrame(at, kind as 'server-sent', { lane, bytes: translated, connection });
  }

  #fromClient(bytes: Uint8Array): Uint8Array {
    const message = decodeClientMessage(bytes);
    if (message.kind === 'rejected') return bytes;
    const translated = this.#translateClient(message);
    return translated === message ? bytes : encodeClientMessage(translated);
  }

  #translateClient(message: ClientMessage): ClientMessage {
    const { renaming } = this.#canon;
    switch (message.kind) {
      case 'login':
        return { ...message, credentials: renaming.originalJson(message.credentials) };
      case 'shoot-input': {
        const { targetPlayerId } = message;
        if (targetPlayerId === undefined) return message;
        return { ...message, targetPlayerId: renaming.originalId(targetPlayerId) };
      }
      case 'user-message':
      case 'user-update':
        return { ...message, payload: renaming.originalJson(message.payload) };
      case 'resume':
      case 'snapshot-ack':
      case 'leave':
      case 'heartbeat-answer':
      case 'move-input':
        return message;
    }
  }

  #fromServer(connection: number, bytes: Uint8Array): Uint8Array {
    const message = this.#decoder.decode(connection, bytes);
    if (message.kind === 'rejected') return bytes;
    if (message.kind === 'snapshot') {
      return this.#isEntityFree ? this.#translateSnapshot(message, bytes) : bytes;
    }
    const translated = this.#translateServer(message);
    return translated === message ? bytes : encodeServerMessage(translated);
  }

  #translateServer(message: PlainServerMessage): PlainServerMessage {
    const { renaming } = this.#canon;
    switch (message.kind) {
      case 'login-accepted': {
        const playerId = renaming.originalId(message.playerId);
        return { ...message, playerId, entity: this.#isEntityFree ? 0 : message.entity };
      }
      case 'roster':
        return this.#translateRoster(message);
      case 'combat-event':
        return translateNames(message, renaming);
      case 'user-message':
      case 'user-update':
        return { ...message, payload: renaming.originalJson(message.payload) };
      case 'resynced':
      case 'login-rejected':
      case 'heartbeat':
      case 'input-ack':
      case 'verdict-report':
      case 'close':
        return message;
    }
  }

  get #isEntityFree(): boolean {
    return this.#canon.ignoresEntityNumbers === true;
  }

  #translateRoster(roster: Extract<PlainServerMessage, { kind: 'roster' }>): PlainServerMessage {
    const { renaming } = this.#canon;
    const named = roster.entered.map(({ entity, playerId }) => ({
      entity,
      playerId: renaming.originalId(playerId),
    }));
    // A server that begins anew gives the same numbers to others.
    if (roster.isComplete) this.#players.clear();
    for (const { entity, playerId } of named) this.#players.set(entity, playerId);
    if (!this.#isEntityFree) return { ...roster, entered: named };
    const entered = named
      .toSorted((one, other) => compare(one.playerId, other.playerId))
      .map(({ playerId }) => ({ entity: 0, playerId }));
    const left = roster.left.map((entity) => this.#numberOf(entity)).toSorted(byNumber);
    return { ...roster, entered, left };
  }

  /** Not as it was sent: numbers of entities change its length. What it says, and since when. */
  #translateSnapshot({ tick, players }: Snapshot, bytes: Uint8Array): Uint8Array {
    const renumbered = players
      .map(({ entity, fields }) => ({ entity: this.#numberOf(entity), fields }))
      .toSorted((one, other) => one.entity - other.entity);
    const said = JSON.stringify([tick, readBaselineAge(bytes), renumbered]);
    const text = Array.from(said, (character) => character.charCodeAt(0));
    return Uint8Array.of(MESSAGE_KIND_BYTES.snapshot, ...text);
  }

  /** A number that depends on the player's original name alone: FNV-1a, 32 bit. */
  #numberOf(entity: number): number {
    const name = this.#players.get(entity) ?? '';
    let hash = 0x811c9dc5;
    for (let index = 0; index < name.length; index += 1) {
      hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
    }
    return hash >>> 0;
  }
}

function translateNames(
  message: Extract<PlainServerMessage, { kind: 'combat-event' }>,
  renaming: Renaming,
): PlainServerMessage {
  const translated: Record<string, unknown> = { ...message };
  for (const key of ['shooterId', 'targetId', 'killerId']) {
    const id = translated[key];
    if (typeof id === 'string') translated[key] = renaming.original(id);
  }
  return translated as unknown as PlainServerMessage;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function byNumber(one: number, other: number): number {
  return one - other;
}
