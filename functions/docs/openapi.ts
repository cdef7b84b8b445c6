import { type CreateDocumentOptions, createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { type Route, routes } from '#functions/routes.ts';
import type { Contract } from '#shared/core/contract.ts';
import { contracts } from './contracts.ts';
import { codesOf, operationDocs } from './operation-docs.ts';
import { GatewayMessage, Problem, problemExamples } from './problem-responses.ts';
import { tags } from './tags.ts';

const description = `Tandem runs a B2B software company's partner program.

**Callers.** People send an access token, machines of partners an API key, both as \`Authorization: Bearer …\`. What belongs to
another partner is answered exactly like what is not there: 404.

**Repeating.** Every POST that changes something needs an \`Idempotency-Key\`. The same key and body again give the first answer
again, marked \`Idempotency-Replayed: true\`; the same key with another body is refused.

**Changing.** Things have a version, sent as \`ETag\`. A change says with \`If-Match\` which version it was decided on.

**Lists** are pages: \`{data, nextCursor}\`. Ask on with \`cursor\` and the same filters until \`nextCursor\` is null.

**Money** is an integer of minor units with its currency. Instants are ISO 8601 in UTC, days \`YYYY-MM-DD\`.

**Refusals** are problem documents (RFC 9457) with a \`code\` for programs, and every faulty field in \`errors\`. Answers by the
gateway itself (401, and its own 403, 413, 429 and 503) are \`{message}\`.`;

const securitySchemes = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Access token of a person, from the sign-in (OAuth 2 code with PKCE)',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'tk_live_…',
    description: 'API key of a partner’s machine, made for certain scopes',
  },
} as const;

const pathsOf = (its: readonly Contract[]): ZodOpenApiPathsObject => {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const route of routes as readonly Route[]) {
    const contract = its.find((it) => it.operation === route.operation);
    if (contract)
      paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationDocs(route, contract) };
  }
  return paths;
};

/** A format says what zod's pattern for it says too, in a word instead of 300 characters. */
const preferFormats: CreateDocumentOptions['override'] = ({ jsonSchema }) => {
  if (jsonSchema.format) delete jsonSchema.pattern;
};

const usedIn = (its: readonly Contract[]): readonly string[] =>
  (routes as readonly Route[]).flatMap((route) => {
    const contract = its.find((it) => it.operation === route.operation);
    return contract ? codesOf(route, contract) : [];
  });

/** The OpenAPI 3.1 document of these contracts, in the order of functions/routes.ts. */
export const openApiDocument = (its: readonly Contract[] = contracts) =>
  createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Tandem',
        version: '1.0.0',
        description,
        license: { name: 'Proprietary', identifier: 'LicenseRef-Proprietary' },
      },
      servers: [{ url: '/', description: 'Where this document was read' }],
      tags: tags.map((tag) => ({ ...tag })),
      paths: pathsOf(its),
      components: { schemas: { Problem, GatewayMessage }, examples: problemExamples(usedIn(its)), securitySchemes },
    },
    { override: preferFormats },
  );
