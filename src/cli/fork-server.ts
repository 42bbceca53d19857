/**
 * Starts a server script in a process of its own, with a channel: reports come over it, and it is
 * the leash. When this process ends, in whatever way, the channel closes and the server ends.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { nodeScheduler } from '../host/node-platform.ts';
import type { ChildEnd, ChildHandler, LaunchChild } from './supervised-child.ts';
import { FACTS_VARIABLE, parseChildReport } from './supervision-messages.ts';

/** `args` are the words after the script. Nothing is started yet. */
export function forkServer(script: string, args: readonly string[]): LaunchChild {
  return (facts, handler) => {
    const handleEnded = once(handler);
    const handleUnstartable = (error: unknown): void => {
      process.stderr.write(`the server cannot be started: ${messageOf(error)}\n`);
      handleEnded({ code: 1, signal: null });
    };
    let child: ChildProcess;
    try {
      child = fork(script, [...args], {
        env: { ...process.env, [FACTS_VARIABLE]: JSON.stringify(facts) },
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      });
    } catch (error) {
      // What the system lacks comes as an event or, such as memory, at once.
      nodeScheduler.defer(() => handleUnstartable(error));
      return { signal: () => undefined };
    }
    child.on('message', (message) => handleReport(message, handler));
    // `close` comes after `exit` and after the last report.
    child.once('close', (code: number | null, signal: string | null) => {
      handleEnded({ code, signal });
    });
    child.on('error', (error) => {
      if (child.pid === undefined) handleUnstartable(error);
    });
    return { signal: (signal) => void child.kill(signal) };
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What could not be started says so by an error, and on some systems it closes as well. */
function once(handler: ChildHandler): (end: ChildEnd) => void {
  let hasEnded = false;
  return (end) => {
    if (hasEnded) return;
    hasEnded = true;
    handler.handleEnded(end);
  };
}

function handleReport(message: unknown, handler: ChildHandler): void {
  const report = parseChildReport(message);
  if (report?.holdfast === 'listening') handler.handleListening(report.port);
  if (report?.holdfast === 'restart') handler.handleRestartWish();
}
