/**
 * The game that every peer plays: a direction becomes 5 m/s in a bounded field, one step per tick.
 * The same rule in C is in epoll-server.c; Holdfast plays it with its own MovementAuthority.
 */
export const TICK_RATE_HZ = 20;
export const SPEED_METRES_PER_SECOND = 5;
export const FIELD_METRES = 100;

const STEP_METRES = SPEED_METRES_PER_SECOND / TICK_RATE_HZ;

export function createBody() {
  return { x: anywhere(), y: anywhere(), yaw: 0, directionX: 0, directionY: 0 };
}

export function stepBody(body) {
  body.x = clamp(body.x + body.directionX * STEP_METRES);
  body.y = clamp(body.y + body.directionY * STEP_METRES);
}

function anywhere() {
  return 5 + Math.random() * (FIELD_METRES - 10);
}

function clamp(value) {
  return Math.min(FIELD_METRES, Math.max(0, value));
}

/** One timer with a corrected deadline: as it is done with care. */
export function startTicks(tick) {
  const stepMs = 1_000 / TICK_RATE_HZ;
  let dueAt = performance.now() + stepMs;
  const run = () => {
    // A timer of Node may come up to a millisecond early.
    if (performance.now() >= dueAt) {
      tick();
      const now = performance.now();
      while (dueAt <= now) dueAt += stepMs;
    }
    setTimeout(run, Math.ceil(dueAt - performance.now()));
  };
  setTimeout(run, stepMs);
}
