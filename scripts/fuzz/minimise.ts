/**
 * Makes a failing input small: deletes chunks, halves of the whole first, then turns bytes to zero.
 * In: the input and a check that says whether a smaller one still fails. Out: the smallest found.
 */
const CHECKS_MAX = 3_000;
const SHORT_CHUNK = 8;

export type StillFails = (input: Uint8Array) => Promise<boolean>;

export async function minimise(
  input: Uint8Array,
  stillFails: StillFails,
  checksMax = CHECKS_MAX,
): Promise<Uint8Array> {
  let checks = 0;
  const check: StillFails = async (candidate) => {
    checks += 1;
    return checks <= checksMax && stillFails(candidate);
  };
  let best: Uint8Array = input.slice();
  for (;;) {
    const shorter = await deleteChunks(best, check);
    const simpler = await zeroBytes(shorter, check);
    if (isEqual(simpler, best)) return best;
    best = simpler;
    if (checks > checksMax) return best;
  }
}

async function deleteChunks(input: Uint8Array, stillFails: StillFails): Promise<Uint8Array> {
  let best = input;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = nextSize(size)) {
    for (let start = 0; start < best.length;) {
      const candidate = without(best, start, size);
      if (await stillFails(candidate)) best = candidate;
      else start += size;
    }
  }
  return best;
}

/** A field is no power of two: short chunks are tried in every size. */
function nextSize(size: number): number {
  return size > SHORT_CHUNK ? size >> 1 : size - 1;
}

async function zeroBytes(input: Uint8Array, stillFails: StillFails): Promise<Uint8Array> {
  let best = input;
  for (let index = 0; index < best.length; index += 1) {
    if (best[index] === 0) continue;
    const candidate = best.slice();
    candidate[index] = 0;
    if (await stillFails(candidate)) best = candidate;
  }
  return best;
}

function without(bytes: Uint8Array, start: number, size: number): Uint8Array {
  const end = Math.min(bytes.length, start + size);
  const rest = new Uint8Array(bytes.length - (end - start));
  rest.set(bytes.subarray(0, start));
  rest.set(bytes.subarray(end), start);
  return rest;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
