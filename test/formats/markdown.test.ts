import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/report.ts';
import { reportAsMarkdown } from '../../src/formats/markdown.ts';
import { audits } from '../web/fixture.ts';

function report(night: number, text?: string): Report {
  const found = audits(text)[night]?.report;
  if (!found) throw new Error('no such night');
  return found;
}

function markdownOf(given: Report, fresh: Readonly<Record<string, readonly string[]>> = {}): string {
  const pages = { webUrl: 'https://github.com', repo: given.repo, sha: given.sha };
  return reportAsMarkdown({ report: given, pages, fresh });
}

describe('Markdown', () => {
  test('what newly fails comes first, with links to the lines', () => {
    const text = markdownOf(report(2), { D138: ['phase-has-site phase:1'] });
    expect(text.indexOf('D138 site-parity`: newly failing')).toBeLessThan(text.indexOf('D86 vm-parity`: failing'));
    expect(text).toContain(`(https://github.com/you/homelab/blob/${'c'.repeat(40)}/ops/bindings/start%20up.yaml#L12)`);
    expect(text).toContain('| `infra` | 1/5 · 2 failing · 1 blind · 1 skipped |');
    for (const part of ['## Blind', 'no sibling', '## Not verified from here', 'live part', '## Skipped'])
      expect(text).toContain(part);
  });

  test('gates that were named instead of lanes are said to pass', () => {
    const gates = report(2).gates.filter(({ verdict }) => verdict === 'pass');
    expect(markdownOf({ ...report(2), lanes: [], gates })).toContain('## Passing');
    expect(markdownOf(report(2))).not.toContain('## Passing');
  });

  test.each([
    '@everyone',
    '#12',
    '<img src=x>',
    '| a | b |',
    '`code` **bold**',
    '[x](https://evil.example)',
    'https://evil.example',
    '\n# heading',
  ])('%j stays text', (hostile) => {
    const text = markdownOf(report(2, hostile));
    const prose = text.replace(/`[^`\n]*`/g, '').replace(/\]\(https:\/\/github\.com[^)]*\)/g, '');
    expect(prose).not.toMatch(/@everyone|#12\b|<img|\*\*bold|\]\(https:\/\/evil|\bhttps:\/\/evil/);
    expect(text.split('\n').filter((line) => /^#+ heading/.test(line))).toEqual([]);
  });
});
