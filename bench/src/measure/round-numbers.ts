/** Every number of a result to four digits that count; what is no number stays as it is. */
export function roundNumbers<Value>(value: Value): Value {
  return JSON.parse(
    JSON.stringify(value, (_key, item: unknown) =>
      typeof item === 'number' ? digits(item) : item,
    ),
  ) as Value;
}

function digits(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
