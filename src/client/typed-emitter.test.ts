/** The emitter of client events: order, isolation of listeners, holding back. */
import { describe, expect, test } from 'vitest';

import { TypedEmitter } from './typed-emitter.ts';

interface Events {
  readonly one: number;
  readonly two: string;
}

function createEmitter() {
  const errors: unknown[] = [];
  const emitter = new TypedEmitter<Events>((error) => errors.push(error));
  return { emitter, errors };
}

describe('typed emitter', () => {
  test('a listener hears the events of its name until it is taken off', () => {
    const { emitter } = createEmitter();
    const heard: number[] = [];
    const off = emitter.on('one', (event) => heard.push(event));
    emitter.emit('one', 1);
    emitter.emit('two', 'x');
    off();
    off();
    emitter.emit('one', 2);
    expect(heard).toEqual([1]);
  });

  test('the same listener on twice hears twice, and each registration ends alone', () => {
    const { emitter } = createEmitter();
    const heard: number[] = [];
    const listener = (event: number) => heard.push(event);
    const off = emitter.on('one', listener);
    emitter.on('one', listener);
    emitter.emit('one', 1);
    off();
    emitter.emit('one', 2);
    expect(heard).toEqual([1, 1, 2]);
  });

  test('a listener that throws is counted and reported and hits nobody else', () => {
    const { emitter, errors } = createEmitter();
    const problem = new Error('mine');
    const heard: number[] = [];
    emitter.on('one', () => {
      throw problem;
    });
    emitter.on('one', (event) => heard.push(event));
    emitter.emit('one', 1);
    expect(heard).toEqual([1]);
    expect(errors).toEqual([problem]);
    expect(emitter.listenerErrors).toBe(1);
  });

  test('a reporter that throws hits nobody either', () => {
    const emitter = new TypedEmitter<Events>(() => {
      throw new Error('reporter');
    });
    const heard: number[] = [];
    emitter.on('one', () => {
      throw new Error('listener');
    });
    emitter.on('one', (event) => heard.push(event));
    emitter.emit('one', 1);
    expect(heard).toEqual([1]);
  });

  test('events that a listener causes come after the one that it hears', () => {
    const { emitter } = createEmitter();
    const heard: string[] = [];
    emitter.on('one', (event) => {
      if (event === 1) emitter.emit('two', 'caused');
    });
    emitter.on('one', (event) => heard.push(`one ${event}`));
    emitter.on('two', (event) => heard.push(`two ${event}`));
    emitter.emit('one', 1);
    expect(heard).toEqual(['one 1', 'two caused']);
  });

  test('events that are held reach those who listen before the release, in order', () => {
    const { emitter } = createEmitter();
    const heard: (number | string)[] = [];
    emitter.hold();
    emitter.emit('one', 1);
    emitter.emit('two', 'x');
    emitter.on('one', (event) => heard.push(event));
    emitter.on('two', (event) => heard.push(event));
    expect(heard).toEqual([]);
    emitter.release();
    expect(heard).toEqual([1, 'x']);
  });

  test('one more than 1 024 held events is dropped and counted', () => {
    const { emitter } = createEmitter();
    const heard: number[] = [];
    emitter.on('one', (event) => heard.push(event));
    emitter.hold();
    for (let event = 0; event < 1_025; event += 1) emitter.emit('one', event);
    emitter.release();
    expect(heard).toHaveLength(1_024);
    expect(heard.at(-1)).toBe(1_023);
    expect(emitter.eventsDropped).toBe(1);
  });
});
