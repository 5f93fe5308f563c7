/** Addresses from `first` to `last`, of one kind of address. */
export interface AddressRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Reads one address, `10.0.0.5` or `fd00::5`; what stands behind a `/` is passed over. Undefined for anything else. */
export function parseAddress(text: string): { readonly version: 4 | 6; readonly value: bigint } | undefined {
  const [address = ''] = text.trim().split('/', 1);
  const value4 = parseV4(address);
  if (value4 !== undefined) return { version: 4, value: value4 };
  const value6 = parseV6(address);
  return value6 === undefined ? undefined : { version: 6, value: value6 };
}

/** Reads a prefix (`10.0.0.0/24`, host bits are passed over), a range (`10.0.0.10-10.0.0.20`) or one address. Undefined for anything else. */
export function parseRange(text: string): AddressRange | undefined {
  const [from = '', to, ...rest] = text.split('-').map((part) => part.trim());
  if (rest.length > 0) return undefined;
  const first = parseAddress(from);
  if (!first) return undefined;
  const { version, value } = first;
  if (to !== undefined) {
    const last = parseAddress(to);
    if (!last || last.version !== version || last.value < value) return undefined;
    return { version, first: value, last: last.value };
  }
  const [, length] = from.split('/');
  if (length === undefined) return { version, first: value, last: value };
  const bits = BITS[version];
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return undefined;
  const host = (1n << BigInt(bits - Number(length))) - 1n;
  return { version, first: value & ~host, last: value | host };
}

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.version === inner.version && outer.first <= inner.first && inner.last <= outer.last;
}

export function overlap(one: AddressRange, other: AddressRange): boolean {
  return one.version === other.version && one.first <= other.last && other.first <= one.last;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  if (!/^[\da-f:.]{2,45}$/i.test(text) || !text.includes(':')) return undefined;
  const [, start = '', tail] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const last = tail === undefined ? undefined : parseV4(tail);
  if (tail !== undefined && last === undefined) return undefined;
  const whole = last === undefined ? text : `${start}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`;
  const [left = '', right, ...more] = whole.split('::');
  if (more.length > 0) return undefined;
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [head, rest] = [groups(left), groups(right ?? '')];
  const missing = 8 - head.length - rest.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => '0'), ...rest];
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
}
