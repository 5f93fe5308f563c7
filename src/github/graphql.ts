import { z } from 'zod';
import { type AnswerHeaders, type GitHubError, graphqlError } from './error.ts';

/** What a query of several parts gave. */
export interface Parts {
  readonly data: unknown;
  readonly refusals: readonly Refusal[];
}

/** What GitHub did not give, by its place in the answer. */
export interface Refusal {
  readonly path: readonly string[];
  readonly error: GitHubError;
}

const Envelope = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
      }),
    )
    .optional(),
});

/** The data of a GraphQL answer, and what was refused. Throws an `Error` for a body that is no such answer. */
export function readParts(body: unknown, headers: AnswerHeaders, now: number): Parts {
  const { data, errors = [] } = parse(Envelope, body);
  const refusals = errors.map((error) => ({
    path: (error.path ?? []).map(String),
    error: graphqlError(error, headers, now),
  }));
  return { data, refusals };
}

/** A body in the form that is expected. Throws an `Error` that names the first place where it has another. */
export function parse<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(issue ? `${issue.path.join('.') || 'body'}: ${issue.message}` : 'unknown form');
}
