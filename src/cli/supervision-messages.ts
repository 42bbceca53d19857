/**
 * What a supervised process and its supervisor tell each other: facts in an environment variable at
 * the start, reports over the channel. In: anything, a game's own messages included. Out: what is
 * meant, or nothing.
 */
import type { LaunchFacts } from './supervised-child.ts';

/** Holds the facts as JSON; taken out of the environment by the process that it is for. */
export const FACTS_VARIABLE = 'HOLDFAST_SUPERVISED';

export type ChildReport =
  | { readonly holdfast: 'listening'; readonly port?: number }
  | { readonly holdfast: 'restart' };

const PORT_MAX = 65_535;

/** What a process has reported; undefined for everything that is not ours. */
export function parseChildReport(message: unknown): ChildReport | undefined {
  const { holdfast, port } = Object(message) as Record<string, unknown>;
  if (holdfast === 'restart') return { holdfast };
  if (holdfast !== 'listening') return undefined;
  return isPort(port) ? { holdfast, port } : { holdfast };
}

/** The facts behind the variable; undefined when it holds none. */
export function parseLaunchFacts(text: string | undefined): LaunchFacts | undefined {
  if (text === undefined) return undefined;
  try {
    const { restarts, port, previous } = Object(JSON.parse(text)) as Partial<LaunchFacts>;
    if (typeof restarts !== 'number') return undefined;
    return {
      restarts,
      ...(isPort(port) ? { port } : {}),
      ...(previous === undefined ? {} : { previous }),
    };
  } catch {
    return undefined;
  }
}

function isPort(port: unknown): port is number {
  return Number.isInteger(port) && Number(port) > 0 && Number(port) <= PORT_MAX;
}
