import { createRemoteJWKSet, customFetch, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { ResultsRefused } from './results.ts';

/** Who signs the tokens of GitHub Actions (GitHub's documentation, "OpenID Connect reference"). */
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** GitHub's tokens live for minutes; one that says more, or that is yet to be issued, is none of them. */
const MOST_SECONDS = 3600;

const Claims = z.object({
  repository: z.string(),
  repository_id: z.string(),
  ref: z.string(),
  sha: z.string(),
  jti: z.string().min(1),
  exp: z.number(),
  event_name: z.string().optional(),
});

/** What a workflow's token must be bound to. */
export interface WorkflowBinding {
  /** `owner/name`. */
  readonly repo: string;
  /** GitHub's number of the repository, where an audit has seen it. */
  readonly repositoryId: number | null;
  readonly branch: string;
}

/** A token that was accepted: what tells it from any other, and until when it could be sent again (ms since the epoch). */
export interface AcceptedToken {
  readonly id: string;
  readonly expiresAt: number;
  /** Commit that the workflow ran at. */
  readonly sha: string;
}

/** Checks a token for one repository and branch. Throws `ResultsRefused`. */
export type VerifyWorkflow = (token: string, binding: WorkflowBinding, now: number) => Promise<AcceptedToken>;

export interface WorkflowIssuer {
  /** Where this Worker answers: what the workflow has to ask its token for. */
  readonly audience: string;
  readonly issuer?: string;
  readonly fetch?: typeof fetch;
}

/** Checks tokens against the published keys of GitHub Actions, which are kept until a key is unknown or ten minutes have passed. */
export function createWorkflowVerifier({
  audience,
  issuer = GITHUB_ISSUER,
  fetch: ask = fetch,
}: WorkflowIssuer): VerifyWorkflow {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`), {
    [customFetch]: (url, options) => ask(url, options),
  });
  return async (token, { repo, repositoryId, branch }, now) => {
    const claims = await verified(token, now);
    if (claims.repository.toLowerCase() !== repo.toLowerCase())
      throw new ResultsRefused(403, `The token is for ${claims.repository}, and this address is for ${repo}.`);
    if (repositoryId !== null && claims.repository_id !== String(repositoryId))
      throw new ResultsRefused(403, `The token is for another repository that is now called ${repo}.`);
    if (claims.ref !== `refs/heads/${branch}`)
      throw new ResultsRefused(403, `The token is for ${claims.ref}; only runs on the branch ${branch} count.`);
    // Such a run has the branch's own name and secrets, and may have checked out what a stranger proposes.
    if (claims.event_name?.startsWith('pull_request'))
      throw new ResultsRefused(403, 'The token is for a run about a pull request, and those do not count.');
    return { id: claims.jti, expiresAt: claims.exp * 1000, sha: claims.sha };
  };

  async function verified(token: string, now: number): Promise<z.infer<typeof Claims>> {
    try {
      const options = { issuer, audience, algorithms: ['RS256'], requiredClaims: ['exp', 'iat', 'jti'] };
      const time = { currentDate: new Date(now), clockTolerance: 60, maxTokenAge: MOST_SECONDS };
      const { payload } = await jwtVerify(token, keys, { ...options, ...time });
      return Claims.parse(payload);
    } catch (error) {
      if (keysAreOutOfReach(error))
        throw new ResultsRefused(503, "GitHub Actions' keys could not be read just now. Send it again in a minute.");
      throw new ResultsRefused(401, `The token was not accepted: ${reasonOf(error)}`);
    }
  }
}

/** Whether nothing is known of the token, because the issuer did not answer or not properly. */
function keysAreOutOfReach(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true;
  if (error instanceof errors.JOSEError) return error.code === errors.JOSEError.code;
  return !(error instanceof z.ZodError);
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired.';
  if (error instanceof errors.JWTClaimValidationFailed) return `its ${error.claim} is not the one expected here.`;
  if (error instanceof z.ZodError) return "it lacks claims that GitHub Actions' tokens have.";
  return "it is not signed by GitHub Actions' keys, or is not a token at all.";
}
