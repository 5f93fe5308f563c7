import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml';
import { z } from 'zod';
import { HOUR } from '../core/durations.ts';
import { RESULTS_MAX_AGE } from '../core/facts.ts';
import { DEFAULT_BINDINGS } from '../gates/lib/resilience/layout.ts';
import { AbsentPlace, CheckoutRoot } from './places.ts';

const RepoName = z.string().regex(/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/, 'must be of the form owner/name');

/** What a repo may say differently of these texts: any of them, and no others. */
function someOf<Key extends string>(texts: Readonly<Record<Key, string>>) {
  // Object.keys forgets what it is given.
  return z.partialRecord(z.enum(Object.keys(texts) as Key[]), z.string().min(1)).optional();
}

/** Where a repo keeps the facts of the resilience lane, if not where the reference does. */
const Resilience = z.strictObject({
  paths: someOf(DEFAULT_BINDINGS.paths),
  fields: someOf(DEFAULT_BINDINGS.fields),
  words: someOf(DEFAULT_BINDINGS.words),
});

const Target = z.strictObject({
  repo: RepoName,
  branch: z.string().min(1).default('main'),
  siblings: z
    .record(
      z.string(),
      z.strictObject({
        repo: RepoName,
        branch: z.string().min(1).default('main'),
        checkout_root: CheckoutRoot.optional(),
      }),
    )
    .default({}),
  /** Whether the repo's own check scripts are run for gates that nobody else judges. */
  scripts: z.enum(['on', 'off']).default('on'),
  /** What scripts say counts although nobody has certified them. */
  trust_scripts: z.boolean().default(false),
  checkout_root: CheckoutRoot.optional(),
  /** Places of the machine that scripts are told are not there. */
  absent: z.array(AbsentPlace).default([]),
  /** Variables that scripts find set. */
  environment: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a variable'), z.string()).default({}),
  inbox: z.enum(['on', 'dry-run']).default('dry-run'),
  governance: z.enum(['repo', 'none']).default('repo'),
  /** Gate files of the ops repo, as paths or globs. */
  gates: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).default('lanekeeper.yaml'),
  status: z.boolean().default(false),
  public: z.enum(['none', 'badge', 'all']).default('none'),
  formerAuthors: z.array(z.string()).default([]),
  /** Checks of CI that count as gates: names of check runs, contexts of commit statuses, or `workflow / job`. */
  checks: z.array(z.string().min(1)).default([]),
  /** Hours for which reported results and facts are believed. */
  resultsMaxAge: z
    .number()
    .positive()
    .max(24 * 31)
    .default(RESULTS_MAX_AGE / HOUR),
  /** Counted up to make an old results key worthless. */
  resultsKey: z.int().min(1).default(1),
  resilience: Resilience.optional(),
});
export type Target = z.infer<typeof Target>;

const Targets = z.strictObject({ targets: z.array(Target).min(1, 'names no target') });

/** A configuration that cannot be used; the message names every mistake with its line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Reads a file with what a target says under `resilience`, with or without that word over it. Throws `ConfigError`. */
export function parseLayout(text: string, path: string): z.infer<typeof Resilience> {
  const { document, value } = parseConfig(text, path);
  const isWrapped = typeof value === 'object' && value !== null && 'resilience' in value;
  const form = isWrapped
    ? z.strictObject({ resilience: Resilience }).transform(({ resilience }) => resilience)
    : Resilience;
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(mistakesIn(parsed.error, document, text, path));
}

/** Reads the text of `bindings/targets.yaml`: whom we audit. Throws `ConfigError`. */
export function parseTargets(text: string, path = 'bindings/targets.yaml'): readonly Target[] {
  const { document, value } = parseConfig(text, path);
  const parsed = Targets.safeParse(value);
  if (!parsed.success) throw new ConfigError(mistakesIn(parsed.error, document, text, path));
  const names = parsed.data.targets.map(({ repo }) => repo.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new ConfigError(`${path}: ${twice} is listed twice; one entry per repository`);
  return parsed.data.targets;
}

function parseConfig(text: string, path: string): { readonly document: Document; readonly value: unknown } {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error) throw new ConfigError(`${path}:${error.linePos?.[0].line ?? 1}: ${error.message.split('\n', 1)[0]}`);
  return { document, value: document.toJS() };
}

/** Every mistake with the line of the value that it is about, or of the key that nobody knows. */
function mistakesIn({ issues }: z.ZodError, document: Document, text: string, path: string): string {
  const mistakes = issues.flatMap((issue) => {
    const about = issue.path.filter((part) => typeof part !== 'symbol');
    const where = about.join('.') || 'the file';
    const node = document.getIn(about, true);
    if (issue.code !== 'unrecognized_keys') return [`${path}:${lineOf(node, text)}: ${where}: ${issue.message}`];
    return issue.keys.map((key) => `${path}:${lineOf(keyOf(node, key), text)}: ${where}: unknown key "${key}"`);
  });
  return mistakes.join('\n');
}

function keyOf(map: unknown, key: string): unknown {
  return isMap(map) ? map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)?.key : undefined;
}

function lineOf(node: unknown, text: string): number {
  return isNode(node) && node.range ? text.slice(0, node.range[0]).split('\n').length : 1;
}
