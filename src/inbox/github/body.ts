import { shortHash } from '../../core/hash.ts';
import type { Marker } from '../port.ts';
import type { IssueContent } from '../writes.ts';
import { asBlock, formatMarker, replaceBlock } from './marker.ts';
import type { Ourselves } from './raw-issue.ts';
import { MAX_BYTES, sizeOf } from './render/assemble.ts';
import { renderBody } from './render/body.ts';
import type { RenderContext } from './render/context.ts';

type Rendered = Exclude<IssueContent, { kind: 'unverified' }>;

/** Our block, and after it what people wrote (`theirs` is the whole body as it was). Both together stay within GitHub's limit. */
export function bodyFor(
  { about, key, content }: { readonly about: string; readonly key: string; readonly content: Rendered },
  context: RenderContext & Pick<Ourselves, 'repositoryId'>,
  theirs = '',
): string {
  const { repositoryId, sha } = context;
  const marker = formatMarker({ about, repositoryId, sha, key, ...identitiesOf(content) });
  const taken = sizeOf(marker) + sizeOf(replaceBlock(theirs, '')) + 100;
  return replaceBlock(theirs, asBlock(marker, renderBody(content, context, MAX_BYTES - taken)));
}

/** Hashes of the findings an issue is about, for when our own memory is lost. */
function identitiesOf(content: Rendered): Pick<Marker, 'findings' | 'known'> {
  if (content.kind === 'gate') return { findings: content.fresh.map(shortHash), known: content.known.map(shortHash) };
  if (content.kind !== 'group') return { findings: [], known: [] };
  const findings = content.gates.flatMap(({ gate, fresh }) => fresh.map((key) => shortHash(`${gate.name} ${key}`)));
  return { findings: [...new Set(findings)], known: content.gates.map(({ gate }) => shortHash(gate.name)) };
}

/** Whether two bodies are the same to GitHub, which may change line ends and blanks at the end. */
export function isSameBody(one: string, other: string): boolean {
  const plain = (body: string) => body.replaceAll('\r\n', '\n').trimEnd();
  return plain(one) === plain(other);
}
