/** How many files a process may have open: Node raises its soft limit to the hard one itself. */
export function parseOpenFilesMax(limits: string): number {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1] ?? '';
  return hard === 'unlimited' ? Infinity : Number(hard);
}
