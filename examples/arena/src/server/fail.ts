/** Says in one line what is wrong and ends the process. */
export function fail(message: string, exitCode: number): never {
  process.stderr.write(`holdfast arena: ${message}\n`);
  process.exit(exitCode);
}
