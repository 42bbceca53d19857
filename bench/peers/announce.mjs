/**
 * How a server of the bench says where it is, and how it ends: with SIGTERM, or with whoever
 * started it. Out: one line of JSON on stdout.
 */
export function announce({ port, versions = {}, settings = {} }) {
  process.stdout.write(`${JSON.stringify({ port, versions, settings })}\n`);
  process.once('SIGTERM', () => process.exit(0));
  process.stdin.once('end', () => process.exit(0));
  process.stdin.resume();
}
