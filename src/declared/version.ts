/**
 * Compares two versions as SemVer orders them, with any count of numbers and a `v` before them if there is one: negative, 0 or positive.
 * Undefined where one of them is not a version.
 */
export function compareVersions(one: string, other: string): number | undefined {
  const [left, right] = [parseVersion(one), parseVersion(other)];
  if (!left || !right) return undefined;
  for (let at = 0; at < Math.max(left.numbers.length, right.numbers.length); at++) {
    const difference = (left.numbers[at] ?? 0) - (right.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return compareSuffixes(left.suffix, right.suffix);
}

function parseVersion(text: string) {
  const [, numbers, suffix] = /^v?(\d+(?:\.\d+)*)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/i.exec(text.trim()) ?? [];
  return numbers === undefined ? undefined : { numbers: numbers.split('.').map(Number), suffix: suffix?.split('.') };
}

/** A version with a suffix goes before the same without one. */
function compareSuffixes(one: readonly string[] | undefined, other: readonly string[] | undefined): number {
  if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const [left, right] = [one[at], other[at]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left !== right) return compareParts(left, right);
  }
  return 0;
}

function compareParts(one: string, other: string): number {
  const areNumbers = [one, other].map((part) => /^\d+$/.test(part));
  if (areNumbers[0] && areNumbers[1]) return Number(one) - Number(other);
  if (areNumbers[0] !== areNumbers[1]) return areNumbers[0] ? -1 : 1;
  return one < other ? -1 : 1;
}
