import { joinRaw } from '../../../core/yaml/value.ts';
import { tabRows } from '../../lib/bash/tab-rows.ts';
import { defineGate } from '../../lib/define.ts';
import { yaml } from '../../lib/needs.ts';
import { locate, needsWorkbench, type RepoPath, WORKBENCH_ROOT } from '../../lib/spine/host-paths.ts';
import { type Block, blockBetween, firstDifference, lacks, prefetchAll } from '../../lib/spine/startup-block.ts';

const CONTRACT = 'ops/bindings/entry.surface.contract.yaml';
const OPENCODE = 'dotfiles/opencode/OPENCODE.md';
const MARKERS = ['marker_start', 'marker_end'];

const START_UP = 'startup_block: { marker_start: <A>, marker_end: </A>, required_lines: [ops status] }\n';
const SURFACES = `${START_UP}surfaces:\n  - { id: "", path: NOWHERE.md }\n  - { id: codex, path: AGENTS.md }\n  - { id: claude, path: CLAUDE.md }\n`;
const OUTSIDE = `${SURFACES}  - { id: opencode, path: ${WORKBENCH_ROOT}/${OPENCODE} }\n`;
const TEXT = '# Hello\n<A>\ncd spine\n./bin/ops status\n</A>\n';
const SOUND = { [CONTRACT]: SURFACES, 'AGENTS.md': TEXT, 'CLAUDE.md': TEXT.replace('</A>', '\n\n</A>\nmore') };

export default defineGate({
  name: 'entry-surface-parity-lock',
  mirrors: ['7adb56f2b442cb31d4ba889d92339586cbfdab54'],
  why: 'Each tool reads its own instruction file. When the start-up blocks in them differ, sessions begin under different rules, and nobody notices until one skips a check.',
  fix: 'Copy the start-up block, markers included, from the first surface of entry.surface.contract.yaml into the others; each marker stands alone on its line.',
  limits: 'A surface with an empty id is skipped, and a list in place of an id or a path silences the whole check.',
  needs: { contract: yaml(CONTRACT) },
  alsoReads: ['AGENTS.md', 'CLAUDE.md'],
  siblingReads: { workbench: [OPENCODE] },

  rules: {
    'marker-is-stated': 'The contract has no `{field}`.',
    'surface-exists': 'The surface `{path}` does not exist.',
    'surface-has-markers': 'No line of `{path}` contains `{marker}`.',
    'block-has-text': 'The start-up block after `{marker}` in `{path}` is empty.',
    'block-has-required-line': 'The start-up block of `{path}` lacks `{wanted}`.',
    'block-equals-first': 'From here on, the start-up block of `{path}` differs from that of the first surface.',
  },

  *check({ contract }, report, context) {
    const startup = contract.get('startup_block');
    const unstated = MARKERS.find((field) => startup.get(field).or('') === '');
    if (unstated) return yield report('marker-is-stated', unstated, startup.get(unstated), { field: unstated });
    const [start = '', end = ''] = MARKERS.map((field) => startup.get(field).raw);
    const required = joinRaw(startup.get('required_lines').items).split('\n');

    const visible: [path: string, file: RepoPath][] = [];
    for (const { values, item } of tabRows(contract.get('surfaces'), ['id', 'path'])) {
      const [, path] = values;
      if (path === undefined) continue;
      const file = locate(context, path);
      if (file === 'machine') yield { unverified: `\`${path}\`, which only the operator's machine has` };
      else if (file === 'no sibling') yield needsWorkbench(`\`${path}\``);
      else if (file.repo.isFile(file.path)) visible.push([path, file]);
      else yield report('surface-exists', path, item, { path });
    }
    const files = visible.map(([, file]) => file);
    prefetchAll(context, files);
    let reference: Block | undefined;
    for (const [path, { repo, path: below }] of visible) {
      const lines = repo.lines(below);
      const lost = [start, end].find((marker) => !lines.some(({ text }) => text.includes(marker)));
      const block = blockBetween(lines, start, end);
      if (lost !== undefined) yield report('surface-has-markers', path, repo.at(below), { path, marker: lost });
      else if (block.length === 0) yield report('block-has-text', path, repo.at(below), { path, marker: start });
      if (lost !== undefined || block.length === 0) continue;
      reference ??= block;
      for (const wanted of required.filter((line) => lacks(block, line))) {
        yield report('block-has-required-line', `${path}#${wanted}`, block[0], { path, wanted });
      }
      const odd = firstDifference(block, reference);
      if (odd) yield report('block-equals-first', path, odd, { path });
    }
  },

  examples: {
    pass: [{ title: 'both blocks are the same', files: SOUND }],
    fail: [
      {
        title: 'a contract without end marker',
        files: { ...SOUND, [CONTRACT]: 'startup_block: { marker_start: <A> }\n' },
        finds: ['marker-is-stated marker_end'],
      },
      {
        title: 'a surface that is gone, one without markers, one with an empty block',
        files: {
          ...SOUND,
          [CONTRACT]: `${SURFACES}  - { id: c, path: C.md }\n`,
          'AGENTS.md': '',
          'CLAUDE.md': '<A>\n</A>\n',
        },
        finds: ['surface-exists C.md', 'surface-has-markers AGENTS.md', 'block-has-text CLAUDE.md'],
      },
      {
        title: 'a required line is lost',
        files: { ...SOUND, 'CLAUDE.md': '<A>\ncd spine\n</A>\n' },
        finds: ['block-has-required-line CLAUDE.md#ops status', 'block-equals-first CLAUDE.md'],
      },
    ],
    blind: [{ title: 'a surface in a workbench that is not configured', files: { ...SOUND, [CONTRACT]: OUTSIDE } }],
  },
});
