import fc from 'fast-check';
import { assert, describe, expect, test } from 'vitest';
import { DECODE_REJECTION_CODES } from '../../src/protocol/codes.ts';
import { MESSAGE_KIND_BYTES } from '../../src/protocol/message-kinds.ts';
import type { Snapshot, SnapshotField } from '../../src/protocol/messages.ts';
import { SnapshotDecoder } from '../../src/protocol/snapshot-decoder.ts';
import { SnapshotHistory } from '../../src/protocol/snapshot-history.ts';
import { DocumentSnapshots } from '../tidy/document-snapshots.ts';
import { encodeWholeSnapshot } from '../support/server-frame-encoder.ts';
import { damaged, noise } from './frame-arbitraries.ts';
import { findsFailure, fuzz } from './fuzz-run.ts';

/** Numbers as they come in worlds, at their bounds and anything between. */
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -30_000, max: 30_000 }),
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 0),
  fc.integer(),
);
const interpolation = fc.constantFrom('linear', 'angle', 'step');
const fields = fc
  .array(interpolation, { maxLength: 6 })
  .map((all) =>
    all.map((each, index) => ({ name: `f${index}`, precision: 1, interpolation: each })),
  );
const entity = fc.oneof(fc.nat(12), fc.nat(300), fc.constantFrom(2 ** 32 - 1, 2 ** 31));

interface World {
  readonly fields: readonly SnapshotField[];
  readonly snapshots: readonly Snapshot[];
  /** Which rung each is told from; beyond the last = whole. */
  readonly choices: readonly number[];
}

const world: fc.Arbitrary<World> = fields.chain((all) => {
  const players = fc.uniqueArray(entity, { maxLength: 12 }).chain((entities) =>
    fc
      .array(fc.array(number, { minLength: all.length, maxLength: all.length }), {
        minLength: entities.length,
        maxLength: entities.length,
      })
      .map((rows) =>
        entities
          .map((each, index) => ({ entity: each, fields: rows[index] ?? [] }))
          .toSorted((one, other) => one.entity - other.entity),
      ),
  );
  const steps = fc.array(
    fc.tuple(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 70 })), players, fc.boolean()),
    { minLength: 1, maxLength: 24 },
  );
  return fc
    .tuple(fc.constantFrom(0, 1, 126, 2 ** 32, 2 ** 53 - 2_000), steps, fc.array(fc.nat(9)))
    .map(([first, told, choices]) => {
      let tick = first;
      let last: Snapshot['players'] = [];
      const snapshots = told.map(([by, shown, isSame]): Snapshot => {
        tick += by;
        if (!isSame) last = shown;
        return { kind: 'snapshot', tick, players: last };
      });
      return { fields: all, snapshots, choices };
    });
});

function record(history: SnapshotHistory, { tick, players }: Snapshot): void {
  history.record(
    tick,
    players.map((player) => player.entity),
    players.map((player) => player.fields),
  );
}

/** Whatever baseline each frame has, both ends come to the same integers. */
function comesThrough({ fields: all, snapshots, choices }: World): void {
  const history = new SnapshotHistory(all);
  const decoder = new SnapshotDecoder(all);
  const whole = new SnapshotDecoder(all);
  snapshots.forEach((snapshot, index) => {
    record(history, snapshot);
    const rung = history.rungTicks[choices[index % (choices.length || 1)] ?? 0];
    expect(decoder.decode(history.encode(rung))).toEqual(snapshot);
    expect(whole.decode(history.encode(undefined))).toEqual(snapshot);
  });
}

/** The same by a reader that shares no code with ours. */
function isReadAlike({ fields: all, snapshots, choices }: World): void {
  const history = new SnapshotHistory(all);
  const reader = new DocumentSnapshots(all.map((field) => field.interpolation));
  snapshots.forEach((snapshot, index) => {
    record(history, snapshot);
    const rung = history.rungTicks[choices[index % (choices.length || 1)] ?? 0];
    const { tick, rows } = reader.read(history.encode(rung));
    expect(Number(tick)).toBe(snapshot.tick);
    expect(rows.map((row) => row.map(Number))).toEqual(
      snapshot.players.map((player) => [player.entity, ...player.fields]),
    );
  });
}

/** A world at play, and its last snapshot from every rung. */
function framesOf({ fields: all, snapshots }: World): Uint8Array[] {
  const history = new SnapshotHistory(all);
  for (const snapshot of snapshots) record(history, snapshot);
  return [undefined, ...history.rungTicks].map((rung) => history.encode(rung));
}

function decoderOf({ fields: all, snapshots }: World): SnapshotDecoder {
  const decoder = new SnapshotDecoder(all);
  const history = new SnapshotHistory(all);
  for (const snapshot of snapshots.slice(0, -1)) {
    record(history, snapshot);
    decoder.decode(history.encode(undefined));
  }
  return decoder;
}

function answersSoundly(decoder: SnapshotDecoder, all: readonly SnapshotField[]) {
  return (frame: Uint8Array): void => {
    const before = frame.slice();
    const answer = decoder.decode(frame);
    assert(Buffer.compare(frame, before) === 0, 'the decoder leaves its input alone');
    if (answer.kind === 'rejected') {
      assert(DECODE_REJECTION_CODES.includes(answer.code), 'the code is in the table');
      return;
    }
    // What is accepted is a snapshot that a server could have sent.
    const again = new SnapshotDecoder(all).decode(encodeWholeSnapshot(answer, all));
    expect(again).toEqual(answer);
  };
}

describe('a snapshot', () => {
  test('comes through exactly, whatever baseline it is told from', () => {
    fuzz(world, comesThrough, { share: 0.5 });
  });

  test('is read alike by a reader that knows the document alone', () => {
    fuzz(world, isReadAlike, { share: 0.2 });
  });

  test('that is damaged is read or refused with a code, whatever baselines are there', () => {
    const cases = world.chain((each) =>
      fc.tuple(fc.constant(each), damaged(fc.constantFrom(...framesOf(each)))),
    );
    fuzz(cases, ([each, frame]) => answersSoundly(decoderOf(each), each.fields)(frame), {
      share: 0.5,
    });
  });

  test('that is noise is read or refused with a code', () => {
    const frame = noise.map((bytes) => Uint8Array.of(MESSAGE_KIND_BYTES.snapshot, ...bytes));
    fuzz(
      fc.tuple(world, frame),
      ([each, bytes]) => {
        answersSoundly(decoderOf(each), each.fields)(bytes);
      },
      { share: 0.5 },
    );
  });

  test('that is refused loses nothing of what came before', () => {
    const cases = world.chain((each) =>
      fc.tuple(fc.constant(each), damaged(fc.constantFrom(...framesOf(each)))),
    );
    fuzz(
      cases,
      ([each, frame]) => {
        const decoder = decoderOf(each);
        if (decoder.decode(frame).kind !== 'rejected') return;
        const last = each.snapshots.at(-1);
        for (const good of framesOf(each)) expect(decoderOf(each).decode(good)).toEqual(last);
        for (const good of framesOf(each)) expect(decoder.decode(good)).toEqual(last);
      },
      { share: 0.3 },
    );
  });
});

describe('the search itself', () => {
  test('finds a decoder that forgets the last bit of a frame', () => {
    const forgetful = (each: World): void => {
      const decoder = decoderOf(each);
      for (const frame of framesOf(each)) {
        const bytes = frame.slice();
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) & 0xf0;
        expect(decoder.decode(bytes)).toEqual(each.snapshots.at(-1));
      }
    };
    expect(findsFailure(world, forgetful)).toBe(true);
  });
});
