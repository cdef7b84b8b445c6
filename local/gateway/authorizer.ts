import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { account, region } from '#local/template/cloud.ts';
import type { AuthorizerDescription } from '#local/template/system.ts';

/** The gateway's own answers carry the gateway's own words. */
export type Refusal = 'Unauthorized' | 'Forbidden' | 'Internal Server Error';
export type Verdict = { readonly context: Readonly<Record<string, unknown>> } | { readonly refusal: Refusal };

export interface AuthorizerOptions {
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  /** The system's time in milliseconds: how long an answer is kept is something a rule sees. */
  readonly now: () => number;
}

const SimpleAnswer = z.looseObject({
  isAuthorized: z.boolean(),
  context: z.record(z.string(), z.unknown()).default({}),
});

/** Two entries a caller at most matter; what is beyond this many is forgotten, oldest first. */
const maximumCached = 1000;

/** A Lambda authorizer with simple answers, kept as long as the template says, under the identity that was shown. */
export const createAuthorizers = ({ invoke, now }: AuthorizerOptions) => {
  const cache = new Map<string, { readonly until: number; readonly verdict: Promise<Verdict> }>();

  const ask = async (functionArn: string, event: unknown): Promise<Verdict> => {
    try {
      const { isAuthorized, context } = SimpleAnswer.parse(await invoke(functionArn, event));
      return isAuthorized ? { context } : { refusal: 'Forbidden' };
    } catch (error) {
      const unauthorized = error instanceof Error && error.message === 'Unauthorized';
      return { refusal: unauthorized ? 'Unauthorized' : 'Internal Server Error' };
    }
  };
  const remember = (key: string, cacheSeconds: number, verdict: Promise<Verdict>): void => {
    if (cacheSeconds === 0) return;
    cache.delete(key);
    cache.set(key, { until: now() + cacheSeconds * 1000, verdict });
    const [oldest] = cache.keys();
    if (cache.size > maximumCached && oldest !== undefined) cache.delete(oldest);
    // A fault is no answer: the next request asks again.
    void verdict.then((answer) => {
      if ('refusal' in answer && answer.refusal === 'Internal Server Error') cache.delete(key);
    });
  };
  return async (authorizer: AuthorizerDescription, event: APIGatewayProxyEventV2): Promise<Verdict> => {
    const identitySource = authorizer.identityHeaders.map((name) => event.headers[name]);
    // Without an identity the gateway refuses by itself and never asks.
    if (identitySource.some((value) => !value)) return { refusal: 'Unauthorized' };
    const key = JSON.stringify([authorizer.functionArn, ...identitySource]);
    const cached = cache.get(key);
    if (cached && cached.until > now()) return cached.verdict;
    const { body: _body, isBase64Encoded: _encoded, ...rest } = event;
    const { method, path } = event.requestContext.http;
    const verdict = ask(authorizer.functionArn, {
      ...rest,
      type: 'REQUEST',
      routeArn: `arn:aws:execute-api:${region}:${account}:local/$default/${method}${path}`,
      identitySource,
    });
    remember(key, authorizer.cacheSeconds, verdict);
    return verdict;
  };
};
