/**
 * Waiting in real time for something that other processes or sockets bring about. Bounded: a wait
 * that is never over fails and says what for. For tests over real sockets; all others use
 * VirtualTime and wait for nothing.
 */
const POLL_INTERVAL_MS = 5;
const TIMEOUT_MS = 5_000;

export interface WaitOptions {
  /** Ends the error's sentence "waited … ms for …". */
  readonly what: string;
  /** Default 5 000. */
  readonly timeoutMs?: number;
}

/** Resolves after `durationMs` of real time. */
export async function sleep(durationMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, durationMs);
  });
}

/** Asks every few milliseconds until the answer is neither false nor undefined, and returns it. */
export async function waitUntil<Answer>(
  ask: () => Answer | false | undefined | Promise<Answer | false | undefined>,
  options: WaitOptions,
): Promise<Answer> {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== false && answer !== undefined) return answer;
    if (performance.now() >= deadline) {
      throw new Error(`waited ${timeoutMs} ms for ${options.what}`);
    }
    await sleep(POLL_INTERVAL_MS);
  }
}
