import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { serve } from './bad-line.ts';
import type { Request } from './fault.ts';
import { type Sent, sendShortly } from './short-line.ts';
import { callStripe } from './stripe-of-a-history.ts';
import { here } from './world.ts';

/**
 * The one wrapper under the SDK's clients, inside their retries. Requests outside of every history pass untouched.
 */
const services: Readonly<Record<string, Request['service']>> = {
  DynamoDB_20120810: 'dynamodb',
  AWSStepFunctions: 'states',
  AWSCognitoIdentityProviderService: 'cognito-idp',
};

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const textOf = (body: unknown): string =>
  typeof body === 'string' ? body : new TextDecoder().decode(body as Uint8Array);

const requestOf = (http: HttpRequest, label: string): Request => {
  const target = Object.entries(http.headers).find(([name]) => name.toLowerCase() === 'x-amz-target')?.[1];
  const [prefix = '', operation = 'SendEmail'] = target?.split('.') ?? [];
  return { service: services[prefix] ?? 'ses', operation, body: JSON.parse(textOf(http.body)), label };
};

type AnyClient = Pick<DynamoDBClient, 'middlewareStack' | 'config'>;

interface Served {
  readonly response: unknown;
  readonly output?: { readonly $metadata: object };
}

type Serve = (args: { readonly request: unknown }) => Promise<Served>;

const faulty = async (http: unknown, goOn: () => Promise<Served>): Promise<Served> => {
  const place = here.getStore();
  if (!place) return goOn();
  // By now the SDK has made an HTTP request of it.
  const request = requestOf(http as HttpRequest, place.invocation.label);
  return { response: {}, output: { ...(await serve(request, place)), $metadata: { httpStatusCode: 200 } } };
};

// It stands after serializing, where there is a request; the stack's own types do not tell that of a relative place.
const insideRetries = ((next: Serve) => (args: { readonly request: unknown }) =>
  faulty(args.request, () => next(args))) as unknown as Parameters<AnyClient['middlewareStack']['addRelativeTo']>[0];

const wrapped = new WeakSet<object>();

const wrap = (client: AnyClient): void => {
  if (wrapped.has(client)) return;
  wrapped.add(client);
  // One bucket of retries for all histories of a process would make one depend on the others.
  client.config.retryStrategy = async () => freshRetries();
  client.middlewareStack.use({
    applyToStack: (stack) =>
      client instanceof DynamoDBDocumentClient
        ? // Inside of what makes plain values of the wire's.
          stack.addRelativeTo(insideRetries, {
            relation: 'after',
            toMiddleware: 'DocumentUnmarshall',
            name: 'faults',
          })
        : stack.add((next) => async (args) => faulty(args.request, () => next(args)), {
            step: 'deserialize',
            name: 'faults',
            priority: 'high',
          }),
  });
};

const tries = 3;

const freshRetries = () => {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0, getRetryCost: () => 0 });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (
      before: { getRetryCount: () => number },
      { errorType }: { errorType: string },
    ) => {
      const count = before.getRetryCount() + 1;
      if (errorType === 'CLIENT_ERROR' || count >= tries) throw new Error('No retry is left.');
      return token(count);
    },
    recordSuccess: () => {},
  };
};

const wrapAllOf = (kind: { prototype: object }): void => {
  // Our own modules keep their clients to themselves; what they all have in common is how they send.
  const prototype = kind.prototype as { send: (...given: unknown[]) => unknown };
  const { send } = prototype;
  prototype.send = function (this: AnyClient, ...given) {
    wrap(this);
    const place = here.getStore();
    // Our code gives one command, and awaits the answer. What S3's client sends is no JSON: it always takes the short line.
    if (place && (place.world.line === 'short' || this instanceof S3Client))
      return sendShortly(this, given[0] as Sent, place);
    return send.apply(this, given);
  };
};

/** Whoever waits inside a history waits until the scheduler chooses it: no time passes, and the order is the seed's. */
const wrapTimers = (): void => {
  const real = globalThis.setTimeout;
  const parkOrWait = (work: (...given: unknown[]) => void, milliseconds?: number, ...given: unknown[]): unknown => {
    const place = here.getStore();
    if (!place) return real(work, milliseconds, ...given);
    void place.world.scheduler.park().then(() => {
      if (!place.invocation.isDead()) work(...given);
    });
    return { unref: () => {}, ref: () => {}, hasRef: () => false };
  };
  globalThis.setTimeout = Object.assign(parkOrWait, real) as unknown as typeof globalThis.setTimeout;
};

/** Whatever else is fetched inside a history, such as Amazon's answers to hold ours against, passes untouched. */
const wrapFetch = (): void => {
  const real = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const place = here.getStore();
    const isStripe = String(input).startsWith(process.env.STRIPE_URL ?? ' ');
    return place && isStripe ? callStripe(String(input), init, place) : real(input, init);
  };
};

/** Puts the wrapper under every AWS client of this process. */
export const wrapClients = (): void => {
  const kinds = [DynamoDBDocumentClient, DynamoDBClient, SFNClient, SESv2Client, CognitoIdentityProviderClient];
  for (const kind of [...kinds, S3Client]) wrapAllOf(kind);
  wrapTimers();
  wrapFetch();
};
