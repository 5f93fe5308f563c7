import type {
  AndOr,
  Assignment,
  Command,
  Compound,
  List,
  ParameterPart,
  Redirect,
  SimpleCommand,
  Word,
  WordPart,
} from './syntax.ts';
import { isAssignment } from './syntax.ts';

/** Variables that bash makes up and dash does not have. */
const OF_BASH =
  /^(?:BASH\w*|FUNCNAME|PIPESTATUS|DIRSTACK|EPOCH\w+|EUID|UID|GROUPS|HOSTNAME|HOSTTYPE|MACHTYPE|OSTYPE|S?RANDOM|SECONDS|SHELLOPTS|COPROC|REPLY|MAPFILE)$/;
/** Operations of `${…}` that POSIX does not have. */
const OPERATIONS: ReadonlySet<string> = new Set(['replace', 'slice', 'case', 'transform']);
const MOST_DESCRIPTORS = 9;

/** Whether `sh` may lack a variable that bash makes up. */
export function isOfBash(name: string): boolean {
  return OF_BASH.test(name);
}

/** The first thing in a list that bash reads otherwise than `dash`, which is `sh` on Debian; null where both read the same. */
export function bashOnlyIn(list: List): string | null {
  for (const found of inList(list)) return found;
  return null;
}

function* inList(list: List): Generator<string> {
  for (const item of list) yield* inAndOr(item);
}

function* inAndOr({ first, rest }: AndOr): Generator<string> {
  for (const pipeline of [first, ...rest.map((next) => next.pipeline)]) {
    if (pipeline.timed) yield 'time';
    for (const command of pipeline.commands) yield* inCommand(command);
  }
}

function* inCommand(command: Command): Generator<string> {
  if (command.pipesStderr) yield '|&';
  for (const redirect of command.redirects) yield* inRedirect(redirect);
  if (command.kind === 'simple') yield* inSimple(command);
  else yield* inCompound(command.body);
}

function* inRedirect({ operator, variable, fd, target }: Redirect): Generator<string> {
  if (operator === '&>' || operator === '&>>' || operator === '<<<') yield operator;
  if (variable !== null) yield `{${variable}}${operator}`;
  if (fd !== null && fd > MOST_DESCRIPTORS) yield `${fd}${operator}`;
  const [only] = target;
  const isCopy = target.length !== 1 || only?.kind !== 'text' || /^(?:\d+|-)$/.test(only.text);
  if (operator === '>&' && !isCopy) yield '>& with a file';
  yield* inWord(target);
}

function* inSimple({ assignments, words }: SimpleCommand): Generator<string> {
  for (const assignment of assignments) yield* inAssignment(assignment);
  for (const word of words) yield* isAssignment(word) ? inAssignment(word) : inWord(word);
}

function* inAssignment({ name, index, append, isArray, value }: Assignment): Generator<string> {
  if (index || isArray) yield `${name}[]`;
  else if (append) yield `${name}+=`;
  else yield* inWord(value as Word);
}

function* inCompound(body: Compound): Generator<string> {
  switch (body.kind) {
    case 'group':
    case 'subshell':
      yield* inList(body.list);
      return;
    case 'if':
      for (const { condition, list } of body.clauses) yield* inList([...condition, ...list]);
      yield* inList(body.otherwise ?? []);
      return;
    case 'for':
      for (const word of body.words ?? []) yield* inWord(word);
      yield* inList(body.list);
      return;
    case 'while':
      yield* inList([...body.condition, ...body.list]);
      return;
    case 'case':
      yield* inWord(body.word);
      for (const { patterns, list, then } of body.items) {
        for (const pattern of patterns) yield* inPattern(pattern);
        yield* inList(list);
        if (then !== 'end') yield ';&';
      }
      return;
    case 'function':
      if (body.hasKeyword || !/^[A-Za-z_]\w*$/.test(body.name)) yield `function ${body.name}`;
      yield* inCommand(body.command);
      return;
    case 'conditional':
      yield '[[ ]]';
      return;
    default:
      yield '(( ))';
  }
}

function* inWord(word: Word): Generator<string> {
  for (const part of word) yield* inPart(part);
}

/** What `?` and brackets stand for is a byte in dash, and some brackets are read otherwise. */
function* inPattern(pattern: Word): Generator<string> {
  for (const part of pattern) if (part.kind === 'text' && !part.quoted && /\[\^/.test(part.text)) yield '[^ ]';
  yield* inWord(pattern);
}

function* inPart(part: WordPart): Generator<string> {
  switch (part.kind) {
    case 'text':
      if (part.onlyInBash !== undefined) yield part.onlyInBash;
      if (!part.quoted && /\[\^/.test(part.text)) yield '[^ ]';
      return;
    case 'parameter':
      yield* inParameter(part);
      return;
    case 'command':
      yield* inList(part.list);
      return;
    case 'arithmetic':
      yield* inArithmetic(part.expression);
      return;
    default:
      yield `${part.direction}( )`;
  }
}

function* inParameter({ name, index, query, operation }: ParameterPart): Generator<string> {
  if (isOfBash(name)) yield `$${name}`;
  if (index !== null) yield `\${${name}[]}`;
  const isCount = query === 'length' && /^[@*]$/.test(name);
  if (isCount || (query !== null && query !== 'length')) yield `\${${query === 'length' ? '#' : '!'}${name}}`;
  if (!operation) return;
  if (OPERATIONS.has(operation.kind)) yield `\${${name}} with ${operation.kind}`;
  if ('word' in operation) yield* inWord(operation.word);
  if (operation.kind === 'trim') yield* inPattern(operation.pattern);
}

function* inArithmetic(expression: Word): Generator<string> {
  const text = expression.map((part) => (part.kind === 'text' ? part.text : 'x')).join('');
  if (/\+\+|--|\*\*|[,#[]/.test(text)) yield `$((${text}))`;
  yield* inWord(expression);
}
