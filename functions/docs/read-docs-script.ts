import { readFileSync } from 'node:fs';
import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/docs/docs-contract.ts';

/** Put beside the bundle by infra/docs-script.ts. It is 4 MB of text, so it is kept, and sent, compressed. */
const script = new URL('scalar.js.gz', import.meta.url);
let kept: Uint8Array | undefined;

/** GET /docs/scalar.js. Every browser that can run it can unpack it. */
export const readDocsScript = operation(contracts.readDocsScript, async () => {
  kept ??= readFileSync(script);
  return {
    status: 200,
    content: { type: 'text/javascript; charset=utf-8', data: kept },
    headers: { 'content-encoding': 'gzip', 'cache-control': 'public, max-age=86400' },
  };
});
