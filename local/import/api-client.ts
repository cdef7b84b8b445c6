import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { ImportError } from '#local/import/import-error.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | null;
  /** In so many seconds it may be asked again (`Retry-After`). */
  readonly retryAfter?: number;
}

/** The real API over HTTP; it counts what it sends. */
export interface Api {
  readonly url: string;
  /** Throws ImportError when nobody answers, also after a few tries. Every answer that is not a passing one is handed back. */
  readonly send: (request: ApiRequest) => Promise<ApiAnswer>;
  readonly requestCount: () => number;
}

const Problem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
const Page = z.object({ data: z.array(z.unknown()), nextCursor: z.string().nullable() });

const attempts = 6;
const firstPauseMs = 50;

const problemOf = (answer: ApiAnswer) => Problem.safeParse(answer.body).data;

/** The `code` of a problem document, such as `deal.conflict`. */
export const codeOf = (answer: ApiAnswer): string => problemOf(answer)?.code ?? `http.${answer.status}`;

/** What will be gone in a moment: somebody else's write in flight, too many requests, a door that is being started. */
const isPassing = (answer: ApiAnswer): boolean =>
  answer.status === 429 || answer.status >= 500 || codeOf(answer) === 'idempotency.in_flight';

async function sendOnce(url: string, request: ApiRequest): Promise<ApiAnswer> {
  const headers = new Headers();
  if (request.body !== undefined) headers.set('content-type', 'application/json');
  if (request.token) headers.set('authorization', `Bearer ${request.token}`);
  if (request.idempotencyKey) headers.set('idempotency-key', request.idempotencyKey);
  if (request.ifMatch) headers.set('if-match', request.ifMatch);
  const body = request.body === undefined ? null : JSON.stringify(request.body);
  const response = await fetch(new URL(request.path, url), { method: request.method, headers, body });
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const text = await response.text();
  const told = { status: response.status, body: isJson ? JSON.parse(text) : text, etag: response.headers.get('etag') };
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isNaN(retryAfter) ? told : { ...told, retryAfter };
}

export function connectApi(url: string): Api {
  let count = 0;
  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    for (let attempt = 1; ; attempt += 1) {
      count += 1;
      const answer = await sendOnce(url, request).catch((error: unknown) => String(error));
      if (typeof answer !== 'string' && (!isPassing(answer) || attempt === attempts)) return answer;
      if (typeof answer === 'string' && attempt === attempts) {
        throw new ImportError(
          `Nobody answers at ${url} (${answer}).`,
          'Start the system with `npm start`, then run the same command again: it goes on where it was.',
        );
      }
      const asked = typeof answer === 'string' ? 0 : (answer.retryAfter ?? 0) * 1000;
      await sleep(Math.max(asked, firstPauseMs * 2 ** (attempt - 1)));
    }
  };
  return { url, send, requestCount: () => count };
}

/** Sends a request that has no business being refused, and reads its answer. Throws ImportError with the API's own words otherwise. */
export async function ask<T>(api: Api, request: ApiRequest, answer: z.ZodType<T>): Promise<T> {
  return readAnswer(request, await api.send(request), answer);
}

/** Reads an answer that was already received; throws ImportError unless it is a success of that shape. */
export function readAnswer<T>(request: ApiRequest, got: ApiAnswer, answer: z.ZodType<T>): T {
  const asked = `${request.method} ${request.path}`;
  if (got.status >= 300) {
    const problem = problemOf(got);
    const fields = (problem?.errors ?? []).map((error) => `${error.pointer}: ${error.detail}`);
    const words = [problem?.detail ?? JSON.stringify(got.body).slice(0, 300), ...fields].join('; ');
    throw new ImportError(
      `${asked} was answered ${got.status} ${codeOf(got)}: ${words}`,
      'Look at the terminal of the system. Once it is mended, the same command goes on where it was.',
    );
  }
  const parsed = answer.safeParse(got.body);
  if (parsed.success) return parsed.data;
  throw new ImportError(
    `${asked} was answered in an unknown shape: ${z.prettifyError(parsed.error)}`,
    'The importer and the system should be of the same version: update both.',
  );
}

/** All items of a list, page after page. */
export async function askAll<T>(api: Api, request: ApiRequest, item: z.ZodType<T>): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `${request.path}${request.path.includes('?') ? '&' : '?'}limit=100${query}`;
    const page: z.infer<typeof Page> = await ask(api, { ...request, path }, Page);
    items.push(...z.array(item).parse(page.data));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
