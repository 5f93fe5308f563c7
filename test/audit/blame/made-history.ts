/** A history of 500 commits in which 30 gates break, each in a way of its own, and what is to be said of each. */

import { gateFinding } from '../../../src/core/finding.ts';
import type { Gate, GateContext, Remark } from '../../../src/core/gate.ts';
import type { FixtureCommit, FixtureFile } from '../../conformance/git-fixture.ts';

/** Commits are named: `what broke it` is the one that has to be found. */
export type Expected =
  | { readonly kind: 'commit'; readonly commit: string; readonly mergedBy?: string }
  | { readonly kind: 'range'; readonly from: string; readonly to: string }
  | { readonly kind: 'clock'; readonly at: string }
  | { readonly kind: 'sibling'; readonly commit: string };

export interface Breakage {
  readonly gate: Gate;
  readonly expected: Expected;
}

/** The clock of the last good audit, and that of the present one. */
export const THEN = Date.parse('2026-02-18T00:00:00Z');
export const NOW = Date.parse('2026-03-18T00:00:00Z');
const LENGTH = 500;

type Files = Readonly<Record<string, FixtureFile | string | null>>;

function gateThat(name: string, check: (context: GateContext) => Iterable<Remark>): Gate {
  return {
    name,
    mirrors: [],
    own: { number: name.toUpperCase(), severity: 'high', lane: 'made' },
    why: 'It is made.',
    fix: 'Mend it.',
    rules: {},
    reads: [],
    check,
    examples: { pass: [], fail: [] },
  };
}

/** Every YAML file of a folder says `state: good`. */
function sound(name: string): Gate {
  return gateThat(name, function* ({ repo }) {
    const paths = repo.glob(`${name}/**/*.yaml`);
    if (paths.length === 0) yield gateFinding('there', name, repo.at(name), `${name} is empty`);
    for (const path of paths) {
      const state = repo.yaml(path).get('state');
      if (state.raw !== 'good') yield gateFinding('sound', path, state, `${path} is ${state.raw}`);
    }
  });
}

const good = (note = 0) => `note: ${note}\nstate: good\n`;
const bad = (note = 0) => `note: ${note}\nstate: bad\n`;

/** The commits in the making: planted ones at their places, and noise between them. */
class History {
  readonly commits: FixtureCommit[] = [];
  #main = '';
  #noise = 0;

  /** A commit on the main branch, or the one that `from` names a commit of. */
  add(name: string, files: Files, more: Partial<FixtureCommit> = {}): string {
    const onMain = more.branch === undefined;
    this.commits.push({
      name,
      files,
      branch: 'main',
      author: `Somebody of ${name}`,
      message: `${name}: a title\n\nand a body\n`,
      ...(onMain && this.#main !== '' ? { from: this.#main } : {}),
      ...more,
    });
    if (onMain) this.#main = name;
    return name;
  }

  get tip(): string {
    return this.#main;
  }

  /** Changes that break nothing: notes in files that gates read, and files that nobody reads. */
  noise(count: number, touched: readonly string[] = []): void {
    for (let left = count; left > 0; left--) {
      const note = ++this.#noise;
      const path = touched[note % Math.max(touched.length, 1)];
      const files: Files =
        path !== undefined && note % 3 === 0 ? { [path]: good(note) } : { [`notes/${note % 20}.md`]: `${note}\n` };
      this.add(`noise ${note}`, files);
    }
  }
}

/** The history of the target, that of its sibling, and every breakage in them. */
export function madeHistory(): {
  readonly commits: readonly FixtureCommit[];
  readonly sibling: readonly FixtureCommit[];
  readonly first: string;
  readonly breakages: readonly Breakage[];
} {
  const history = new History();
  const breakages: Breakage[] = [];
  const names = Array.from({ length: 30 }, (_, index) => `g${index + 1}`);
  const start: Record<string, FixtureFile | string> = {
    'limits/g13.yaml': 'most: 3\n',
    'g13/count.yaml': 'count: 1\n',
  };
  for (const name of names) start[`${name}/a.yaml`] = good();
  start['g19/until.yaml'] = 'until: 2026-03-01\nstate: good\n';
  start['g22/run.sh'] = { mode: '100755', content: 'true\n' };
  start['g26/link.yaml'] = { mode: '120000', content: 'a.yaml' };
  start['g26/other.txt'] = bad();
  start['g30/README'] = 'x\n';
  const first = history.add('first', start);
  const plant = (gate: Gate, expected: Expected) => breakages.push({ gate, expected });
  const file = (name: string) => `${name}/a.yaml`;
  const broken = (name: string, commit: string, mergedBy?: string) =>
    plant(sound(name), { kind: 'commit', commit, ...(mergedBy === undefined ? {} : { mergedBy }) });
  // Files that noise may touch without mending what is broken later.
  let open = names.filter((name) => name !== 'g19').map(file);
  const noise = (count: number) => history.noise(count, open);
  const close = (name: string) => {
    open = open.filter((path) => path !== file(name));
  };
  noise(20);

  for (const name of ['g1', 'g2', 'g3', 'g4', 'g5', 'g6', 'g7', 'g8']) {
    close(name);
    broken(name, history.add(`break ${name}`, { [file(name)]: bad() }));
    noise(6);
    // What stays broken is touched again.
    history.add(`after ${name}`, { [file(name)]: bad(1), [`${name}/more.yaml`]: good() });
    noise(3);
  }

  for (const name of ['g9', 'g10', 'g11']) {
    close(name);
    const base = history.tip;
    const branch = `side-${name}`;
    history.add(`${branch} 1`, { [`side/${name}.md`]: '1' }, { branch, from: base });
    const culprit = history.add(`break ${name}`, { [file(name)]: bad() }, { branch });
    history.add(`${branch} 3`, { [`side/${name}.md`]: '3' }, { branch });
    noise(4);
    const merge = history.add(
      `merge ${name}`,
      { [file(name)]: bad(), [`side/${name}.md`]: '3' },
      { merge: `${branch} 3` },
    );
    broken(name, culprit, merge);
    noise(5);
  }

  // An evil merge: both sides are good, the merge is not.
  close('g12');
  history.add('side-g12', { 'side/g12.md': '1' }, { branch: 'side-g12', from: history.tip });
  noise(2);
  broken('g12', history.add('evil g12', { 'side/g12.md': '1', [file('g12')]: bad() }, { merge: 'side-g12' }));
  noise(4);

  // Two changes that are good each by itself.
  const limited = gateThat('g13', function* ({ repo }) {
    const [count, most] = [repo.yaml('g13/count.yaml').get('count'), repo.yaml('limits/g13.yaml').get('most')];
    if (Number(count.raw) > Number(most.raw))
      yield gateFinding('most', 'count', count, `${count.raw} is more than ${most.raw}`);
  });
  history.add('side-g13', { 'g13/count.yaml': 'count: 3\n' }, { branch: 'side-g13', from: history.tip });
  history.add('lower g13', { 'limits/g13.yaml': 'most: 2\n' });
  noise(3);
  plant(limited, {
    kind: 'commit',
    commit: history.add('meet g13', { 'g13/count.yaml': 'count: 3\n' }, { merge: 'side-g13' }),
  });
  noise(4);

  // Broken, reverted, and the revert reverted.
  close('g14');
  history.add('break g14', { [file('g14')]: bad() });
  noise(4);
  history.add('revert g14', { [file('g14')]: good() });
  noise(4);
  broken('g14', history.add('again g14', { [file('g14')]: bad() }));
  noise(4);

  // Broken twice, in two files: the first one did it.
  close('g15');
  broken('g15', history.add('break g15', { [file('g15')]: bad() }));
  noise(3);
  history.add('more g15', { 'g15/b.yaml': bad() });
  noise(3);

  // Broken and mended three times, and broken at last.
  close('g16');
  for (let time = 0; time < 3; time++) {
    history.add(`break g16 ${time}`, { [file('g16')]: bad(time) });
    noise(3);
    history.add(`mend g16 ${time}`, { [file('g16')]: good(100 + time) });
    noise(3);
  }
  broken('g16', history.add('break g16', { [file('g16')]: bad(9) }));
  noise(4);

  // Renames: out of sight, and broken under a new name.
  close('g17');
  broken('g17', history.add('rename g17', { [file('g17')]: null, 'elsewhere/g17.yaml': good() }));
  noise(4);
  close('g18');
  history.add('rename g18', { [file('g18')]: null, 'g18/deep/er/b.yaml': good() });
  noise(4);
  broken('g18', history.add('break g18', { 'g18/deep/er/b.yaml': bad() }));
  noise(4);
  history.add('rename g18 again', { 'g18/deep/er/b.yaml': null, 'g18/c.yaml': bad() });
  noise(3);

  plant(
    gateThat('g19', function* ({ repo, clock }) {
      const until = repo.yaml('g19/until.yaml').get('until');
      if (clock.hasReached(Date.parse(until.raw))) yield gateFinding('until', 'until', until, 'it is over');
    }),
    { kind: 'clock', at: '2026-03-01T00:00:00.000Z' },
  );
  // What the gate reads changes on the way, and still it is the clock.
  history.add('touch g19', { 'g19/until.yaml': 'until: 2026-03-01\nstate: good\nnote: 1\n' });
  noise(3);

  const sibling: FixtureCommit[] = [
    { name: 'sibling first', files: { 'app.yaml': good() } },
    { name: 'sibling noise', files: { 'notes.md': '1' } },
    { name: 'sibling break', files: { 'app.yaml': bad() } },
    { name: 'sibling last', files: { 'notes.md': '2' } },
  ];
  plant(
    gateThat('g20', function* ({ repo, sibling: open }) {
      const app = open('app');
      if (!app || !repo.isFile(file('g20'))) yield { blind: 'no sibling' };
      else if (app.yaml('app.yaml').get('state').raw !== 'good')
        yield gateFinding('app', 'app', app.at('app.yaml'), 'bad');
    }),
    { kind: 'sibling', commit: 'sibling break' },
  );

  close('g21');
  broken('g21', history.add('delete g21', { [file('g21')]: null }));
  noise(3);

  plant(
    gateThat('g22', function* ({ repo }) {
      if (!repo.isExecutable('g22/run.sh'))
        yield gateFinding('runs', 'run.sh', repo.at('g22/run.sh'), 'it does not run');
    }),
    { kind: 'commit', commit: history.add('mode g22', { 'g22/run.sh': { mode: '100644', content: 'true\n' } }) },
  );
  noise(3);

  close('g23');
  plant(
    gateThat('g23', function* ({ repo, verdictOf }) {
      if (verdictOf('asked').verdict !== 'pass')
        yield gateFinding('asked', 'asked', repo.at('g23'), 'what it asks does not pass');
    }),
    { kind: 'commit', commit: history.add('break g23', { [file('g23')]: bad() }) },
  );
  noise(3);

  // A merge is reverted, and what it had mended is broken again.
  close('g24');
  history.add('break g24', { [file('g24')]: bad() });
  history.add('mend g24', { [file('g24')]: good(7) }, { branch: 'side-g24', from: history.tip });
  noise(3);
  history.add('merge g24', { [file('g24')]: good(7) }, { merge: 'mend g24' });
  noise(3);
  broken('g24', history.add('revert the merge g24', { [file('g24')]: bad() }));
  noise(3);

  // A branch of a branch.
  close('g25');
  history.add('side-g25', { 'side/g25.md': '1' }, { branch: 'side-g25', from: history.tip });
  history.add('break g25', { [file('g25')]: bad() }, { branch: 'deep-g25', from: 'side-g25' });
  history.add('side-g25 2', { 'side/g25.md': '2' }, { branch: 'side-g25' });
  history.add('merge deep g25', { [file('g25')]: bad() }, { branch: 'side-g25', merge: 'break g25' });
  noise(3);
  broken(
    'g25',
    'break g25',
    history.add('merge g25', { [file('g25')]: bad(), 'side/g25.md': '2' }, { merge: 'merge deep g25' }),
  );
  noise(3);

  close('g26');
  plant(
    gateThat('g26', function* ({ repo }) {
      const state = repo.yaml('g26/link.yaml').get('state');
      if (state.raw !== 'good') yield gateFinding('link', 'link', state, `it is ${state.raw}`);
    }),
    {
      kind: 'commit',
      commit: history.add('relink g26', { 'g26/link.yaml': { mode: '120000', content: 'other.txt' } }),
    },
  );
  noise(3);

  // Nobody can tell in between: the file was kept in Git LFS for a while.
  close('g27');
  history.add('good g27', { [file('g27')]: good(5) });
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
  noise(1);
  const last = history.tip;
  history.add('lfs g27', { [file('g27')]: pointer });
  noise(3);
  history.add('lfs g27 again', { [file('g27')]: `${pointer}\n` });
  noise(3);
  plant(sound('g27'), {
    kind: 'range',
    from: last,
    to: history.add('back g27', { [file('g27')]: bad() }),
  });
  noise(3);

  // Merged the wrong way round: first parents lead along the branch that somebody else worked on.
  close('g28');
  history.add('break g28', { [file('g28')]: bad() }, { branch: 'side-g28', from: history.tip });
  noise(2);
  const trunk = history.tip;
  history.add('merge g28', { 'notes/merged.md': '1' }, { from: 'break g28', merge: trunk });
  broken('g28', 'break g28');
  noise(3);

  close('g29');
  broken('g29', history.add('add g29', { 'g29/new.yaml': bad() }));
  noise(3);

  plant(
    gateThat('g30', function* ({ repo }) {
      if (repo.names('g30').includes('stray'))
        yield gateFinding('stray', 'stray', repo.at('g30/stray'), 'it is a stray');
    }),
    { kind: 'commit', commit: history.add('stray g30', { 'g30/stray': '1' }) },
  );

  noise(LENGTH - history.commits.length);
  return { commits: history.commits, sibling, first, breakages };
}

/** What g23 asks. */
export const ASKED: Gate = { ...sound('g23'), name: 'asked', own: { number: 'A', severity: 'low', lane: 'made' } };
