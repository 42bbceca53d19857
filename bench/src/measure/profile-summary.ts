/**
 * Where a server's time went. In: a folder with what `node --cpu-prof` wrote. Out: the functions
 * with most self time, and the sum of each package or room.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { textTable } from './text-table.ts';

interface ProfileNode {
  readonly id: number;
  readonly children?: readonly number[];
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

export interface ProfileShare {
  readonly name: string;
  /** Of all time in which the process was not idle. */
  readonly part: number;
}

const FUNCTIONS_SHOWN = 25;
const IDLE = '(idle)';

export function profileDirectoryFor(bench: string): string {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  return fileURLToPath(new URL(`../../dist/profiles/${bench}-${stamp}`, import.meta.url));
}

/** Self time by what `nameOf` says of a node, the largest first. */
export function profileShares(
  profile: CpuProfile,
  nameOf: (node: ProfileNode) => string,
): ProfileShare[] {
  return sharesOf(profile, (node) => [nameOf(node)]);
}

/** As `profileShares`, with the time of all that a function has called. */
export function inclusiveShares(
  profile: CpuProfile,
  nameOf: (node: ProfileNode) => string,
): ProfileShare[] {
  const parents = new Map<number, ProfileNode>();
  for (const node of profile.nodes) {
    for (const child of node.children ?? []) parents.set(child, node);
  }
  return sharesOf(profile, (node) => {
    const names: string[] = [];
    for (let at: ProfileNode | undefined = node; at !== undefined; at = parents.get(at.id)) {
      names.push(nameOf(at));
    }
    return names;
  });
}

function sharesOf(
  { nodes, samples, timeDeltas }: CpuProfile,
  namesOf: (node: ProfileNode) => readonly string[],
): ProfileShare[] {
  // A function that calls itself counts once.
  const names = new Map(nodes.map((node) => [node.id, new Set(namesOf(node))]));
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === IDLE).map(idOf));
  const micros = new Map<string, number>();
  let total = 0;
  for (const [index, id] of samples.entries()) {
    if (idle.has(id)) continue;
    // A sample stands for the time until the next one.
    const delta = timeDeltas[index + 1] ?? 0;
    total += delta;
    for (const name of names.get(id) ?? []) micros.set(name, (micros.get(name) ?? 0) + delta);
  }
  return [...micros]
    .map(([name, sum]) => ({ name, part: sum / total }))
    .toSorted((one, other) => other.part - one.part);
}

function idOf({ id }: ProfileNode): number {
  return id;
}

export function describeFunction({
  callFrame: { functionName, url, lineNumber },
}: ProfileNode): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name} ${placeOf(url)}:${lineNumber + 1}`;
}

/** A package, a room of this one, or what V8 and Node do themselves. */
export function describeRoom({ callFrame: { functionName, url } }: ProfileNode): string {
  if (functionName === IDLE) return IDLE;
  if (url === '') return functionName.startsWith('(') ? functionName : 'native code';
  if (url.startsWith('node:')) return 'node';
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return inPackage;
  const room = /\/dist\/([^/]+)\//.exec(url)?.[1];
  return room === undefined ? 'the bench itself' : `holdfast/${room}`;
}

function placeOf(url: string): string {
  return url.replace(/^.*\/(node_modules|dist)\//, '').replace(/^file:\/\/.*\//, '');
}

export function printProfiles(directory: string): void {
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'))) {
    const path = join(directory, file);
    const profile = JSON.parse(readFileSync(path, 'utf8')) as CpuProfile;
    const rows = (shares: readonly ProfileShare[]): string[][] =>
      shares.map(({ name, part }) => [name, `${(part * 100).toFixed(1)} %`]);
    const rooms = profileShares(profile, describeRoom);
    const functions = profileShares(profile, describeFunction);
    const withCalls = inclusiveShares(profile, describeFunction);
    process.stderr.write(`\n${path}\n${textTable(['room', 'self'], rows(rooms))}\n\n`);
    const most = rows(functions.slice(0, FUNCTIONS_SHOWN));
    process.stderr.write(`${textTable(['function', 'self'], most)}\n\n`);
    const largest = rows(withCalls.slice(0, 2 * FUNCTIONS_SHOWN));
    process.stderr.write(`${textTable(['function', 'with what it calls'], largest)}\n`);
  }
}
