/** Those seeds have a store (src/simulator/draw-returns.ts). */
export const WITH_STORE = { from: 12, step: 16 } as const;
