import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { fakeSession } from '../../test/support/fake-session.ts';
import type { PeerId } from '../protocol/ids.ts';
import { HostCounters } from './host-counters.ts';
import { validateHostLimits } from './host-limits.ts';
import { Outbox } from './outbox.ts';
import { PeerLink } from './peer-link.ts';
import { Seat } from './seat.ts';

const LIMITS = validateHostLimits({}, { tickRateHz: 20, livenessTimeoutMs: 10_000 });

/** Deferred callbacks run when the test says so; every write is one line of text. */
class Stage {
  readonly writes: string[] = [];
  readonly #deferred: (() => void)[] = [];
  readonly outbox = new Outbox({
    scheduler: {
      setTimer: () => ({ cancel: () => undefined }),
      defer: (callback) => this.#deferred.push(callback),
    },
    counters: new HostCounters(),
    onSlowConsumer: () => undefined,
  });

  link(name: string): PeerLink {
    return new PeerLink({
      connection: {
        peerId: name as PeerId,
        address: name,
        origin: undefined,
        isSyncOrdered: true,
        bufferedBytes: 0,
        write: (payloads) => {
          this.writes.push(`${name} ${payloads.map(({ bytes }) => bytes.join()).join(' ')}`);
        },
        close: () => undefined,
        drop: () => undefined,
      },
      session: fakeSession(name),
      seat: new Seat(name, LIMITS),
      limits: LIMITS,
      nonceRandom: new SeededRandom(1),
      now: 0,
    });
  }

  /** What the scheduler does after the I/O of an instant. */
  runDeferred(): void {
    for (let next = this.#deferred.shift(); next; next = this.#deferred.shift()) next();
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }
}

function sync(byte: number) {
  return { lane: 'sync', bytes: Uint8Array.of(byte) } as const;
}

describe('Outbox', () => {
  test('what one link is sent outside a pass leaves in one write, after the I/O', () => {
    const stage = new Stage();
    const ada = stage.link('ada');
    stage.outbox.sendPayload(ada, { lane: 'reliable', bytes: Uint8Array.of(1) });
    stage.outbox.sendLatest(ada, 'place', sync(2));
    expect(stage.writes).toEqual([]);
    stage.runDeferred();
    expect(stage.writes).toEqual(['ada 1 2']);
  });

  test('a link that is dropped meanwhile is not written to', () => {
    const stage = new Stage();
    const ada = stage.link('ada');
    stage.outbox.sendLatest(ada, 'place', sync(1));
    stage.outbox.drop(ada);
    stage.runDeferred();
    expect(stage.writes).toEqual([]);
  });

  test.each([false, true])(
    'what another link sends does not hasten a flush (another: %s)',
    (hasAnother) => {
      const stage = new Stage();
      const [ada, bob] = [stage.link('ada'), stage.link('bob')];
      if (hasAnother) stage.outbox.sendLatest(bob, 'place', sync(9));
      // The tick is due in the same instant, and has something newer for ada.
      stage.defer(() => {
        stage.outbox.beginPass();
        stage.outbox.sendLatest(ada, 'place', sync(2));
        stage.outbox.endPass();
      });
      stage.outbox.sendLatest(ada, 'place', sync(1));
      stage.runDeferred();
      expect(stage.writes.filter((write) => write.startsWith('ada'))).toEqual(['ada 2']);
    },
  );
});
