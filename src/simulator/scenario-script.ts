/**
 * Does to a simulation what its scenario says, at the instants that it says: to the lines and
 * computers of those who are there, and to the server. In: a simulation that has just started. Out:
 * faults. Must not know: who watches, what is compared.
 */
import type { SessionState } from '../session/session-state.ts';
import type { FaultWatch } from './fault-watch.ts';
import type {
  ComputerAct,
  LineAct,
  Scenario,
  ScenarioAct,
  StoreFault,
  StoreLoss,
} from './scenario.ts';
import type { ScenarioDisk } from './scenario-disk.ts';
import type { Simulation } from './simulation.ts';

export interface ScriptAudience {
  readonly watch: FaultWatch;
  /** A client's process is about to die: nobody else will say so. */
  readonly onCrash: (peer: string, death: ClientDeath) => void;
  /** The server takes nothing in any more: it is stopping in good order. */
  readonly onDraining: () => void;
  /** Absent: nothing outlives the server's processes. */
  readonly disk: ScenarioDisk | undefined;
}

export interface ClientDeath {
  /** Of its session. */
  readonly state: SessionState;
  /** Its computer loses what it kept. */
  readonly forgets: boolean;
}

/** Plans all acts and the healing; acts on peers who are not there are left out. */
export function scheduleScenario(
  simulation: Simulation,
  scenario: Scenario,
  audience: ScriptAudience,
): void {
  const stage: Stage = { simulation, safetyMs: scenario.safetyMs, ...audience };
  for (const act of scenario.acts) {
    if (act.atMs >= scenario.safetyMs) continue;
    simulation.schedule(act.atMs, () => perform(stage, act));
  }
  simulation.schedule(scenario.safetyMs, () => {
    simulation.heal();
    audience.disk?.heal();
  });
}

type OnLine = Extract<ScenarioAct, { kind: LineAct }>;
type OnComputer = Extract<ScenarioAct, { kind: ComputerAct }>;

interface Stage extends ScriptAudience {
  readonly simulation: Simulation;
  readonly safetyMs: number;
}

/** An act that lasts ends with the safety phase at the latest. */
function untilSafe({ simulation, safetyMs }: Stage, durationMs: number): number {
  return Math.max(0, Math.min(durationMs, safetyMs - simulation.nowMs));
}

function perform(stage: Stage, act: ScenarioAct): void {
  switch (act.kind) {
    case 'server-pause':
      pauseServer(stage, act.durationMs);
      break;
    case 'server-restart':
      restartServer(stage, act);
      break;
    case 'server-drain':
      drainServer(stage, act.durationMs);
      break;
    case 'store-slow':
    case 'store-failing':
    case 'store-answer-lost':
    case 'store-hang':
      disturbDisk(stage, { kind: act.kind, durationMs: act.durationMs });
      break;
    case 'store-rolled-back':
    case 'store-emptied':
      if (stage.disk !== undefined) restartServer(stage, act);
      break;
    case 'wall-step':
      stage.simulation.time.wallStep(act.stepMs);
      stage.watch.begin(act.kind, 0);
      break;
    case 'crash':
    case 'reload':
    case 'pause':
    case 'leave':
      performOnComputer(stage, act);
      break;
    case 'reset':
    case 'half-open':
    case 'partition':
    case 'stop-reading':
      performOnLine(stage, act);
      break;
  }
}

function pauseServer(stage: Stage, durationMs: number): void {
  const { node } = stage.simulation.server;
  if (node.isStopped || node.isPaused) return;
  stage.watch.begin('server-pause', durationMs);
  node.pause();
  stage.simulation.schedule(untilSafe(stage, durationMs), () => {
    if (node.isPaused) node.resume();
  });
}

function restartServer(
  stage: Stage,
  { kind, durationMs }: { kind: 'server-restart' | StoreLoss; durationMs: number },
): void {
  const { simulation, watch, disk } = stage;
  const { server } = simulation;
  if (server.node.isStopped || !server.isRunning) return;
  watch.begin(kind, durationMs);
  server.crash();
  if (kind !== 'server-restart') disk?.lose(kind);
  startAgain(stage, durationMs);
}

function startAgain(stage: Stage, durationMs: number): void {
  const { simulation, disk } = stage;
  const { server } = simulation;
  simulation.schedule(untilSafe(stage, durationMs), () => {
    server.restart().catch((error: unknown) => {
      // The operator is told that the disk is not what it was, and accepts that.
      if (disk?.accept(error) === true) startAgain(stage, 0);
      else simulation.fail(error);
    });
  });
}

function drainServer(stage: Stage, durationMs: number): void {
  const { simulation, watch, disk } = stage;
  const { server } = simulation;
  if (disk === undefined || server.node.isStopped || server.node.isPaused || !server.isRunning) {
    return;
  }
  watch.begin('server-drain', durationMs);
  stage.onDraining();
  server.stop({ sessions: 'keep' }).then(
    () => startAgain(stage, durationMs),
    (error: unknown) => simulation.fail(error),
  );
}

function disturbDisk(
  stage: Stage,
  { kind, durationMs }: { kind: StoreFault; durationMs: number },
): void {
  const { disk, watch, simulation } = stage;
  if (disk === undefined) return;
  watch.begin(kind, durationMs);
  disk.begin(kind);
  simulation.schedule(untilSafe(stage, durationMs), () => {
    disk.heal();
    // A commit that hangs does so until its process is gone.
    if (kind === 'store-hang') restartServer(stage, { kind: 'server-restart', durationMs: 100 });
  });
}

function performOnLine(stage: Stage, { kind, peer: name, durationMs, direction }: OnLine): void {
  const { simulation, watch } = stage;
  const line = simulation.network.line(name);
  const after = (act: () => void): void => {
    simulation.schedule(untilSafe(stage, durationMs), act);
  };
  // Those who are not there have no line to cut.
  if (line.openLinks === 0) return;
  watch.begin(kind, durationMs, name);
  switch (kind) {
    case 'reset':
      line.reset();
      break;
    case 'half-open':
      line.halfOpen('client');
      break;
    case 'partition':
      line.partition(direction);
      after(() => line.heal());
      break;
    case 'stop-reading':
      line.stopReading();
      after(() => line.resumeReading());
      break;
  }
}

/** Hostile peers have no client that could crash. */
function performOnComputer(stage: Stage, { kind, peer: name, durationMs }: OnComputer): void {
  const { simulation, watch, onCrash } = stage;
  const peer = simulation.peers.get(name);
  if (peer === undefined || peer.node.isStopped || peer.node.isPaused) return;
  watch.begin(kind, durationMs, name);
  if (kind === 'leave') {
    peer.leave({ returnAfterMs: untilSafe(stage, durationMs) });
    return;
  }
  if (kind === 'crash' || kind === 'reload') {
    const forgets = kind === 'crash';
    onCrash(name, { state: peer.state, forgets });
    peer.crash({ forgets });
  } else {
    peer.node.pause();
  }
  simulation.schedule(untilSafe(stage, durationMs), () => {
    if (kind === 'crash' || kind === 'reload') {
      if (peer.node.isStopped) peer.restart();
    } else if (peer.node.isPaused) {
      peer.node.resume();
    }
  });
}
