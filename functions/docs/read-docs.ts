import { operation } from '#functions/http/door.ts';
import * as contracts from '#shared/docs/docs-contract.ts';

/** Nothing is loaded from, or told to, anybody else: no fonts, no telemetry, no proxy, no assistant. */
const configuration = {
  url: '/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  persistAuth: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  metaData: { title: 'Tandem API' },
  operationTitleSource: 'summary',
  orderSchemaPropertiesBy: 'preserve',
};

const attribute = (value: unknown): string =>
  JSON.stringify(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** Scalar takes the script element named `api-reference`, which is never run, for its settings; so no script stands in the page itself. */
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tandem API</title>
<link rel="icon" href="data:,">
</head>
<body>
<noscript><p>This page needs JavaScript. The same in one file: <a href="/openapi.json">openapi.json</a></p></noscript>
<script id="api-reference" type="application/json" data-configuration="${attribute(configuration)}"></script>
<script src="/docs/scalar.js"></script>
</body>
</html>
`;

/** Scalar sets styles on elements as it goes; scripts and requests stay on our own origin. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** GET /docs */
export const readDocs = operation(contracts.readDocs, async () => ({
  status: 200,
  content: { type: 'text/html; charset=utf-8', data: page },
  headers: { 'content-security-policy': policy, 'cache-control': 'public, max-age=300' },
}));
