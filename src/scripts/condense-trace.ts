import { belowAnswer, parseQuestion, type Question, type Trace } from '../core/trace.ts';
import type { Mount } from './files/access.ts';

/** So many questions about one folder are kept apart; more become one about all that lies in it. */
const MOST_APART = 40;

type Fact = readonly [question: string, answer: string];

/**
 * The same trace in fewer questions. A script that reads a whole folder asks about each file in it; one question about the folder
 * is answered alike at most as long as all of those are, so that a verdict may be found again too often and never too seldom.
 */
export function condensed({ facts, flipsAt, asksTime }: Trace, mounts: readonly Mount[]): Trace {
  const kept = new Map<string, string>();
  const byRepo = new Map<string, Map<string, Fact[]>>();
  for (const [text, answer] of facts) {
    const question = parseQuestion(text);
    if (question && (question.kind === 'entry' || question.kind === 'names')) add(byRepo, question, [text, answer]);
    else kept.set(text, answer);
  }
  for (const { name, tree } of mounts) {
    const byPath = byRepo.get(name) ?? new Map<string, Fact[]>();
    for (const [text, answer] of inFolder('', withoutImplied(byPath), (folder) => [
      `${name} below ${folder}`,
      belowAnswer(tree.snapshot.entries, folder),
    ]))
      kept.set(text, answer);
  }
  return { facts: kept, flipsAt, asksTime };
}

function add(byRepo: Map<string, Map<string, Fact[]>>, { repo, subject }: Question, fact: Fact): void {
  const byPath = byRepo.get(repo) ?? new Map<string, Fact[]>();
  byRepo.set(repo, byPath);
  byPath.set(subject, [...(byPath.get(subject) ?? []), fact]);
}

/** Without the folders on the way to something that is there. */
function withoutImplied(byPath: ReadonlyMap<string, readonly Fact[]>): ReadonlyMap<string, readonly Fact[]> {
  const implied = new Set<string>();
  for (const [path, facts] of byPath) {
    if (facts.some(([, answer]) => answer === 'absent' || answer.startsWith('0 '))) continue;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
      implied.add(path.slice(0, end));
  }
  return new Map(
    [...byPath].map(([path, facts]) => [
      path,
      implied.has(path) ? facts.filter(([, answer]) => answer !== 'folder') : facts,
    ]),
  );
}

/** The facts about what lies below a folder: apart while they are few. */
function inFolder(
  folder: string,
  byPath: ReadonlyMap<string, readonly Fact[]>,
  below: (folder: string) => Fact,
): readonly Fact[] {
  const facts = [...byPath.values()].flat();
  if (facts.length <= MOST_APART) return facts;
  const own: Fact[] = [];
  const inner = new Map<string, Map<string, readonly Fact[]>>();
  const start = folder === '' ? 0 : folder.length + 1;
  for (const [path, about] of byPath) {
    const slash = path.indexOf('/', start);
    if (slash < 0) own.push(...about);
    else {
      const child = path.slice(0, slash);
      const members = inner.get(child) ?? new Map<string, readonly Fact[]>();
      inner.set(child, members.set(path, about));
    }
  }
  const condensedBelow = [...inner].flatMap(([child, members]) => inFolder(child, members, below));
  const all = [...own, ...condensedBelow];
  return all.length <= MOST_APART ? all : [below(folder)];
}
