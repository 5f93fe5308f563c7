/** What a repo says is shown as text: it pings nobody, links nothing, forges nothing, and secrets are printed nowhere. */
import { afterEach, describe, expect, test } from 'vitest';
import { code, neutral, neutralTitle } from '../../src/core/text/neutral.ts';
import { parseMarker } from '../../src/inbox/github/marker.ts';
import { textAt } from '../coordinator/stored-nights.ts';
import { DAY, REPO, registry, type Stage, setStage, TOY_GATES } from './stage.ts';

const MARKER = '<!-- lanekeeper:v1 alpha 1001 0000 key - - -->';

/** Each of them means something to GitHub, to a browser or to us. */
const HOSTILE = [
  '@everyone',
  '@you/team please look',
  'mail me@example.com',
  '#1',
  'GH-1',
  'you/homelab#1',
  'Fixes #1',
  'closes you/homelab#1 and resolves: #2',
  'https://evil.example/x?y=1#2',
  'HTTP://EVIL.EXAMPLE',
  'www.evil.example',
  'see 3300733 and 57f4a1c2d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4',
  'you@3300733abc',
  '--> <!-- lanekeeper:end -->',
  MARKER,
  '<!-- lanekeeper:comment alpha -->',
  '<img src=x onerror=alert(1)>',
  '</details></summary><script>alert(1)</script>',
  '[click](javascript:alert(1))',
  '![tracker](https://evil.example/p.png)',
  '<https://evil.example>',
  '`code` ``` fence ~~~',
  '| a | b |',
  '# heading',
  '- [ ] task',
  '1. list',
  '> quote',
  '**bold** _em_ ~~gone~~ $$x$$ [^1] [[wiki]]',
  '&lt;b&gt; &#64;everyone &commat;everyone &num;1',
  '\\@everyone \\<b>',
  '\u202e@everyone\u2066#1\u2069',
  '@\u200beveryone',
  'tab\tand\u0000null\u0007bell\u001b[31m',
  'line one\\r\\n@everyone',
  '\ud800 lone',
];

/** Markdown without what cannot be live: code, and the links that we make ourselves. */
function live(markdown: string): string {
  return markdown
    .replace(/```[\s\S]*?```/g, '')
    .replace(
      /\[(?:`[^`\n]*`|what changed|Full report|Dashboard)\]\(https:\/\/github\.com\/you\/homelab\/[^()\s]*\)/g,
      '',
    )
    .replace(/`[^`\n]*`/g, '')
    .replace(/^<!-- lanekeeper:(?:v1|comment) [^\n]*-->$/m, '')
    .replace(/<!-- lanekeeper:end -->\s*$/, '')
    .replace(/<\/?(?:details|summary)>|<br>/g, '');
}

function expectInert(markdown: string): void {
  const text = live(markdown);
  expect(text, 'a mention').not.toMatch(/(?:^|[^\w`])@[a-z0-9]/i);
  expect(text, 'a reference').not.toMatch(/#\d/);
  expect(text, 'a reference').not.toMatch(/\bGH-\d/i);
  expect(text, 'a commit').not.toMatch(/\b[0-9a-f]{7,40}\b/);
  expect(text, 'a link').not.toMatch(/\b(?:https?|ftp):|\bwww\.|(?<!\\)\]\(/i);
  expect(text, 'HTML').not.toMatch(/<[a-z!/]/i);
  expect(text, 'an entity that makes a sign').not.toMatch(/&(?!amp;|lt;|gt;)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  expect(text, 'something unseen').not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
}

describe('a text', () => {
  test.each(HOSTILE)('%j is shown as it is', (text) => {
    expectInert(neutral(text));
    expectInert(`x ${neutral(text)} y`);
    expectInert(code(text));
    expect(neutralTitle(text)).not.toMatch(/(?:^|\W)@[a-z0-9]|#\d/i);
    expect(parseMarker(`${neutral(text)}\n<!-- lanekeeper:end -->`)).toBeNull();
  });
});

describe('an issue', () => {
  let stage: Stage;
  afterEach(async () => {
    await stage.close();
    expect(stage.simulator.violations).toEqual([]);
  });

  /** A finding whose subject and message are this text. */
  const listed = (texts: readonly string[]) =>
    texts.map((text, index) => `!${index}: ${text.replaceAll('=', '≡')}=${text}\n`).join('');

  test('an issue about hostile names and values is inert, and ours', async () => {
    const hostile = HOSTILE.filter((text) => !/[\n\ud800]/.test(text));
    stage = await setStage();
    await stage.audit();
    stage.advance(DAY);
    stage.lists({ alpha: listed(hostile) });
    await stage.audit();
    const issue = stage.issue('alpha');
    expect(issue?.state).toBe('open');
    expectInert(issue?.body ?? '');
    expect(issue?.body.match(/<!-- lanekeeper:/g), 'our marker and our end').toHaveLength(2);
    expect(parseMarker(issue?.body ?? '')).toMatchObject({ about: 'alpha', repositoryId: 1001 });

    stage.advance(DAY);
    stage.lists({ alpha: listed([...hostile, '@everyone again']) });
    await stage.audit();
    for (const comment of stage.issue('alpha')?.comments ?? []) expectInert(comment);
    stage.advance(DAY);
    stage.lists({ alpha: '' });
    await stage.audit();
    expect(stage.issue('alpha')).toMatchObject({ state: 'closed', stateReason: 'completed' });
  });

  test('a registry that calls its gates hostile things', async () => {
    const rows = [
      '"@inbox"',
      '"@everyone"',
      '"#1"',
      'constructor',
      '__proto__',
      '"<!-- x -->"',
      '"\\uD800"',
      '"a/b c"',
    ];
    stage = await setStage();
    await stage.audit();
    const known = TOY_GATES.map(({ name }) => ({ name }));
    for (const [index, name] of rows.entries()) {
      stage.advance(DAY);
      // Registered, listed by a lane, and without a script that runs: it fails.
      const files = registry([...known, { name, severity: '"@everyone <b>"' }]);
      const broken = Object.entries(files).map(([path, text]) => [
        path,
        text.replace(
          new RegExp(`(name: ${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')},.*)checks/gate.sh`),
          '$1checks/none.sh',
        ),
      ]);
      stage.commit(Object.fromEntries(broken));
      const { report, delivery } = await stage.audit();
      expect([index, report.error, delivery.errors]).toEqual([index, undefined, []]);
    }
    for (const { title, body, labels } of stage.issues()) {
      expect(title).not.toMatch(/(?:^|\s)@[a-z]|#\d/i);
      expectInert(body.replace(/- #\d+ /g, ''));
      for (const label of labels) expect(label).toMatch(/^audit(?:$|\/)/);
    }
    expect(stage.issues().filter(({ title }) => title === 'Gap inbox')).toHaveLength(1);
  });

  test('secrets are printed nowhere', async () => {
    const secrets = [
      'hunter2hunter2',
      'sk-live-4242424242',
      'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      'correcthorse',
      'swordfish77',
    ];
    const lines = [
      'password: hunter2hunter2',
      'api_key: "sk-live-4242424242"',
      'note: ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      'url: https://admin:correcthorse@nas.example/',
      '!db=the line `"db_password":"swordfish77"` is listed',
    ];
    stage = await setStage();
    await stage.audit();
    stage.advance(DAY);
    stage.lists({ alpha: `${lines.join('\n')}\n` });
    await stage.audit();
    stage.advance(DAY);
    stage.lists({ alpha: `${lines.join('\n')}\npassphrase: hunter2hunter2\n` });
    await stage.audit();
    const { keys } = await stage.kv.list({ prefix: '' });
    const stored = await Promise.all(
      keys.map(async ({ name, metadata }) => [await textAt(stage.kv, name), JSON.stringify(metadata)]),
    );
    const ledger = stage
      .ledger()
      .keys('')
      .map((key) => JSON.stringify(stage.ledger().get(key)));
    const everything = [JSON.stringify(stage.issues()), ...stored.flat(), ...stage.logs, ...ledger].join('\n');
    expect(stage.issue('alpha')?.body).toContain('password: •••');
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([]);
    expect(stage.issues().map(({ title }) => title)).toContain('D900 alpha is failing');
  });

  test('lines of 300 KB and thousands of findings stay within the limits', async () => {
    stage = await setStage();
    await stage.audit();
    stage.advance(DAY);
    const long = 'x'.repeat(300_000);
    const many = Array.from({ length: 3000 }, (_, index) => `finding-${index}-${'y'.repeat(60)}`);
    stage.lists({ alpha: `${long}\n!${long}=${long}\n`, bravo: `${many.join('\n')}\n` });
    const { delivery } = await stage.audit();
    expect(delivery.errors).toEqual([]);
    for (const { body } of stage.issues()) expect(Buffer.byteLength(body)).toBeLessThan(65_000);
    expect(stage.issue('bravo')?.body).toMatch(/… and \d+ more, too many/);
    const latest = await textAt(stage.kv, `latest/${REPO}`);
    expect(latest.length).toBeLessThan(3_000_000);

    // A person adds a long text of their own: it stays, ours gives way.
    const { number = 0, body = '' } = stage.issue('bravo') ?? {};
    const theirs = `\n\n${'my notes '.repeat(1500)}`;
    stage.human.edit(number, { body: body + theirs });
    stage.advance(DAY);
    stage.lists({ bravo: `${many.slice(1).join('\n')}\n` });
    await stage.audit();
    expect(stage.issue('bravo')?.body.endsWith(theirs)).toBe(true);
    expect(Buffer.byteLength(stage.issue('bravo')?.body ?? '')).toBeLessThan(65_000);
  });
});
