import { describe, expect, test } from 'vitest';
import { SessionEventQueue } from './session-event-queue.ts';

function createQueue() {
  const errors: unknown[] = [];
  const queue = new SessionEventQueue<number>((error) => errors.push(error));
  return { queue, errors };
}

describe('SessionEventQueue', () => {
  test('nothing is delivered before somebody asks', () => {
    const { queue } = createQueue();
    const heard: number[] = [];
    queue.subscribe((event) => heard.push(event));
    queue.push(1);
    expect(heard).toEqual([]);
    queue.deliver();
    expect(heard).toEqual([1]);
  });

  test('every subscriber hears an event before anybody hears the next', () => {
    const { queue } = createQueue();
    const heard: string[] = [];
    queue.subscribe((event) => heard.push(`first ${event}`));
    queue.subscribe((event) => heard.push(`second ${event}`));
    queue.push(1);
    queue.push(2);
    queue.deliver();
    expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
  });

  test('what a subscriber pushes is delivered after what is pending', () => {
    const { queue } = createQueue();
    const heard: number[] = [];
    queue.subscribe((event) => {
      heard.push(event);
      if (event === 1) {
        queue.push(3);
        queue.deliver();
      }
    });
    queue.push(1);
    queue.push(2);
    queue.deliver();
    expect(heard).toEqual([1, 2, 3]);
  });

  test('a mark is delivered when the last subscriber has heard what was pushed before it', () => {
    const { queue } = createQueue();
    let mark = 0;
    const answers: boolean[] = [];
    queue.subscribe(() => answers.push(queue.isDelivered(mark)));
    queue.push(1);
    queue.push(2);
    mark = queue.pushedCount;
    queue.deliver();
    expect(answers).toEqual([false, false]);
    expect(queue.isDelivered(mark)).toBe(true);
  });

  test('a subscriber that comes in the middle of a delivery hears the next event', () => {
    const { queue } = createQueue();
    const heard: number[] = [];
    let hasSubscribed = false;
    queue.subscribe(() => {
      if (!hasSubscribed) queue.subscribe((event) => heard.push(event));
      hasSubscribed = true;
    });
    queue.push(1);
    queue.push(2);
    queue.deliver();
    expect(heard).toEqual([2]);
  });

  test('the same function twice hears twice, and each subscription ends on its own', () => {
    const { queue } = createQueue();
    const heard: number[] = [];
    const subscriber = (event: number): void => {
      heard.push(event);
    };
    const unsubscribe = queue.subscribe(subscriber);
    queue.subscribe(subscriber);
    queue.push(1);
    queue.deliver();
    unsubscribe();
    unsubscribe();
    queue.push(2);
    queue.deliver();
    expect(heard).toEqual([1, 1, 2]);
  });

  test('an error reaches the handler, and delivery goes on', () => {
    const { queue, errors } = createQueue();
    const heard: number[] = [];
    queue.subscribe((event) => {
      throw new Error(`no ${event}`);
    });
    queue.subscribe((event) => heard.push(event));
    queue.push(1);
    queue.push(2);
    queue.deliver();
    expect(errors.map(String)).toEqual(['Error: no 1', 'Error: no 2']);
    expect(heard).toEqual([1, 2]);
  });

  test('an error in the handler of errors stops nothing', () => {
    const queue = new SessionEventQueue<number>(() => {
      throw new Error('handler');
    });
    const heard: number[] = [];
    queue.subscribe(() => {
      throw new Error('subscriber');
    });
    queue.subscribe((event) => heard.push(event));
    for (const event of [1, 2]) {
      queue.push(event);
      queue.deliver();
    }
    expect(heard).toEqual([1, 2]);
  });

  test('an async subscriber that rejects is reported like one that throws', async () => {
    const { queue, errors } = createQueue();
    const late = (event: number): unknown => Promise.reject(new Error(`late ${event}`));
    queue.subscribe(late);
    queue.push(1);
    queue.deliver();
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(errors).toEqual([new Error('late 1')]);
  });
});
