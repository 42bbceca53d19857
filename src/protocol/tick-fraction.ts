/** Fractional ticks travel as integers: 1/16 tick is 3 ms at 20 Hz, below what a player can see. */
export const SIXTEENTHS_PER_TICK = 16;
