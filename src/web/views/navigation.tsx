/** @jsxRuntime automatic @jsxImportSource hono/jsx */

/** The page of a gate in the latest audit, or in the audit of the id `at`. */
export function gatePath(repo: string, gate: string, at?: string): string {
  return `/${repo}/gates/${encodeURIComponent(gate.toWellFormed())}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`;
}

/** The way back to a repository's page. */
export function Crumbs({ repo, at }: { repo: string; at: string | undefined }) {
  return (
    <nav aria-label="Where you are" class="crumbs">
      <a href={`/${repo}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`}>← {repo}</a>
    </nav>
  );
}
