import { describe, expect, test } from 'vitest';
import type { CommitFate } from '../../src/store/memory-engine.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { PlayerId } from '../../src/protocol/ids.ts';
import { note } from '../support/link-stage.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { ServerProcess } from '../support/server-process.ts';

const TEXT = '12345678';
const FRAME_BYTES = note(TEXT).bytes.length;

function say(process: ServerProcess, count: number): void {
  for (let said = 0; said < count; said += 1) {
    process.host.send('field', { name: 'note', payload: TEXT });
  }
}

/** Ada, who has taken and acknowledged everything, is away. */
async function openAway(process: ServerProcess): Promise<RawPeer> {
  const ada = await process.login('ada');
  const session = process.host.sessions.getByPlayer('ada' as PlayerId)!;
  await process.waitFor('the own entity', () => ada.entityOf('ada') !== undefined);
  await process.waitFor('nothing is held', () => {
    return process.host.inspect(session)?.retransmitBytes === 0;
  });
  ada.drop();
  await process.waitFor('the loss', () => session.state === 'reconnecting');
  return ada;
}

describe('limits.retransmitBytesMax', () => {
  test.each([
    [0, 3, []],
    [1, 0, [{ eventsMissed: 4 }]],
  ])('keeps so much for who is away; a byte over it is a gap (%i)', async (over, again, gaps) => {
    const limits = { retransmitBytesMax: 3 * FRAME_BYTES };
    const process = await ServerProcess.start(undefined, { limits });
    const ada = await openAway(process);
    say(process, 3 + over);
    const back = await process.resume(ada);
    expect(back.all('user-message')).toHaveLength(again);
    expect(back.all('resynced')).toMatchObject(gaps);
    const { countedMessagesGivenUp, resyncs } = process.host.counters;
    expect([countedMessagesGivenUp, resyncs]).toEqual([over, over]);
    await process.stop();
  });
});

describe('limits.heldOutcomeBytesMax', () => {
  test('is what may wait for a disk that never answers; a byte more and all of it leaves', async () => {
    let fate: CommitFate = {};
    const store = new MemoryStore({ drawFate: () => fate });
    const limits = { heldOutcomeBytesMax: 3 * FRAME_BYTES };
    const process = await ServerProcess.start(store, { journal: 'ahead', limits });
    const ada = await process.login('ada');
    await process.waitFor('the own entity', () => ada.entityOf('ada') !== undefined);
    await process.passMs(200);
    fate = { delayMs: 300 };
    await process.passMs(60);
    say(process, 3);
    await process.passMs(20);
    expect(ada.all('user-message')).toEqual([]);
    expect(process.host.counters.outcomesReleasedEarly).toBe(0);
    say(process, 1);
    await process.passMs(20);
    expect(ada.all('user-message')).toHaveLength(4);
    expect(process.host.counters.outcomesReleasedEarly).toBe(1);
    expect(process.noticesOf('outcomes-not-durable')).toHaveLength(1);
    await process.stop();
  });
});
