import type { Example, Gate } from '../../../core/gate.ts';
import { UNDECODABLE_BYTES } from '../bash/search-patterns.ts';
import { defineGate } from '../define.ts';
import { file, type Need, program } from '../needs.ts';
import { type Ban, breaches, rulesOf } from './forbidden-lines.ts';
import { listFiles } from './listed-files.ts';

interface Words extends Omit<Gate, 'check' | 'reads' | 'rules' | 'examples' | 'deviates'> {
  /** In the order in which the script looks for them: only the first that is found counts. */
  readonly bans: readonly Ban[];
  /** A line that passes, and one for each ban that does not. */
  readonly shown: { readonly sound: string; readonly banned: Readonly<Record<string, string>> };
}

interface Tool extends Words {
  /** The script that is searched. */
  readonly tool: string;
  /** Whether the script also asks that it can be run. */
  readonly runs: boolean;
  /** Other files that have to be there, asked for before or after the tool. */
  readonly before?: string;
  readonly after?: string;
}

/** A gate that searches one status script for words that it must not contain, comments included. */
export function forbiddenInTool({ tool, runs, before, after, bans, shown, ...gate }: Tool): Gate {
  const needs: Record<string, Need<unknown>> = {
    ...(before ? { before: file(before) } : {}),
    tool: runs ? program(tool) : file(tool),
    ...(after ? { after: file(after) } : {}),
  };
  const others = [before, after].filter((path) => path !== undefined);
  return defineGate({
    ...gate,
    needs,
    rules: rulesOf(bans),
    stopsAtFirst: true,
    deviates: [UNDECODABLE_BYTES],
    *check(_, __, { repo }) {
      yield* breaches(repo, [tool], bans);
    },
    examples: examplesOf(shown, tool, (text) => ({
      files: { [tool]: text, ...Object.fromEntries(others.map((path) => [path, ''])) },
      ...(runs ? { executable: [tool] } : {}),
    })),
  });
}

interface Surface extends Words {
  /** Shell patterns of the files that are searched. */
  readonly surface: readonly [scripts: string, bindings: string];
  /** The folder that is named when no file is there. */
  readonly folder: string;
}

/** The same for all files of a plugin that match some patterns; at least one has to be there. */
export function forbiddenInSurface({ surface, folder, bans, shown, ...gate }: Surface): Gate {
  const [scripts, bindings] = surface;
  const script = scripts.replace('*', 'status');
  const words = examplesOf(shown, script, (text) => ({ files: { [script]: text } }));
  const nothing = { title: 'nothing to search', files: {}, finds: [`surface-exists ${folder}`] };
  return defineGate({
    ...gate,
    needs: {},
    alsoReads: surface,
    rules: { 'surface-exists': 'Neither `{scripts}` nor `{bindings}` exists.', ...rulesOf(bans) },
    stopsAtFirst: true,
    deviates: [UNDECODABLE_BYTES],
    *check(_, report, { repo }) {
      const { isEmpty, isSearchable, files } = listFiles(repo, surface);
      if (isEmpty) return yield report('surface-exists', folder, repo.at(folder), { scripts, bindings });
      if (isSearchable) yield* breaches(repo, files, bans);
    },
    examples: { ...words, fail: [nothing, ...words.fail] },
  });
}

function examplesOf(shown: Words['shown'], path: string, world: (text: string) => Omit<Example, 'title'>) {
  return {
    pass: [{ title: `\`${shown.sound}\``, ...world(shown.sound) }],
    fail: Object.entries(shown.banned).map(([rule, text]) => ({
      title: `\`${text}\``,
      ...world(text),
      finds: [`${rule.split(':')[0]} ${path}`],
    })),
  };
}
