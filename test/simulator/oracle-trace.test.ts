/** Traces: what they keep, what they cost nothing to skip, and how they tell where two part. */
import { describe, expect, test } from 'vitest';
import { Trace } from '../../src/simulator/trace.ts';
import { describeEntry, firstDifference } from '../../src/simulator/trace-difference.ts';
import { ACCEPTED } from '../support/fake-server.ts';
import { HandMadeTrace, wholeLife } from './hand-made-run.ts';

const MOVE = { kind: 'move-input', tick: 7, directionX: 1, directionY: 0, yaw: 0 } as const;

describe('Trace', () => {
  test('gives back what was recorded, in order, beyond its first capacity', () => {
    const trace = new Trace('ada', 8);
    for (let index = 0; index < 100; index += 1) {
      const bytes = Uint8Array.from({ length: index }, (_, at) => at);
      trace.recordFrame(index + 0.5, 'server-sent', { lane: 'sync', bytes });
    }
    const entries = [...trace.entries()];
    expect(entries).toHaveLength(100);
    expect(entries[3]).toMatchObject({ at: 3.5, kind: 'server-sent', lane: 'sync', size: 3 });
    expect([...entries[99]!.bytes]).toEqual(Array.from({ length: 99 }, (_, at) => at));
    expect(trace.entriesCount).toBe(100);
  });

  test('keeps texts of any script and verdicts in words', () => {
    const trace = new Trace('ada');
    trace.recordText(1, 'note', 'zoë 李雷 👾');
    trace.recordVerdict(2, MOVE, { verdict: { outcome: 'accepted' }, connection: 1 });
    trace.recordVerdict(
      3,
      { ...MOVE, tick: 8 },
      { verdict: { outcome: 'rejected', code: 'too-far-ahead' }, connection: 1 },
    );
    const cheer = { kind: 'user-input', name: 'cheer', payload: 1 } as const;
    trace.recordVerdict(4, cheer, {
      verdict: { outcome: 'rejected', code: 'muted' },
      connection: 1,
    });
    trace.recordVerdict(5, cheer, { verdict: { outcome: 'accepted' }, connection: 1 });
    expect(Array.from(trace.entries(), ({ text }) => text)).toEqual([
      'zoë 李雷 👾',
      'move-input 7 accepted',
      'move-input 8 rejected too-far-ahead',
      'user-input:cheer 0 rejected muted',
      'user-input:cheer 0 accepted',
    ]);
  });

  test('keeps the size of what it does not copy', () => {
    const trace = new Trace('ada');
    const bytes = Uint8Array.of(4, 5, 6);
    trace.recordFrame(1, 'client-received', { lane: 'reliable', bytes });
    trace.recordText(2, 'note', 'after');
    const [first, second] = [...trace.entries()];
    expect(first).toMatchObject({ size: 3, firstByte: 4 });
    expect(first!.bytes).toHaveLength(0);
    expect(second!.text).toBe('after');
  });

  test('skips the kinds that nobody asks for', () => {
    const { trace } = wholeLife('ada');
    const moves = [...trace.entries('server-move')];
    expect(moves).toHaveLength(4);
    expect(moves.every(({ kind }) => kind === 'server-move')).toBe(true);
  });

  test('a copy entry by entry is equal, hash included', () => {
    const { trace } = wholeLife('ada');
    trace.recordVerdict(200, MOVE, { verdict: { outcome: 'stale' }, connection: 1 });
    const copy = new Trace('ada', 8);
    for (const entry of trace.entries()) copy.append(entry);
    expect(copy.equals(trace)).toBe(true);
    expect(copy.hash()).toBe(trace.hash());
  });

  test.each([
    ['another time', (trace: Trace) => trace.recordText(2.001, 'note', 'x')],
    ['another kind', (trace: Trace) => trace.recordText(2, 'connection-closed', 'x')],
    ['another text', (trace: Trace) => trace.recordText(2, 'note', 'y')],
    ['no entry', () => undefined],
  ])('%s makes another trace and another hash', (_, record) => {
    const [one, other] = [new Trace('ada'), new Trace('ada')];
    for (const trace of [one, other]) trace.recordText(1, 'note', 'same');
    one.recordText(2, 'note', 'x');
    record(other);
    expect(other.equals(one)).toBe(false);
    expect(one.equals(other)).toBe(false);
    expect(other.hash()).not.toBe(one.hash());
  });

  test('the lane of a message, and its first byte where the rest is not kept, count', () => {
    const record = (lane: 'sync' | 'reliable', byte: number): string => {
      const trace = new Trace('ada');
      trace.recordFrame(1, 'client-sent', { lane, bytes: Uint8Array.of(byte, 0) });
      return trace.hash();
    };
    expect(new Set([record('sync', 1), record('reliable', 1), record('sync', 2)]).size).toBe(3);
  });
});

describe('firstDifference', () => {
  test('equal traces have none', () => {
    expect(firstDifference(wholeLife('ada').trace, wholeLife('ada').trace)).toBeUndefined();
  });

  test('names the time, the way and the field, and what came before', () => {
    const build = (x: number): Trace =>
      new HandMadeTrace('ada').down(10, ACCEPTED).snapshot(50, 1, [0, 7]).snapshot(100, 2, [x, 7])
        .trace;
    const difference = firstDifference(build(300), build(301));
    expect(difference).toMatchObject({ peerName: 'ada', at: 100 });
    expect(difference!.differing).toEqual(['message.players.0.fields.0']);
    expect(difference!.text).toContain('expected  100.000 ms server-sent (reliable');
    expect(difference!.text).toContain('message.players.0.fields.0: 300 ≠ 301');
    expect(difference!.text).toContain('before    50.000 ms client-received');
  });

  test('says that a trace ends early', () => {
    const long = wholeLife('ada').trace;
    const short = new HandMadeTrace('ada').trace;
    const difference = firstDifference(long, short);
    expect(difference!.actual).toBeUndefined();
    expect(difference!.text).toContain('actual    nothing more');
    expect(firstDifference(short, long)!.expected).toBeUndefined();
  });

  test('shows bytes that are no message as what they are', () => {
    const trace = new Trace('ada');
    const bytes = Uint8Array.of(0xff, 1);
    trace.recordFrame(1, 'server-received', { lane: 'reliable', bytes });
    expect(describeEntry([...trace.entries()][0]!)).toContain('"hex":"ff01"');
  });
});
