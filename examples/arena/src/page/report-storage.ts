/**
 * Keeps the memory of reports across a reload of the page. In: sessionStorage, the page's clock.
 * Out: a memory; a fresh one where nothing was kept, or nothing that still matters.
 */
import type { TokenStorage } from 'holdfast/client';
import { ReportMemory } from './report-memory.ts';
import type { KeptMemory } from './report-memory.ts';

const MEMORY_KEY = 'arena.reports';

export function keepMemory(storage: TokenStorage, memory: ReportMemory): void {
  try {
    storage.setItem(MEMORY_KEY, JSON.stringify(memory.kept));
  } catch {
    // Deliberate: full. The next page's timelines begin with what the server knows.
  }
}

export function recallMemory(storage: TokenStorage, now: number): ReportMemory {
  const text = storage.getItem(MEMORY_KEY);
  storage.removeItem(MEMORY_KEY);
  if (text === null) return new ReportMemory();
  const kept = JSON.parse(text) as KeptMemory;
  const isOld = kept.last === undefined || now - kept.last.receivedAt > kept.last.report.windowMs;
  return isOld ? new ReportMemory() : new ReportMemory(kept);
}
