import { z } from 'zod';
import { SnapshotError } from '../../core/snapshot.ts';
import type { GitHubClient } from '../../github/client.ts';
import { GitHubError } from '../../github/error.ts';
import type { Parts } from '../../github/graphql.ts';
import { asSnapshotError, noBranch } from './errors.ts';

/** A branch to look at. */
export interface Place {
  /** `owner/name`, as it is configured. */
  readonly repo: string;
  readonly branch: string;
}

/** A repository, what it is called by now, and where the branch stands or why nobody can tell. */
export interface Sight {
  readonly id: number;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly head: string | SnapshotError;
}

/** More that is asked of the first place's head along with it. */
export interface Aside {
  /** Names the answer. */
  readonly alias: string;
  /** GraphQL fields of a commit, and the variables they use. */
  readonly fields: string;
  readonly declared?: readonly string[];
  readonly variables?: Readonly<Record<string, unknown>>;
}

export interface Look {
  /** Whom the credentials belong to; null where nobody asked. */
  readonly login: string | null;
  /** In the order of the places. */
  readonly sights: readonly (Sight | SnapshotError)[];
  /** What came of an aside, a commit's fields: undefined where GitHub refused it, or answered for another commit than the head. */
  aside(alias: string): unknown;
}

const Seen = z.object({
  databaseId: z.number(),
  nameWithOwner: z.string(),
  isPrivate: z.boolean(),
  isEmpty: z.boolean(),
  ref: z.object({ target: z.object({ oid: z.string() }) }).nullable(),
});
const Answer = z.looseObject({ viewer: z.object({ login: z.string() }).optional() });
const Part = z.looseObject({});
const AtCommit = z.looseObject({ oid: z.string() });

/**
 * Where several branches stand, whose credentials these are, and what else there is to know of the first one's head: all in one request.
 * Throws `SnapshotError` for what concerns all of them; what is wrong with one place stands in its place.
 */
export async function lookAt(
  client: GitHubClient,
  places: readonly [Place, ...Place[]],
  asides: readonly Aside[],
  { asksLogin }: { readonly asksLogin: boolean },
): Promise<Look> {
  const [{ repo }] = places;
  try {
    return await ask(client, places, asides, asksLogin);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    if (error.failure !== 'transport' || asides.length === 0) throw asSnapshotError(error, repo);
  }
  // What is asked aside may be what GitHub does not get done in time.
  try {
    return await ask(client, places, [], asksLogin);
  } catch (error) {
    throw error instanceof GitHubError ? asSnapshotError(error, repo) : error;
  }
}

async function ask(
  client: GitHubClient,
  places: readonly Place[],
  asides: readonly Aside[],
  asksLogin: boolean,
): Promise<Look> {
  const { query, variables } = queryOf(places, asides, asksLogin);
  const parts = await client.parts(query, variables);
  const answer = Answer.parse(parts.data ?? {});
  const sights = places.map((place, index) => sightOf(place, `r${index}`, answer[`r${index}`], parts));
  const [first] = sights;
  const repository = Part.safeParse(answer.r0).data;
  return {
    login: answer.viewer?.login ?? null,
    sights,
    aside(alias) {
      const isRefused = parts.refusals.some(({ path }) => path[0] === 'r0' && path[1] === alias);
      const commit = AtCommit.safeParse(repository?.[alias]).data;
      const isOfHead = first !== undefined && 'head' in first && commit?.oid === first.head;
      return isRefused || !isOfHead ? undefined : commit;
    },
  };
}

function queryOf(places: readonly Place[], asides: readonly Aside[], asksLogin: boolean) {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  const repositories = places.map(({ repo, branch }, index) => {
    const [owner = '', name = ''] = repo.split('/');
    Object.assign(variables, { [`o${index}`]: owner, [`n${index}`]: name, [`b${index}`]: `refs/heads/${branch}` });
    declared.push(`$o${index}: String!`, `$n${index}: String!`, `$b${index}: String!`);
    const besides = index === 0 ? asides.map(askAside).join('\n') : '';
    return `r${index}: repository(owner: $o${index}, name: $n${index}) {
      databaseId nameWithOwner isPrivate isEmpty
      ref(qualifiedName: $b${index}) { target { oid } }
      ${besides}
    }`;
  });
  for (const aside of asides) {
    Object.assign(variables, aside.variables);
    declared.push(...(aside.declared ?? []));
  }
  const query = `query Look(${declared.join(', ')}) {
    ${asksLogin ? 'viewer { login }' : ''}
    ${repositories.join('\n')}
  }`;
  return { query, variables };
}

/** Beside the branch's ref rather than below it: there, what GitHub refuses would take the head with it. */
function askAside({ alias, fields }: Aside): string {
  return `${alias}: object(expression: $b0) { ... on Commit { oid ${fields} } }`;
}

function sightOf({ repo, branch }: Place, alias: string, answer: unknown, { refusals }: Parts): Sight | SnapshotError {
  const refusalAt = (...at: readonly string[]) => refusals.find(({ path }) => at.join() === path.join())?.error;
  const refusal = refusalAt(alias);
  if (refusal) return asSnapshotError(refusal, repo);
  const seen = Seen.safeParse(answer);
  if (!seen.success) return new SnapshotError('transport', `GitHub's answer about ${repo} is not what it documents`);
  const { databaseId: id, nameWithOwner: name, isPrivate, isEmpty, ref } = seen.data;
  const found = { id, name, isPrivate };
  const hidden = refusalAt(alias, 'ref') ?? refusalAt(alias, 'ref', 'target');
  if (hidden) return { ...found, head: asSnapshotError(hidden, name) };
  if (ref) return { ...found, head: ref.target.oid };
  const error = isEmpty ? new SnapshotError('empty', `${name} has no commit yet`) : noBranch(name, branch);
  return { ...found, head: error };
}
