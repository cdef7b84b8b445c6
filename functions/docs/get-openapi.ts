import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/docs/docs-contract.ts';
import { openApiDocument } from './openapi.ts';

let made: string | undefined;

/** GET /openapi.json: made by the first request that asks a function for it, then kept. */
export const getOpenapi = operation(contracts.getOpenapi, async () => {
  made ??= JSON.stringify(openApiDocument());
  return {
    status: 200,
    content: { type: 'application/json', data: made },
    headers: { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
  };
});
