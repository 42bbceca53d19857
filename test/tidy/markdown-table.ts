/**
 * Tables of documents, for the tests that hold them equal to the source. In: Markdown and a
 * heading. Out: the rows of the first table under it, as cells without code marks.
 */

/** Rows of cells; empty when the heading or its table is not there. */
export function readTable(document: string, heading: string): string[][] {
  const lines = document.split('\n');
  const start = lines.findIndex(
    (line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading,
  );
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => /^#+ /.test(line));
  const section = end < 0 ? rest : rest.slice(0, end);
  const first = section.findIndex((line) => line.startsWith('|'));
  if (first < 0) return [];
  const after = section.slice(first).findIndex((line) => !line.startsWith('|'));
  const table = section.slice(first, after < 0 ? undefined : first + after);
  // The first two lines are the head and the rule below it.
  return table.slice(2).map(readCells);
}

function readCells(line: string): string[] {
  const cells = line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|');
  return cells.map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}
