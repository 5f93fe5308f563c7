/** `POST /graphql`, executed by graphql-js against GitHub's official schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildASTSchema,
  type DocumentNode,
  defaultFieldResolver,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import type { Answer, Call } from './call.ts';
import { GitHubError } from './errors.ts';
import { priceOf } from './graphql-cost.ts';
import { rootFields } from './graphql-root.ts';
import { isRecord } from './openapi-schemas.ts';
import type { SimulatedRepository } from './repositories.ts';

export interface GraphqlAnswer extends Answer {
  /** The repository it was about; null when it ran but was about none, undefined when it did not run. */
  touched: SimulatedRepository | null | undefined;
  isMutation: boolean;
}

// Read as a file: the package's entry point would parse five megabytes of JSON that nobody asked for.
const schemaFile = join(import.meta.dirname, '../node_modules/@octokit/graphql-schema/schema.graphql');
let loaded: GraphQLSchema | undefined;

function schema(): GraphQLSchema {
  if (loaded === undefined) {
    const document = parse(readFileSync(schemaFile, 'utf8'), { noLocation: true });
    // The published schema defines two fields twice, which a strict build refuses.
    loaded = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
  }
  return loaded;
}

function presentError(error: GraphQLError): Record<string, unknown> {
  const { message, locations, path, extensions } = error;
  const { type, ...rest } = extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(path === undefined ? {} : { path }),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: rest }),
    ...(locations === undefined ? {} : { locations }),
    message,
  };
}

function answerErrors(errors: readonly GraphQLError[]): Answer {
  return { status: 200, body: { errors: errors.map(presentError) } };
}

function parsed(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

/** A field that exists at GitHub but not here must not pass for null. */
function resolverFor(call: Call): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, context, info) => {
    if (isRecord(source) && info.fieldName in source) return defaultFieldResolver(source, args, context, info);
    const field = `${info.parentType.name}.${info.fieldName}`;
    call.world.violations.push({ where: 'graphql', operation: 'graphql', problem: `${field} is not modelled` });
    throw new GraphQLError(`${field} is not modelled by the simulator`);
  };
}

/** Answers a query: HTTP 200 whatever happens to it, unless GitHub refuses the caller. */
export async function answerGraphql(call: Call): Promise<GraphqlAnswer> {
  const { world, caller } = call;
  const unknown = { touched: undefined, isMutation: false };
  if (caller.kind === 'anonymous') throw new GitHubError(401, 'This endpoint requires you to be authenticated.');
  if (caller.kind === 'app') throw new GitHubError(401, 'This endpoint requires an installation token');
  const { query, variables, operationName } = call.body;
  if (typeof query !== 'string') {
    return {
      ...answerErrors([new GraphQLError('A query attribute must be specified and must be a string.')]),
      ...unknown,
    };
  }
  const document = parsed(query);
  const problems = document instanceof GraphQLError ? [document] : validate(schema(), document);
  if (document instanceof GraphQLError || problems.length > 0) {
    for (const { message } of problems)
      world.violations.push({ where: 'graphql', operation: 'graphql', problem: message });
    return { ...answerErrors(problems), ...unknown };
  }
  const values = isRecord(variables) ? variables : {};
  const isMutation = document.definitions.some((each) => 'operation' in each && each.operation === 'mutation');
  const price = priceOf(schema(), document, values);
  const points = isMutation ? 5 : 1;
  const refused = world.limits.charge(caller, {
    resource: 'graphql',
    cost: price.points,
    points,
    createsContent: false,
  });
  if (refused?.message.startsWith('API rate limit')) {
    const error = new GraphQLError('API rate limit exceeded', { extensions: { type: 'RATE_LIMITED' } });
    return { ...answerErrors([error]), ...unknown, isMutation };
  }
  if (refused !== null) throw refused;
  if (price.errors.length > 0) return { ...answerErrors(price.errors), ...unknown, isMutation };
  const touched = new Set<SimulatedRepository>();
  const result = await execute({
    schema: schema(),
    document,
    rootValue: rootFields(call, price, touched),
    variableValues: values,
    operationName: typeof operationName === 'string' ? operationName : null,
    fieldResolver: resolverFor(call),
  });
  const errors = result.errors === undefined ? {} : { errors: result.errors.map(presentError) };
  const all = [...touched];
  return {
    status: 200,
    body: { ...(result.data === undefined ? {} : { data: result.data }), ...errors },
    touched: all.find((repository) => !repository.sibling) ?? all[0] ?? null,
    isMutation,
  };
}
