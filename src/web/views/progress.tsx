/** @jsxRuntime automatic @jsxImportSource hono/jsx */
import type { Progress } from '../../coordinator/coordinator.ts';
import { isoMinute } from './text.tsx';

/** Whether an audit runs, or has ended that the store does not show yet. */
export function isUnderWay({ stage, auditId, retryAt }: Progress, newest: string | undefined): boolean {
  if (stage === 'idle' || (retryAt !== undefined && auditId === newest)) return false;
  return stage !== 'done' || (auditId !== null && auditId !== newest);
}

/** What could not be done is tried again by itself; until then nothing happens. */
export function RetryNotice({ progress: { retryAt } }: { progress: Progress }) {
  return retryAt === undefined ? null : (
    <p class="notice">Part of the last run failed. Lanekeeper will try again at {isoMinute(retryAt)}.</p>
  );
}

/** How far an audit has come. The page that shows it asks to be loaded again. */
export function ProgressPanel({ progress }: { progress: Progress }) {
  const { done, total } = progress;
  return (
    <section class="progress" aria-labelledby="progress">
      <h2 id="progress">An audit is under way</h2>
      <p>{told(progress)}. This page refreshes itself.</p>
      {done !== undefined && total !== undefined ? (
        <progress value={done} max={total} aria-label="Gates evaluated" />
      ) : (
        <progress aria-label={told(progress)} />
      )}
    </section>
  );
}

function told({ stage, done, total, files }: Progress): string {
  switch (stage) {
    case 'queued':
      return 'Queued';
    case 'reading':
      return files === undefined ? 'Reading the repository' : `Reading ${files} files`;
    case 'evaluating':
      return `Evaluated ${done ?? 0} of ${total ?? 0} gates`;
    case 'writing issues':
      return 'Writing issues';
    case 'done':
    case 'idle':
      return 'Done; the result appears in a moment';
  }
}
