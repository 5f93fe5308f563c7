/** GitHub's price of a GraphQL query, and the bounds every connection in it must have. */

import type { GraphQLSchema } from 'graphql';
import { type DocumentNode, GraphQLError, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

const maximumPage = 100;
const maximumNodes = 500_000;

export interface Price {
  points: number;
  nodes: number;
  errors: GraphQLError[];
}

/** Points = connection requests / 100, at least 1; a connection without `first` or `last` is an error. */
export function priceOf(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): Price {
  const info = new TypeInfo(schema);
  const errors: GraphQLError[] = [];
  const multipliers = [1];
  let requests = 0;
  let nodes = 0;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(node) {
          const multiplier = multipliers.at(-1) ?? 1;
          const definition = info.getFieldDef();
          const isConnection = definition?.args.some((argument) => argument.name === 'first') === true;
          if (!isConnection) {
            multipliers.push(multiplier);
            return;
          }
          const bound = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'last');
          let size = bound?.value.kind === Kind.INT ? Number(bound.value.value) : 0;
          if (bound?.value.kind === Kind.VARIABLE) size = Number(variables[bound.value.name.value] ?? 0);
          const name = node.name.value;
          if (bound === undefined) {
            const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
            errors.push(
              new GraphQLError(message, { nodes: node, extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' } }),
            );
          } else if (size < 1 || size > maximumPage) {
            const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${maximumPage} records.`;
            errors.push(new GraphQLError(message, { nodes: node, extensions: { type: 'EXCESSIVE_PAGINATION' } }));
          }
          requests += multiplier;
          nodes += multiplier * size;
          multipliers.push(multiplier * Math.max(1, size));
        },
        leave() {
          multipliers.pop();
        },
      },
    }),
  );
  if (nodes > maximumNodes) {
    const message = `This query requests up to ${nodes} possible nodes which exceeds the maximum limit of ${maximumNodes}.`;
    errors.push(new GraphQLError(message, { extensions: { type: 'MAX_NODE_LIMIT_EXCEEDED' } }));
  }
  return { points: Math.max(1, Math.round(requests / 100)), nodes, errors };
}
