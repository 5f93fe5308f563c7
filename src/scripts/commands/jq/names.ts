import { libraryScope } from './library.ts';
import type { Definition, Filter, Pattern } from './syntax.ts';

/** What a place of a program can name: variables, and functions with what looks at their bodies once. */
interface Names {
  readonly variables: ReadonlySet<string>;
  readonly functions: ReadonlyMap<string, () => void>;
}

class Unknown extends Error {}

/**
 * The first name that a program uses and that nothing defines, as jq says it; null where there is none. jq looks for it before anything runs,
 * but not in the body of a function that is never called.
 */
export function undefinedName(filter: Filter, variables: Iterable<string>): string | null {
  try {
    look(filter, { variables: new Set([...variables, 'ENV', '__loc__', '__prog_args']), functions: new Map() });
    return null;
  } catch (error) {
    if (error instanceof Unknown) return error.message;
    throw error;
  }
}

function look(filter: Filter, names: Names): void {
  const all = (...filters: readonly (Filter | null)[]) => {
    for (const each of filters) if (each) look(each, names);
  };
  switch (filter.kind) {
    case 'identity':
    case 'recurse':
    case 'literal':
    case 'format':
      return;
    case 'string':
      for (const part of filter.parts) if (typeof part !== 'string') look(part, names);
      return;
    case 'index':
      all(filter.of, filter.key);
      return;
    case 'slice':
      all(filter.of, filter.from, filter.to);
      return;
    case 'iterate':
    case 'negate':
      all(filter.of);
      return;
    case 'try':
      all(filter.body, filter.handler);
      return;
    case 'variable':
      if (!names.variables.has(filter.name)) throw new Unknown(`$${filter.name}`);
      return;
    case 'call':
      lookAtCall(filter, names);
      return;
    case 'array':
      all(filter.body);
      return;
    case 'object':
      for (const { key, value } of filter.entries) all(key, value);
      return;
    case 'pipe':
    case 'comma':
    case 'binary':
      all(filter.left, filter.right);
      return;
    case 'if':
      for (const { condition, body } of filter.clauses) all(condition, body);
      all(filter.otherwise);
      return;
    case 'reduce':
    case 'foreach': {
      all(filter.source, filter.start);
      const inner = bound(names, [filter.pattern]);
      look(filter.update, inner);
      if (filter.kind === 'foreach' && filter.extract) look(filter.extract, inner);
      return;
    }
    case 'bind':
      all(filter.source);
      look(filter.body, bound(names, filter.patterns));
      return;
    case 'define':
      look(filter.body, defined(names, filter.definition));
      return;
    case 'label':
      look(filter.body, { ...names, variables: new Set([...names.variables, `*${filter.name}`]) });
      return;
    default:
      if (!names.variables.has(`*${filter.name}`)) throw new Unknown(`$*label-${filter.name}`);
  }
}

function lookAtCall({ name, args }: Extract<Filter, { kind: 'call' }>, names: Names): void {
  const key = `${name}/${args.length}`;
  const own = names.functions.get(key);
  if (own) own();
  else if (!libraryScope().function(key) && !BUILT_IN.has(key) && !name.startsWith('_')) throw new Unknown(key);
  for (const arg of args) look(arg, names);
}

function defined(names: Names, definition: Definition): Names {
  const { name, parameters, body } = definition;
  const functions = new Map(names.functions);
  const inner: Names = { variables: names.variables, functions };
  let isSeen = false;
  functions.set(`${name}/${parameters.length}`, () => {
    if (isSeen) return;
    isSeen = true;
    const own = new Map(functions);
    for (const parameter of parameters) own.set(`${parameter.replace(/^\$/, '')}/0`, () => {});
    const values = parameters.filter((parameter) => parameter.startsWith('$')).map((parameter) => parameter.slice(1));
    look(body, { variables: new Set([...names.variables, ...values]), functions: own });
  });
  return inner;
}

function bound(names: Names, patterns: readonly Pattern[]): Names {
  const variables = new Set(names.variables);
  const inner = { ...names, variables };
  for (const pattern of patterns) bindInto(pattern, variables, inner);
  return inner;
}

function bindInto(pattern: Pattern, variables: Set<string>, names: Names): void {
  if (pattern.kind === 'name') variables.add(pattern.name);
  else if (pattern.kind === 'list') for (const item of pattern.items) bindInto(item, variables, names);
  else {
    for (const { key, name, pattern: inner } of pattern.fields) {
      if (name !== null) variables.add(name);
      look(key, names);
      if (inner) bindInto(inner, variables, names);
    }
  }
}

/** What jq 1.6 to 1.8 bring, whether it is here or not: what is not is a need once it is called. */
const BUILT_IN: ReadonlySet<string> = new Set(
  `abs/0 acos/0 acosh/0 add/0 add/1 all/0 all/1 all/2 any/0 any/1 any/2 arrays/0 ascii/0 ascii_downcase/0 ascii_upcase/0 asin/0 asinh/0 atan/0
  atan2/2 atanh/0 booleans/0 bsearch/1 builtins/0 capture/1 capture/2 cbrt/0 ceil/0 combinations/0 combinations/1 contains/1 copysign/2 cos/0
  cosh/0 date/0 dateadd/2 datesub/2 debug/0 debug/1 del/1 delpaths/1 drem/2 empty/0 endswith/1 env/0 env/1 erf/0 erfc/0 error/0 error/1 exp/0
  exp10/0 exp2/0 explode/0 expm1/0 fabs/0 false/0 fdim/2 finites/0 first/0 first/1 flatten/0 flatten/1 floor/0 fma/3 fmax/2 fmin/2 fmod/2 format/1
  frexp/0 from_entries/0 fromdate/0 fromdateiso8601/0 fromjson/0 fromstream/1 gamma/0 get_jq_origin/0 get_prog_origin/0 get_search_list/0 getpath/1
  gmtime/0 group_by/1 gsub/2 gsub/3 halt/0 halt_error/0 halt_error/1 has/1 have_decnum/0 have_literal_numbers/0 hypot/2 implode/0 IN/1 in/1 IN/2
  index/1 INDEX/1 INDEX/2 indices/1 infinite/0 input/0 input_filename/0 input_line_number/0 inputs/0 inside/1 isempty/1 isfinite/0 isinfinite/0
  isnan/0 isnormal/0 isvalid/1 iterables/0 j0/0 j1/0 jn/2 join/1 JOIN/2 JOIN/3 JOIN/4 keys/0 keys_unsorted/0 last/0 last/1 ldexp/2 leaf_paths/0
  length/0 lgamma/0 lgamma_r/0 limit/2 localtime/0 log/0 log10/0 log1p/0 log2/0 logb/0 ltrim/0 ltrimstr/1 map/1 map_values/1 match/1 match/2 max/0
  max_by/1 min/0 min_by/1 mktime/0 modf/0 modulemeta/0 nan/0 nearbyint/0 nextafter/2 nexttoward/2 normals/0 not/0 now/0 nth/1 nth/2 null/0 nulls/0
  numbers/0 objects/0 path/1 paths/0 paths/1 pick/1 pow/2 pow10/0 range/1 range/2 range/3 recurse/0 recurse/1 recurse/2 recurse_down/0 remainder/2
  repeat/1 reverse/0 rindex/1 rint/0 round/0 rtrim/0 rtrimstr/1 scalars/0 scalars_or_empty/0 scalb/2 scalbln/2 scan/1 scan/2 select/1 setpath/2
  significand/0 sin/0 sinh/0 skip/2 sort/0 sort_by/1 split/1 split/2 splits/1 splits/2 sqrt/0 startswith/1 stderr/0 strflocaltime/1 strftime/1
  strings/0 strptime/1 sub/2 sub/3 tan/0 tanh/0 test/1 test/2 tgamma/0 to_entries/0 toarray/0 toboolean/0 todate/0 todateiso8601/0 tojson/0
  tojson/1 tonumber/0 tostream/0 tostring/0 transpose/0 trim/0 trimstr/1 true/0 trunc/0 truncate_stream/1 type/0 unique/0 unique_by/1 until/2
  utf8bytelength/0 values/0 walk/1 while/2 with_entries/1 y0/0 y1/0 yn/2`.split(/\s+/),
);
