import { WORKBENCH_ROOT } from '../../src/gates/lib/spine/host-paths.ts';
import gate from '../../src/gates/spine/agent-surface-hygiene/entry-surface-parity-lock.ts';
import { nearMisses } from './near-misses.ts';

const CONTRACT = 'ops/bindings/entry.surface.contract.yaml';
const OPENCODE = 'dotfiles/opencode/OPENCODE.md';
const START_UP = 'startup_block: { marker_start: <A>, marker_end: </A>, required_lines: [ops status] }\n';
const SURFACES = `${START_UP}surfaces:\n  - { id: "", path: NOWHERE.md }\n  - { id: codex, path: AGENTS.md }\n  - { id: claude, path: CLAUDE.md }\n`;
const OUTSIDE = `${SURFACES}  - { id: opencode, path: ${WORKBENCH_ROOT}/${OPENCODE} }\n`;
const TEXT = '# Hello\n<A>\ncd spine\n./bin/ops status\n</A>\n';
const SOUND = { [CONTRACT]: SURFACES, 'AGENTS.md': TEXT, 'CLAUDE.md': TEXT.replace('</A>', '\n\n</A>\nmore') };

export default nearMisses(gate, {
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
  blind: [{ title: 'one surface is in a workbench that is not configured', files: { ...SOUND, [CONTRACT]: OUTSIDE } }],
});
