/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import { visible } from '../../core/text/neutral.ts';

/** Lines that a program printed, folded; nothing where there are none. */
export function Printed({ summary, lines }: { summary: string; lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>{summary}</summary>
      <pre class="quote">
        <code>{lines.map(visible).join('\n')}</code>
      </pre>
    </details>
  );
}
