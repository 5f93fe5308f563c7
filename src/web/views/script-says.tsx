/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { ScriptReport } from '../../core/report.ts';
import { visible } from '../../core/text/neutral.ts';
import { plural } from '../../core/text/plural.ts';
import type { CommitPages } from '../../formats/links.ts';
import { FindingItem } from './finding.tsx';
import { Printed } from './printed.tsx';
import { Prose } from './text.tsx';

const WORDS: Readonly<Record<ScriptReport['verdict'], string>> = {
  pass: 'It passes.',
  fail: 'It fails.',
  blind: 'It is blind',
  crashed: 'It came to no end',
};

/** What a gate's own script says, run by the script engine: findings that are not the gate's, and the rest of its output folded. */
export function ScriptSays({ script, pages }: { script: ScriptReport; pages: CommitPages }) {
  const { path, verdict, reason, findings, output } = script;
  return (
    <section class="card" aria-labelledby="script">
      <h2 id="script">Its own script</h2>
      <p>
        <code>{visible(path)}</code>: <Prose text={`${WORDS[verdict]}${reason === undefined ? '' : `: ${reason}`}`} />
      </p>
      {findings.length > 0 ? (
        <ul class="findings">
          {findings.map((finding) => (
            <FindingItem finding={finding} pages={pages} />
          ))}
        </ul>
      ) : null}
      <Printed summary={`${plural(output.length, 'more line')} of its output`} lines={output} />
    </section>
  );
}
