/** A bar and what was measured against it. */
export interface Goal {
  readonly name: string;
  readonly goal: string;
  readonly value: number;
  /** Null: its value was not measured in this run. */
  readonly met: boolean | null;
}

export function atMost(name: string, value: number, most: number): Goal {
  return { name, goal: `≤ ${most}`, value, met: Number.isNaN(value) ? null : value <= most };
}

export function within(
  name: string,
  value: number,
  { from, to }: { readonly from: number; readonly to: number },
): Goal {
  const met = Number.isNaN(value) ? null : value >= from && value <= to;
  return { name, goal: `${from} to ${to}`, value, met };
}
