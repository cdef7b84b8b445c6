import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import {
  type DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documents } from '#shared/platform/table.ts';
import { answerAs } from './aws-services.ts';
import type { Fault, Request } from './fault.ts';
import { asOf, find, type Question } from './model-engine.ts';
import { here, type Invocation, type World } from './world.ts';

/**
 * The one wrapper under the SDK's clients, inside their retries. A request of a history stops here until the scheduler lets it go on,
 * then suffers what the seed says. Requests outside of every history pass untouched.
 */
type Body = Readonly<Record<string, unknown>>;

interface Here {
  readonly world: World;
  readonly invocation: Invocation;
}

const never = (): Promise<never> => new Promise(() => {});

/** As node tells that the other side has hung up; the SDK tries again. */
const hungUp = (): Error =>
  Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET', $metadata: {} });

const throttled = ({ service }: Request): Error =>
  service === 'dynamodb'
    ? new ProvisionedThroughputExceededException({ message: 'Too fast.', $metadata: { httpStatusCode: 400 } })
    : Object.assign(new Error('Rate exceeded'), {
        name: 'ThrottlingException',
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
      });

const cancelled = ({ body }: Request, code: string, position: number): Error => {
  const size = (body.TransactItems as readonly unknown[]).length;
  const CancellationReasons = Array.from({ length: size }, (_, at) => ({ Code: at === position ? code : 'None' }));
  const message = 'Transaction cancelled';
  return new TransactionCanceledException({ message, CancellationReasons, $metadata: { httpStatusCode: 400 } });
};

/** A BatchGet that leaves some of its keys for later. */
const partial = ({ engine }: World, body: Body, left: number): Body => {
  const [[name, asked] = ['', { Keys: [] as unknown[] }]] = Object.entries(
    body.RequestItems as Record<string, { Keys: unknown[] }>,
  );
  const count = Math.floor(left * (asked.Keys.length + 1));
  const answer = engine.send('BatchGetItem', { RequestItems: { [name]: { Keys: asked.Keys.slice(count) } } });
  return { ...answer, UnprocessedKeys: count > 0 ? { [name]: { Keys: asked.Keys.slice(0, count) } } : {} };
};

/** What the wire answers, as a value that can be compared. */
const outcomeOf = (work: () => Body): { readonly answer?: Body; readonly error?: unknown } => {
  try {
    return { answer: work() };
  } catch (error) {
    return { error };
  }
};

const land = async ({ world, invocation }: Here, request: Request): Promise<Body> => {
  if (request.service !== 'dynamodb') return answerAs(world, request, invocation.mailKey ?? '');
  const outcome = outcomeOf(() => world.engine.send(request.operation, request.body));
  world.pump.take(world.engine.commits);
  if (world.mirror) await world.scheduler.hold(world.mirror(request.operation, request.body, outcome));
  if (outcome.error) throw outcome.error;
  return outcome.answer ?? {};
};

const suffer = async (fault: Fault, request: Request, place: Here): Promise<Body> => {
  const { world, invocation } = place;
  const die = (): Promise<never> => {
    invocation.die();
    return never();
  };
  switch (fault) {
    case 'none':
      return land(place, request);
    case 'request-lost':
      throw hungUp();
    case 'answer-lost':
      await land(place, request).catch(() => {});
      throw hungUp();
    case 'lands-later':
      world.late.push(() => void land(place, request).catch(() => {}));
      throw hungUp();
    case 'throttled':
      throw throttled(request);
    case 'died-before':
      return die();
    case 'died-after':
      await land(place, request).catch(() => {});
      return die();
    default:
      break;
  }
  switch (fault.fault) {
    case 'cancelled':
      throw cancelled(request, fault.code, fault.position);
    case 'partial':
      return partial(world, request.body, fault.left);
    case 'stale-index': {
      const { engine } = world;
      const then = asOf(engine.items(), engine.commits, Math.max(0, engine.commits.length - fault.commits));
      // The wire's body of a Query is such a question.
      return find(request.body as unknown as Question, then);
    }
  }
};

/** The program is read once a minute by a whole process, so what one history reads of it depends on the others: it never fails. */
const isProgram = ({ operation, body }: Request): boolean =>
  (operation === 'Query' && JSON.stringify(body.ExpressionAttributeValues).includes('{"S":"program"}')) ||
  (operation === 'BatchGetItem' && JSON.stringify(body.RequestItems).includes('{"S":"program"}'));

/** A mail goes out twice only where its sender could not know, or could not note, that it went out. */
const noteExcuse = ({ operation, body }: Request, { world, invocation }: Here): void => {
  const notes = operation === 'TransactWriteItems' && JSON.stringify(body).includes('{"S":"mail#');
  if (operation !== 'SendEmail' && !notes) return;
  const about = invocation.mailKey ?? '';
  world.excuses.set(about, (world.excuses.get(about) ?? 0) + 1);
};

const noteMailKey = (request: Request, invocation: Invocation): void => {
  if (request.operation !== 'BatchGetItem') return;
  const [, pk, sk] = /"pk":\{"S":"([^"]+)"\},"sk":\{"S":"(mail#\d+)"\}/.exec(JSON.stringify(request.body)) ?? [];
  if (pk) invocation.mailKey = `${pk}\n${sk}`;
};

const serve = async (request: Request, place: Here): Promise<Body> => {
  const { world, invocation } = place;
  if (isProgram(request)) return world.engine.send(request.operation, request.body);
  if (invocation.isDead()) return never();
  await world.scheduler.park();
  if (invocation.isDead()) return never();
  noteMailKey(request, invocation);
  const fault = world.decide(request);
  world.counts.requests += 1;
  if (fault !== 'none') {
    world.counts.faulted += 1;
    noteExcuse(request, place);
  }
  return suffer(fault, request, place);
};

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
  // Nobody looks at signatures here, and they are a third of the work.
  client.middlewareStack.remove('httpSigningMiddleware');
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

/** Puts the wrapper under every AWS client of this process. */
export const wrapClients = (): void => {
  wrap(documents as unknown as AnyClient);
  for (const kind of [SFNClient, SESv2Client, CognitoIdentityProviderClient]) wrapAllOf(kind);
  wrapTimers();
};
