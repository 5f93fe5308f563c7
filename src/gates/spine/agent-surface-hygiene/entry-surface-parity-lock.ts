import { type Problem, problem } from '../../../core/finding.ts';
import { defineGate, type GateContext, type Remark } from '../../../core/gate.ts';
import type { TextLine } from '../../../core/repo.ts';
import { joinRaw } from '../../../core/yaml/value.ts';
import { tabRows } from '../../lib/bash/tab-rows.ts';
import { absent, unparsable } from '../../lib/files/files.ts';
import { locate, needsWorkbench, type RepoPath, WORKBENCH_ROOT } from '../../lib/spine/host-paths.ts';

const CONTRACT = 'ops/bindings/entry.surface.contract.yaml';
const OPENCODE = 'dotfiles/opencode/OPENCODE.md';
const START_UP = 'startup_block: { marker_start: <A>, marker_end: </A>, required_lines: [ops status] }\n';
const SURFACES = `${START_UP}surfaces:\n  - { id: "", path: NOWHERE.md }\n  - { id: codex, path: AGENTS.md }\n  - { id: claude, path: CLAUDE.md }\n`;
const OUTSIDE = `${SURFACES}  - { id: opencode, path: ${WORKBENCH_ROOT}/${OPENCODE} }\n`;
const TEXT = '# Hello\n<A>\ncd spine\n./bin/ops status\n</A>\n';
const SOUND = { [CONTRACT]: SURFACES, 'AGENTS.md': TEXT, 'CLAUDE.md': TEXT.replace('</A>', '\n\n</A>\nmore') };

export default defineGate({
  name: 'entry-surface-parity-lock',
  mirrors: ['7adb56f2b442cb31d4ba889d92339586cbfdab54'],
  why: 'Each tool reads its own instruction file. When the start-up blocks in them drift apart, sessions begin under different rules, and nobody notices until one skips a check. A surface with an empty id is passed over, and one list in place of an id or a path silences the whole check.',
  fix: 'Copy the start-up block, markers included, from the first surface of entry.surface.contract.yaml into the others; each marker stands alone on its line.',
  reads: [CONTRACT, 'AGENTS.md', 'CLAUDE.md'],
  siblingReads: { workbench: [OPENCODE] },

  *check(context) {
    const { repo } = context;
    if (!repo.isFile(CONTRACT)) return yield absent(repo, CONTRACT);
    if (!repo.isYaml(CONTRACT)) return yield unparsable(repo, CONTRACT);
    const startup = repo.yaml(CONTRACT).get('startup_block');
    for (const key of ['marker_start', 'marker_end']) {
      if (startup.get(key).or('') !== '') continue;
      return yield problem('marker-is-stated', key, startup.get(key), `The contract states no \`${key}\`.`);
    }
    const start = startup.get('marker_start').raw;
    const end = startup.get('marker_end').raw;
    const required = joinRaw(startup.get('required_lines').items).split('\n');

    let reference: Block | undefined;
    for (const [path, file] of yield* visibleSurfaces(context)) {
      const lines = file.repo.lines(file.path);
      const says = (rule: string, message: string) => problem(rule, path, file.repo.at(file.path), message);
      const lost = [start, end].find((marker) => !lines.some(({ text }) => text.includes(marker)));
      const block = blockBetween(lines, start, end);
      if (lost !== undefined) yield says('surface-has-markers', `No line of \`${path}\` holds \`${lost}\`.`);
      else if (block.length === 0) yield says('block-has-text', `Below a line \`${start}\` of \`${path}\` is no text.`);
      else {
        reference ??= block;
        yield* judgeBlock(path, block, required, reference);
      }
    }
  },

  examples: {
    pass: [
      {
        title: 'what surrounds the blocks, blank lines at their end and a surface without id do not count',
        files: SOUND,
      },
      {
        title: 'the workbench agrees, and what lies in a home directory cannot be seen',
        files: { ...SOUND, [CONTRACT]: `${OUTSIDE}  - { id: home, path: /Users/ronnyworks/.claude/CLAUDE.md }\n` },
        siblings: { workbench: { [OPENCODE]: TEXT } },
      },
    ],
    fail: [
      { title: 'no contract', files: {}, finds: [`file-exists ${CONTRACT}`] },
      { title: 'no YAML', files: { [CONTRACT]: '{' }, finds: [`file-is-yaml ${CONTRACT}`] },
      {
        title: 'a contract without end marker',
        files: { ...SOUND, [CONTRACT]: 'startup_block: { marker_start: <A> }\n' },
        finds: ['marker-is-stated marker_end'],
      },
      {
        title: 'a surface without id key is not passed over, and nobody expands its home directory',
        files: { ...SOUND, [CONTRACT]: `${SURFACES}  - path: ~/CLAUDE.md\n` },
        finds: ['surface-exists ~/CLAUDE.md'],
      },
      {
        title:
          'end markers: one missing, one with Windows line ends as the start, one indented so that the block runs on',
        files: {
          [CONTRACT]: `${SURFACES}  - { id: b, path: B.md }\n  - { id: c, path: C.md }\n`,
          'AGENTS.md': TEXT,
          'CLAUDE.md': TEXT.replace('</A>', ''),
          'B.md': TEXT.replaceAll('\n', '\r\n'),
          'C.md': TEXT.replace('</A>', ' </A>'),
        },
        finds: ['surface-has-markers CLAUDE.md', 'block-has-text B.md', 'block-equals-first C.md'],
      },
      {
        title: 'a required line lost everywhere is missed everywhere',
        files: { ...SOUND, 'AGENTS.md': '<A>\ncd\n</A>\n', 'CLAUDE.md': '<A>\ncd\n</A>\n' },
        finds: ['block-has-required-line AGENTS.md#ops status', 'block-has-required-line CLAUDE.md#ops status'],
      },
      {
        title: 'the first surface changed: every other one differs, in the workbench too',
        files: { ...SOUND, [CONTRACT]: OUTSIDE, 'AGENTS.md': TEXT.replace('cd', '\ncd') },
        siblings: { workbench: { [OPENCODE]: TEXT } },
        finds: ['block-equals-first CLAUDE.md', `block-equals-first ${WORKBENCH_ROOT}/${OPENCODE}`],
      },
    ],
    blind: [
      { title: 'one surface is in a workbench that is not configured', files: { ...SOUND, [CONTRACT]: OUTSIDE } },
    ],
  },
});

type Block = readonly TextLine[];

/** Surfaces that can be read; says of the others why not. */
function* visibleSurfaces(context: GateContext): Generator<Remark, readonly [path: string, file: RepoPath][]> {
  const found: [string, RepoPath][] = [];
  for (const { values, item } of tabRows(context.repo.yaml(CONTRACT).get('surfaces'), ['id', 'path'])) {
    const [, path] = values;
    if (path === undefined) continue;
    const file = locate(context, path);
    if (file === 'machine') yield { unverified: `\`${path}\`, which only the operator's machine has` };
    else if (file === 'no sibling') yield needsWorkbench(`\`${path}\``);
    else if (file.repo.isFile(file.path)) found.push([path, file]);
    else yield problem('surface-exists', path, item, `The surface \`${path}\` does not exist.`);
  }
  for (const seen of [context.repo, context.sibling('workbench')]) {
    seen?.prefetch(found.flatMap(([, file]) => (file.repo === seen ? file.path : [])));
  }
  return found;
}

/** What stands between lines that equal the markers, without blank lines at the end; several blocks make one. */
function blockBetween(lines: readonly TextLine[], start: string, end: string): Block {
  let isInside = false;
  const block = lines.filter(({ text }) => {
    const isMarker = text === start || text === end;
    if (isMarker) isInside = text === start;
    return isInside && !isMarker;
  });
  return block.slice(0, block.findLastIndex(({ text }) => text !== '') + 1);
}

function* judgeBlock(path: string, block: Block, required: readonly string[], reference: Block): Generator<Problem> {
  for (const wanted of required) {
    // The script's search takes a dash for an option and finds nothing.
    if (wanted === '' || (!wanted.startsWith('-') && block.some(({ text }) => text.includes(wanted)))) continue;
    const message = `The start-up block of \`${path}\` lacks \`${wanted}\`.`;
    yield problem('block-has-required-line', `${path}#${wanted}`, block[0], message);
  }
  const odd = block.findIndex(({ text }, index) => text !== reference[index]?.text);
  if (odd < 0 && block.length === reference.length) return;
  const message = `From here on the start-up block of \`${path}\` is not that of the first surface.`;
  yield problem('block-equals-first', path, block.at(odd), message);
}
