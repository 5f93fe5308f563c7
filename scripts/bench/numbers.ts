export function rounded(number: number, digits = 1): number {
  return Number(number.toFixed(digits));
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** How often the one is in the other, as it is printed. */
export function times(one: number, other: number): string {
  const ratio = one / other;
  return Number.isFinite(ratio) ? `${ratio >= 10 ? Math.round(ratio) : rounded(ratio)} ×` : '–';
}
