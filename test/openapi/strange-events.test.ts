import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  anything,
  ask,
  askedBy,
  bound,
  exampleOf,
  mostWereRead,
  mustName,
  pathOf,
  patient,
  prepare,
  withBody,
} from './ask-badly.ts';
import { refusedIn } from './faults.ts';
import { bodySchemaOf, resolved } from './schemas.ts';

beforeAll(prepare);
afterAll(mostWereRead);

/** Members that the document does not know, by the spoiling that adds them; and what is no object at all. */
const addedBy: Readonly<Record<string, string>> = {
  '__proto__ as a name': '#/__proto__',
  'constructor as a name': '#/constructor',
  'an empty name': '#/',
  'a number beyond all': '#/n',
  'a number of a thousand digits': '#/n',
  'a list of it': '#',
  'a text of it': '#',
};

/** Ways to write a right body so that no reader may trust it, and ways to break it. */
const spoilings: Readonly<Record<string, (json: string) => string>> = {
  'a name that stands twice': (json) => json.replace(/^\{("[^"]+"):/, '{$1:null,$1:'),
  'a name that stands twice, once escaped': (json) =>
    json.replace(
      /^\{"(.)([^"]*)":/,
      (all, first: string, rest: string) =>
        `{"\\u${first.charCodeAt(0).toString(16).padStart(4, '0')}${rest}":1,${all.slice(1)}`,
    ),
  '__proto__ as a name': (json) => json.replace(/^\{/, '{"__proto__":{"role":"admin"},'),
  'constructor as a name': (json) => json.replace(/^\{/, '{"constructor":{"prototype":{"role":"admin"}},'),
  'an empty name': (json) => json.replace(/^\{/, '{"":1,'),
  'a number beyond all': (json) => json.replace(/^\{/, '{"n":1e999999,'),
  'a number of a thousand digits': (json) => json.replace(/^\{/, `{"n":${'7'.repeat(1000)},`),
  'nesting of a thousand levels': (json) => json.replace(/^\{/, `{"n":${'['.repeat(1000)}${']'.repeat(1000)},`),
  'half of a character': (json) => json.replace(/^\{/, '{"n":"\\udead",'),
  'a byte order mark': (json) => `\ufeff${json}`,
  'a comment': (json) => `${json}// done`,
  'a comma too many': (json) => json.replace(/\}$/, ',}'),
  NaN: (json) => json.replace(/^\{/, '{"n":NaN,'),
  'single quotes': (json) => json.replaceAll('"', "'"),
  'two documents': (json) => `${json}\n${json}`,
  'half of it': (json) => json.slice(0, json.length / 2),
  'a list of it': (json) => `[${json}]`,
  'a text of it': (json) => JSON.stringify(json),
  'more than is taken': (json) => json.replace(/^\{/, `{"n":"${'x'.repeat(300_000)}",`),
};

const bytes: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-16': (text) => Buffer.from(text, 'utf16le'),
  'Latin-1 with a stray byte': (text) => Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff, 0xc0])]),
};

const mediaTypes = [
  'application/json',
  'APPLICATION/JSON ; charset="utf-8"',
  'application/json; charset=utf-16',
  'application/json;;;',
  'application/json, text/plain',
  'application/jsonx',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  '*/*',
  '',
  ' ',
  'x'.repeat(8000),
];

const oddTexts = [
  '',
  ' ',
  '*',
  '0',
  '-1',
  '"1"',
  'W/"1"',
  '"1","2"',
  '"99999999999"',
  '\u0000',
  'é',
  'a,b',
  '%00',
  'null',
  'x'.repeat(4000),
];
const oddNames = [
  'if-match',
  'if-none-match',
  'idempotency-key',
  'accept',
  'accept-encoding',
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'authorization',
  'cookie',
  'host',
  'origin',
  'x-forwarded-for',
  'x-http-method-override',
  'x-amzn-trace-id',
  '__proto__',
  'constructor',
  '',
];
const oddHeaders = fc.dictionary(fc.constantFrom(...oddNames), fc.oneof(fc.constantFrom(...oddTexts), fc.string()), {
  maxKeys: 6,
});

const encodings = [
  '%2e%2e%2f',
  '..%2f..',
  '%00',
  '%',
  '%zz',
  '%C3%28',
  'a%2Fb',
  '%252e',
  '..',
  '.',
  'a/b',
  'a b',
  'a+b',
  'ptr_#',
  '__proto__',
  'constructor',
  '\ud800',
  '\u202e',
  '🏢',
  'x'.repeat(3000),
  '',
  ' ',
  '$default',
  'event#00000001',
  '*',
];

/** The ETag of a thing as it was read. */
const isVersion = (text: string): boolean => /^(W\/)?"\d{1,9}"$/.test(text.trim());

/** No answer is a fault of ours. What is refused is refused in words, which `ask` holds against the document. */
const isAnswered = (status: number): void => {
  expect(status).toBeGreaterThanOrEqual(200);
  expect(status).toBeLessThan(500);
};

describe('when events are strange', () => {
  test(
    'then texts that are almost JSON, in any bytes, are refused',
    async () => {
      const how = fc.tuple(fc.constantFrom(...Object.keys(spoilings)), fc.constantFrom(...Object.keys(bytes)));
      const property = fc.asyncProperty(askedBy(withBody), how, async ([operation, caller], [spoiling, coding]) => {
        const json = spoilings[spoiling]?.(JSON.stringify(exampleOf(operation))) ?? '';
        const body = bytes[coding]?.(json).toString('base64') ?? '';
        const headers = { 'content-type': 'application/json' };
        const told = await ask(operation, { caller, headers, ifMatch: 1 }, { body, isBase64Encoded: true });
        // An application and an evaluation name criteria freely, but not these.
        expect([400, 403, 404, 413, 422]).toContain(told.status);
        const added = addedBy[spoiling];
        const { additionalProperties } = resolved(bodySchemaOf(operation) ?? {});
        if (added === '#' || (added && additionalProperties === false)) mustName(told, [added]);
      });
      await fc.assert(property, bound);
    },
    patient,
  );

  test(
    'then media types and headers that are anything at all are no fault of ours',
    async () => {
      const mediaType = fc.option(fc.constantFrom(...mediaTypes));
      const property = fc.asyncProperty(
        askedBy(anything),
        mediaType,
        oddHeaders,
        async ([operation, caller], media, odd) => {
          const headers = { ...odd, ...(media === null ? {} : { 'content-type': media }) };
          const told = await ask(operation, { caller, body: exampleOf(operation) }, { headers });
          isAnswered(told.status);
          const version = odd['if-match'];
          if (version !== undefined && !isVersion(version)) mustName(told, ['#/headers/If-Match']);
        },
      );
      await fc.assert(property, bound);
    },
    patient,
  );

  test(
    'then shapes that the gateway can send are no fault of ours',
    async () => {
      const shape = fc.record(
        {
          body: fc.constantFrom(undefined, '', '{}', 'e30=', '=', Buffer.from('{}').toString('base64url')),
          isBase64Encoded: fc.boolean(),
          headers: fc.constantFrom({}, undefined, { 'content-type': 'application/json', accept: 'a, b' }),
          cookies: fc.constantFrom([], ['a=b'], ['', '__proto__=1; x']),
          rawPath: fc.constantFrom('/prod/v1/deals', '//v1//deals', '/v1/deals/', '/V1/DEALS', '/%76%31/deals', ''),
          rawQueryString: fc.constantFrom('', '&&&', 'limit=1&limit=2', '%', 'a=%00'),
          queryStringParameters: fc.constantFrom(
            undefined,
            {},
            { limit: '1,2' },
            { '': '' },
            { limit: '' },
            { cursor: 'AAAA' },
          ),
          stageVariables: fc.constantFrom(undefined, {}, { stage: 'prod' }),
          pathParameters: fc.constantFrom(undefined, {}, { proxy: 'v1/deals' }, { partnerId: 'a', dealId: 'b' }),
        },
        { requiredKeys: [] },
      );
      const property = fc.asyncProperty(askedBy(anything), shape, async ([operation, caller], bent) => {
        // What is undefined is left out, as the gateway leaves it out.
        const told = await ask(operation, { caller, body: exampleOf(operation) }, bent as object);
        isAnswered(told.status);
        const { pathParameters, queryStringParameters } = bent;
        if ('pathParameters' in bent) mustName(told, refusedIn(operation, 'path', pathParameters ?? {}));
        if ('queryStringParameters' in bent) mustName(told, refusedIn(operation, 'query', queryStringParameters ?? {}));
      });
      await fc.assert(property, bound);
    },
    patient,
  );

  test(
    'then ids in paths and queries in any writing name nothing, and break nothing',
    async () => {
      const writing = fc.constantFrom(...encodings);
      const property = fc.asyncProperty(
        askedBy(anything),
        writing,
        writing,
        async ([operation, caller], id, filter) => {
          const bent = {
            pathParameters: pathOf(operation, id),
            queryStringParameters: { partnerId: filter, subject: filter, statusToken: filter, cursor: filter },
          };
          const known = Object.keys(pathOf(operation, id)).length > 0;
          const bend = known
            ? { pathParameters: bent.pathParameters }
            : { queryStringParameters: bent.queryStringParameters };
          const { status } = await ask(operation, { caller, body: exampleOf(operation), ifMatch: 1 }, bend);
          isAnswered(status);
          // Only strangers' routes and reads without filters have anything to say here.
          if (known) expect([400, 403, 404]).toContain(status);
        },
      );
      await fc.assert(property, bound);
    },
    patient,
  );
});
