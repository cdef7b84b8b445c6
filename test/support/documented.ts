import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '#functions/docs/openapi.ts';
import type { Reply } from './call.ts';

interface Header {
  readonly $ref?: string;
  readonly required?: boolean;
}
interface Response {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

/** Made once in each worker, when the first answer comes; a schema is compiled when something is held against it for the first time. */
export const document = openApiDocument();
export const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

const step = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

// The document was made from our routes: every path has its methods, and every operation its responses.
const paths = document.paths as unknown as Record<string, Record<string, { responses: Record<string, Response> }>>;
const headers = document.components?.headers as unknown as Record<string, Header>;

const isRequired = ({ $ref, required }: Header): boolean =>
  required ?? headers[$ref?.split('/').at(-1) ?? '']?.required ?? false;

const faultsOf = (validate: ValidateFunction | undefined, value: unknown): readonly string[] => {
  if (!validate) return ['has no schema'];
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath || 'the body', message, JSON.stringify(params)].join(' '),
  );
};

/** Every way in which an answer is not what the OpenAPI document says of its operation: status, media type, body, headers. */
export const undocumented = (routeKey: string, { status, text, body, headers: sent }: Reply): readonly string[] => {
  const [method = '', path = ''] = routeKey.split(' ');
  const response = paths[path]?.[method.toLowerCase()]?.responses[status];
  if (!response) return [`the status ${status} (${text.slice(0, 300)})`];
  const names = new Set(Object.keys(sent).map((name) => name.toLowerCase()));
  const missing = Object.entries(response.headers ?? {})
    .filter(([name, header]) => isRequired(header) && !names.has(name.toLowerCase()))
    .map(([name]) => `the header ${name} is missing`);
  if (!response.content) return text === '' ? missing : [...missing, 'a body where none is'];
  const media = sent['content-type']?.split(';')[0] ?? 'none';
  if (!Object.hasOwn(response.content, media)) return [...missing, `the media type ${media}`];
  const where = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', media, 'schema'];
  const validate = ajv.getSchema(`openapi#/${where.map(step).join('/')}`);
  return [...missing, ...faultsOf(validate, media.endsWith('json') ? body : text)];
};
