/** Waiting in tests on the real loop: for a condition, or for what is in flight. */
const UNTIL_MS_MAX = 8_000;
/** Longer than loopback and a busy machine take; only tests of what must not happen wait for it. */
const SETTLE_MS = 40;

/** Polls until the condition holds; fails after 8 s. */
export async function realUntil(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + UNTIL_MS_MAX;
  while (!condition()) {
    if (performance.now() > deadline) {
      throw new Error(`still not after ${UNTIL_MS_MAX} ms: ${condition.toString()}`);
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
}

export async function realSettle(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, SETTLE_MS);
  });
}
