/** The rows of a log file, in their order. A last line that was cut is none. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import type { LogRow } from './log-rows.ts';

export async function readLog(path: string): Promise<LogRow[]> {
  const rows: LogRow[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const row = parseRow(line);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function parseRow(line: string): LogRow | undefined {
  try {
    return JSON.parse(line) as LogRow;
  } catch {
    return undefined;
  }
}
