/** The authorities of one world, checked once, and which of them takes which input. */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { SnapshotField } from '../protocol/messages.ts';
import { snapshotFieldProblem } from '../protocol/snapshot-field-problem.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';
import type { Authority, AuthorityInput } from './authority.ts';

const BUILT_IN_KINDS: ReadonlySet<string> = new Set(['move-input', 'shoot-input']);

export class AuthorityTable {
  readonly authorities: readonly Authority[];
  /** Of all authorities, in their order. */
  readonly snapshotFields: readonly SnapshotField[];
  /** Who takes movement inputs; undefined = nobody. */
  readonly moveTaker: Authority | undefined;
  readonly #byKind = new Map<string, Authority>();

  /**
   * Throws HoldfastError('invalid-configuration') for what is no authority, and when two of them
   * claim the same thing.
   */
  constructor(authorities: readonly Authority[]) {
    checkShape(authorities);
    this.authorities = [...authorities];
    this.snapshotFields = authorities.flatMap((authority) => authority.snapshotFields);
    checkUnique(
      'name',
      authorities.map((authority) => authority.name),
    );
    checkUnique(
      'input kind',
      authorities.flatMap((authority) => authority.inputKinds),
    );
    checkUnique(
      'snapshot field',
      this.snapshotFields.map((field) => field.name),
    );
    if (this.snapshotFields.length > WIRE_LIMITS.snapshotFieldsMax) {
      fail(`at most ${WIRE_LIMITS.snapshotFieldsMax} snapshot fields fit a world`);
    }
    for (const field of this.snapshotFields) checkField(field);
    for (const authority of authorities) {
      for (const kind of authority.inputKinds) this.#byKind.set(kind, authority);
    }
    this.moveTaker = this.#byKind.get('move-input');
  }

  /** Who takes the input; undefined = nobody. */
  takerOf(input: AuthorityInput): Authority | undefined {
    if (input.kind !== 'user-input') return this.#byKind.get(input.kind);
    // A user message that calls itself `move-input` is not one.
    return BUILT_IN_KINDS.has(input.name) ? undefined : this.#byKind.get(input.name);
  }
}

const METHODS = [
  'addPlayer',
  'removePlayer',
  'suspendPlayer',
  'resumePlayer',
  'handleInput',
  'step',
  'readSnapshot',
] as const satisfies readonly (keyof Authority)[];
const LISTS = ['inputKinds', 'snapshotFields'] as const satisfies readonly (keyof Authority)[];

/** For callers without types: what is missing would show in the middle of a tick. */
function checkShape(authorities: unknown): void {
  if (authorities instanceof Promise) fail('must return a list of authorities, not a promise');
  if (!Array.isArray(authorities)) fail('must return a list of authorities');
  for (const [index, authority] of (authorities as readonly unknown[]).entries()) {
    const parts = Object(authority) as Readonly<Record<string, unknown>>;
    const { name } = parts;
    const isNamed = typeof name === 'string' && name !== '';
    if (!isNamed) fail(`the authority at index ${index} has no name`);
    for (const method of METHODS) {
      if (typeof parts[method] !== 'function') fail(`the authority '${name}' has no ${method}()`);
    }
    for (const list of LISTS) {
      if (!Array.isArray(parts[list])) fail(`${list} of the authority '${name}' must be a list`);
    }
    checkKept(parts);
  }
}

/** Half of the pair would show after a crash. */
function checkKept({ name, checkpoint, restore }: Readonly<Record<string, unknown>>): void {
  const isAbsent = checkpoint === undefined && restore === undefined;
  const isPair = typeof checkpoint === 'function' && typeof restore === 'function';
  if (!isAbsent && !isPair) {
    fail(`the authority '${String(name)}' must have checkpoint() and restore(), or neither`);
  }
}

function checkUnique(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) fail(`two authorities of one world have the ${what} '${name}'`);
    seen.add(name);
  }
}

/** What LoginAccepted can say of a field. */
function checkField(field: SnapshotField): void {
  const problem = snapshotFieldProblem(field);
  if (problem !== undefined) fail(problem);
}

function fail(message: string): never {
  throw new HoldfastError('invalid-configuration', `createAuthorities: ${message}`);
}
