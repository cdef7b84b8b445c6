import { ProvisionedThroughputExceededException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { answerAs } from './aws-services.ts';
import type { WireItem } from './expressions.ts';
import type { Fault, Request } from './fault.ts';
import { asOf, find, type ModelEngine, type Question, scan } from './model-engine.ts';
import type { Invocation, World } from './world.ts';

/**
 * Where every request of a history ends, one try of it at a time: it stops until the scheduler lets it go on, then suffers what the
 * seed says.
 */
export type Body = Readonly<Record<string, unknown>>;

export interface Here {
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

/** Facts stand in a table of their own. */
const isOfFacts = ({ body }: Request): boolean =>
  body.TableName === process.env.ACTIVITY_TABLE ||
  Object.keys(body.RequestItems ?? {}).includes(process.env.ACTIVITY_TABLE ?? '');

const engineFor = (request: Request, { engine, facts }: World): ModelEngine => (isOfFacts(request) ? facts : engine);

/** A BatchGet that leaves some of its keys for later. */
const partlyRead = ({ engine }: World, body: Body, left: number): Body => {
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
  const outcome = outcomeOf(() => engineFor(request, world).send(request.operation, request.body));
  world.pump.take(world.engine.commits);
  world.factsPump?.take(world.engine.commits);
  while (world.factsAfter.length < world.facts.commits.length) world.factsAfter.push(world.engine.commits.length);
  if (world.mirror) await world.scheduler.hold(world.mirror(request.operation, request.body, outcome));
  if (outcome.error) throw outcome.error;
  return outcome.answer ?? {};
};

/** A BatchWrite that leaves some of its items for later. */
const partlyWritten = async (place: Here, request: Request, left: number): Promise<Body> => {
  const [[name, asked] = ['', []]] = Object.entries(request.body.RequestItems as Record<string, readonly unknown[]>);
  const count = Math.floor(left * asked.length);
  await land(place, { ...request, body: { RequestItems: { [name]: asked.slice(count) } } });
  return { UnprocessedItems: count > 0 ? { [name]: asked.slice(0, count) } : {} };
};

/** Of several conditions that failed, the answer names one: DynamoDB promises no more. */
const tersely = async (answer: Promise<Body>, chosen: number): Promise<Body> => {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons ?? [];
    const failed = reasons.filter(({ Code }) => Code !== 'None');
    const named = failed[Math.floor(chosen * failed.length)];
    const CancellationReasons = reasons.map((reason) => (reason === named ? reason : { Code: 'None' }));
    const { message, $metadata } = error;
    throw new TransactionCanceledException({ message, CancellationReasons, $metadata });
  }
};

/** Stripe remembers of a transfer that it came late: nobody can know of it what is not there yet. */
const asLate = (request: Request): Request =>
  request.service === 'stripe' ? { ...request, body: { ...request.body, isLate: true } } : request;

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
      world.late.push(() => void land(place, asLate(request)).catch(() => {}));
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
    case 'terse':
      return tersely(land(place, request), fault.chosen);
    case 'partial': {
      if (request.operation === 'BatchWriteItem') return partlyWritten(place, request, fault.left);
      return partlyRead(world, request.body, fault.left);
    }
    case 'stale': {
      const engine = engineFor(request, world);
      const then = asOf(engine.items(), engine.commits, Math.max(0, engine.commits.length - fault.commits));
      if (request.operation === 'Scan') return scan(request.body, then, engine.perPage);
      // The wire's body of a Query is such a question.
      return find(request.body as unknown as Question, then);
    }
  }
};

/** The program is read once a minute by a whole process, so what one history reads of it depends on the others: it never fails. */
const isProgram = ({ operation, body }: Request): boolean => {
  // The wire's bodies of a Query and of a BatchGet.
  if (operation === 'Query') {
    const { ExpressionAttributeValues: values = {} } = body as { ExpressionAttributeValues?: WireItem };
    return Object.values(values).some(({ S }) => S === 'program');
  }
  if (operation !== 'BatchGetItem') return false;
  const [asked] = Object.values(body.RequestItems as Record<string, { readonly Keys: readonly WireItem[] }>);
  return asked?.Keys.some(({ pk }) => pk?.S === 'program') ?? false;
};

/** A mail goes out twice only where its sender could not know, or could not note, that it went out. */
const noteExcuse = ({ operation, body }: Request, { world, invocation }: Here): void => {
  const notes = operation === 'TransactWriteItems' && JSON.stringify(body).includes('{"S":"mail#');
  if (operation !== 'SendEmail' && !notes) return;
  const about = invocation.mailKey ?? '';
  world.excuses.set(about, (world.excuses.get(about) ?? 0) + 1);
};

const noteMailKey = ({ operation, body }: Request, invocation: Invocation): void => {
  if (operation !== 'BatchGetItem') return;
  const [asked] = Object.values(body.RequestItems as Record<string, { readonly Keys: readonly WireItem[] }>);
  const mail = asked?.Keys.find(({ sk }) => sk?.S?.startsWith('mail#'));
  if (mail) invocation.mailKey = `${mail.pk?.S}\n${mail.sk?.S}`;
};

/** No function lives longer; what forgets, as Stripe does, or looks at the calendar, as runs of quarters do, makes a difference between a minute and a month. */
const lifetimeMs = 15 * 60_000;

/** Answers as the wire would, or throws what the SDK makes of its answer. */
export const serve = async (request: Request, place: Here): Promise<Body> => {
  const { world, invocation } = place;
  if (isProgram(request)) return world.engine.send(request.operation, request.body);
  if (invocation.isDead()) return never();
  await world.scheduler.park();
  if (invocation.isDead()) return never();
  const looksAtTime = request.service === 'stripe' || world.factsPump !== undefined;
  if (looksAtTime && world.nowMs() - invocation.begunMs > lifetimeMs) {
    noteExcuse(request, place);
    invocation.die();
    return never();
  }
  noteMailKey(request, invocation);
  const fault = world.decide(request, invocation);
  world.counts.requests += 1;
  if (fault !== 'none') {
    world.counts.faulted += 1;
    noteExcuse(request, place);
  }
  return suffer(fault, request, place);
};
