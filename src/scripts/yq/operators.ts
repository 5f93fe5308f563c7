/** An operator of yq's: how many arguments it takes from the stack, how strongly it binds. */
export interface Operator {
  readonly name: string;
  readonly args: 0 | 1 | 2;
  readonly precedence: number;
}

const BINARY: Readonly<Record<string, number>> = {
  ',': 10,
  ';': 10,
  ':': 15,
  or: 20,
  and: 20,
  '|': 30,
  ireduce: 35,
  '=': 40,
  '|=': 40,
  '+=': 40,
  '-=': 40,
  as: 40,
  '==': 40,
  '!=': 40,
  '<': 40,
  '>': 40,
  '<=': 40,
  '>=': 40,
  '*': 42,
  '*=': 42,
  '/': 42,
  '%': 42,
  '+': 42,
  '-': 42,
  '//': 42,
  'short pipe': 45,
  'traverse array': 50,
};
const ONE_ARGUMENT =
  'all_c any_c capture collect contains del filter group_by has join map map_values match select sort_by split sub test unique_by with_entries'.split(
    ' ',
  );
/** Those that bind otherwise than most functions do. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  del: 40,
  min: 40,
  max: 40,
  to_entries: 52,
  path: 50,
  step: 55,
  self: 55,
  variable: 55,
};

export function operator(name: string): Operator {
  const precedence = BINARY[name];
  if (precedence !== undefined) return { name, args: 2, precedence };
  return { name, args: ONE_ARGUMENT.includes(name) ? 1 : 0, precedence: PRECEDENCE[name] ?? 50 };
}

/** Operators that change the values they are given; the difference of two lists is one of them. */
const CHANGING = '= |= += -= *= del map_values -'.split(' ');

export function isChanging(name: string): boolean {
  return CHANGING.includes(name);
}
