import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { WireItem } from './expressions.ts';
import { openLine, type SentRequest } from './hazardous-line.ts';
import { createMortalWorker, type MortalWorker } from './mortal-worker.ts';
import { type Prng, prngOf } from './prng.ts';
import type { SentMail, StoredItem } from './recording.ts';
import { recordOf } from './stream-pump.ts';
import type { Outcome } from './worker-process.ts';

/**
 * The stream, the workflow and the schedules over Amazon's engine, with workers that are processes of their own: they are killed,
 * frozen and thawed before their requests arrive, or before the answers are back.
 */
interface Execution {
  readonly name: string;
  readonly input: { readonly subjectId: string; readonly approvalId: string; readonly attempt: number };
  state: 'Ask' | 'FollowUp' | 'NeedsAttention' | 'ended';
  phase: 'ready' | 'waiting';
  token: string;
  tries: number;
  /** How often it was asked, by processes that lived and that did not. */
  asked: number;
}

export interface RealWorld {
  /** Follows every event and takes every step until nothing is left to do. */
  readonly settle: () => Promise<void>;
  readonly runSchedule: (schedule: 'sweep' | 'recover') => Promise<void>;
  readonly items: () => Promise<readonly StoredItem[]>;
  readonly unfinished: () => readonly { name: string; approvalId: string; state: string }[];
  readonly started: () => readonly string[];
  readonly mails: readonly SentMail[];
  readonly excuses: ReadonlyMap<string, number>;
  readonly signIns: ReadonlyMap<string, 'enabled' | 'disabled'>;
  readonly suffered: { readonly killed: number; readonly frozen: number };
  /** From now on nobody dies. */
  readonly calm: () => void;
  readonly end: () => void;
}

const mostTries = 6;
const probability = 0.05;
/** A process takes half a second to start. */
const mostStrikes = 10;

/** The services beside the table. */
const createServices = (mails: SentMail[], signIns: Map<string, 'enabled' | 'disabled'>) => {
  const executions = new Map<string, Execution>();
  const answer = (token: string) => {
    const found = [...executions.values()].find((each) => each.token === token);
    if (!found) return { exception: 'TaskDoesNotExist' };
    if (found.state !== 'Ask') return { exception: 'TaskTimedOut' };
    Object.assign(found, { state: 'FollowUp', phase: 'ready', tries: 0 });
    return { answer: {} };
  };
  const serve = ({ operation, text }: SentRequest, about: string) => {
    const body = JSON.parse(text);
    switch (operation) {
      case 'StartExecution': {
        if (executions.has(body.name)) return { exception: 'ExecutionAlreadyExists' };
        const fresh = { state: 'Ask', phase: 'ready', token: '', tries: 0, asked: 0 } as const;
        executions.set(body.name, { name: body.name, input: JSON.parse(body.input), ...fresh });
        return { answer: { executionArn: body.name, startDate: 0 } };
      }
      case 'SendTaskSuccess':
        return answer(body.taskToken);
      case 'SendEmail': {
        const { Subject, Body } = body.Content.Simple;
        mails.push({ about, to: body.Destination.ToAddresses, text: `${Subject.Data}\n\n${Body.Text.Data}` });
        return { answer: { MessageId: String(mails.length) } };
      }
      case 'AdminCreateUser':
        if (signIns.has(body.Username)) return { exception: 'UsernameExistsException' };
        signIns.set(body.Username, 'enabled');
        return { answer: { User: { Username: body.Username } } };
      default:
        throw new Error(`Nobody answers ${operation}.`);
    }
  };
  return { executions, serve };
};

/** What becomes of whoever sends a request, by chance. */
const createHazards = (prng: Prng, workerOf: () => MortalWorker | undefined) => {
  const suffered = { killed: 0, frozen: 0 };
  const excuses = new Map<string, number>();
  let mailKey = '';
  let calm = false;
  const strike = async (): Promise<boolean> => {
    const enough = suffered.killed + suffered.frozen >= mostStrikes;
    if (calm || enough || !workerOf()?.isAtWork() || !prng.chance(probability)) return true;
    excuses.set(mailKey, (excuses.get(mailKey) ?? 0) + 1);
    if (prng.chance(0.6)) {
      suffered.killed += 1;
      workerOf()?.kill();
      return false;
    }
    suffered.frozen += 1;
    await workerOf()?.freeze();
    return true;
  };
  const before = ({ operation, text }: SentRequest): Promise<boolean> => {
    const [, pk, sk] = /"pk":\{"S":"([^"]+)"\},"sk":\{"S":"(mail#\d+)"\}/.exec(text) ?? [];
    if (operation === 'BatchGetItem' && pk) mailKey = `${pk}\n${sk}`;
    return strike();
  };
  const after = async (): Promise<void> => {
    await strike();
  };
  const rest = (): void => {
    calm = true;
  };
  return { before, after, rest, suffered, excuses, mailKey: () => mailKey };
};

const failedIn = (outcome: Outcome): string | undefined => {
  if ('error' in outcome) return outcome.error;
  const { batchItemFailures = [] } = (outcome.value ?? {}) as { batchItemFailures?: unknown[] };
  return batchItemFailures.length > 0 ? 'It could not be followed.' : undefined;
};

export const openRealWorld = async (
  seed: number,
  about: { readonly start: readonly WireItem[]; readonly now: () => string },
): Promise<RealWorld> => {
  const client = new DynamoDBClient({});
  const TableName = process.env.PROGRAM_TABLE ?? '';
  for (const Item of about.start) await client.send(new PutItemCommand({ TableName, Item: { ...Item } }));
  const scan = async (): Promise<readonly WireItem[]> =>
    (await client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];

  const mails: SentMail[] = [];
  const signIns = new Map<string, 'enabled' | 'disabled'>();
  const { executions, serve } = createServices(mails, signIns);
  let worker: MortalWorker | undefined;
  const hazards = createHazards(prngOf(seed), () => worker);
  const engine = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';
  const { server, url } = await openLine(engine, {
    before: hazards.before,
    after: hazards.after,
    serve: (request) => serve(request, hazards.mailKey()),
  });
  const services = ['DYNAMODB', 'SFN', 'SESV2', 'COGNITO_IDENTITY_PROVIDER'];
  const endpoints = Object.fromEntries(services.map((name) => [`AWS_ENDPOINT_URL_${name}`, url]));
  const running = createMortalWorker({ ...process.env, ...endpoints });
  worker = running;

  const followed = new Set(about.start.map((item) => `${item.pk?.S} ${item.sk?.S}`));
  let tokens = 0;

  /** The first event of each subject that nobody has followed. */
  const nextEvent = async (): Promise<WireItem | undefined> =>
    (await scan())
      .filter((item) => item.sk?.S?.startsWith('event#') && !followed.has(`${item.pk?.S} ${item.sk.S}`))
      .toSorted((a, b) => ((a.sk?.S ?? '') < (b.sk?.S ?? '') ? -1 : 1))[0];

  const follow = async (event: WireItem): Promise<void> => {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const outcome = await running.run(() => ({ worker: 'on-stored-change', event: { Records: [recordOf(event)] } }));
      if (failedIn(outcome) === undefined) {
        followed.add(`${event.pk?.S} ${event.sk?.S}`);
        return;
      }
    }
    throw new Error(`Nobody could follow ${event.pk?.S} ${event.sk?.S}.`);
  };

  const step = async (execution: Execution): Promise<void> => {
    const { state, input } = execution;
    const outcome = await running.run(() => {
      if (state === 'FollowUp') return { worker: state, event: input };
      const at = about.now();
      if (state === 'NeedsAttention') return { worker: state, event: { ...input, error: 'Failed', cause: '', at } };
      // As Step Functions does it: a step that is tried again has a new token.
      tokens += 1;
      execution.token = `token-${tokens}`;
      const retry = execution.asked;
      execution.asked += 1;
      return { worker: 'Ask', event: { ...input, retry, taskToken: execution.token, at } };
    });
    if (execution.state !== state) return;
    execution.tries += 1;
    const failed = failedIn(outcome) !== undefined;
    if (failed && execution.tries < mostTries) return;
    if (failed) Object.assign(execution, { state: state === 'NeedsAttention' ? 'ended' : 'NeedsAttention', tries: 0 });
    else if (state === 'Ask') execution.phase = 'waiting';
    else execution.state = 'ended';
  };

  const settle = async (): Promise<void> => {
    for (;;) {
      const event = await nextEvent();
      if (event) await follow(event);
      const ready = [...executions.values()].find(({ phase, state }) => phase === 'ready' && state !== 'ended');
      if (ready) await step(ready);
      if (!event && !ready) return;
    }
  };

  return {
    settle,
    runSchedule: async (schedule) => {
      await running.run(() => ({ worker: 'sweep', event: { schedule, time: about.now() } }));
      await settle();
    },
    items: async () => (await scan()).map((item) => unmarshall({ ...item }) as StoredItem),
    unfinished: () =>
      [...executions.values()]
        .filter(({ state }) => state !== 'ended')
        .map(({ name, state, phase, input }) => ({ name, approvalId: input.approvalId, state: `${state} ${phase}` })),
    started: () => [...executions.keys()],
    mails,
    excuses: hazards.excuses,
    signIns,
    suffered: hazards.suffered,
    calm: hazards.rest,
    end: () => {
      running.end();
      server.close();
      server.closeAllConnections();
    },
  };
};
