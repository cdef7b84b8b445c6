import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startAwsServices } from './aws/aws-services.ts';
import { createMail } from './aws/mail.ts';
import { createSignIns } from './aws/sign-ins.ts';
import { createDueIndex } from './clock/due-index.ts';
import { createSystemClock } from './clock/system-clock.ts';
import { createTimeTravel } from './clock/time-travel.ts';
import type { Closing } from './closing.ts';
import { createControl } from './control/control.ts';
import { startPage } from './control/start-page.ts';
import { startDynamoDb } from './dynamodb.ts';
import { freePort } from './free-port.ts';
import { type FrontDoor, startFrontDoor } from './front-door.ts';
import { functionEnvironment } from './function-environment.ts';
import { createFunctions } from './functions/functions.ts';
import { createGateway } from './gateway/gateway.ts';
import { type Person, startIdentity } from './identity/identity.ts';
import { type LaptopFiles, openLaptopFiles } from './laptop-files.ts';
import type { LaptopOptions } from './options.ts';
import { startS3 } from './s3/s3.ts';
import { createStatesEngine } from './states/states-engine.ts';
import { startStreams } from './stream/streams.ts';
import { synthesize } from './synthesize.ts';
import { activityTableOf, createTables, programTableOf } from './tables.ts';
import { readCloud } from './template/cloud.ts';
import { readSystem, type SystemDescription } from './template/system.ts';

export interface Laptop {
  /** Where requests are served, such as `http://localhost:3000`. */
  readonly url: string;
  /** Loads all functions, so that first requests are as quick as later ones. */
  readonly warm: () => Promise<void>;
}

interface Site {
  readonly root: string;
  readonly files: LaptopFiles;
  readonly door: FrontDoor;
  readonly options: LaptopOptions;
  readonly closing: Closing;
}

/** What our own stores do here as well as in functions: the program to begin with, and records of who asks for tokens. */
const openRecords = async (database: string, system: SystemDescription) => {
  // The stores find their table as they do in a function, so they are loaded once that stands in the environment.
  Object.assign(process.env, { PROGRAM_TABLE: programTableOf(system.tables), AWS_ENDPOINT_URL_DYNAMODB: database });
  const [{ publishFirstProgram }, { ensurePersonRecord }] = await Promise.all([
    import('./first-program.ts'),
    import('./person-records.ts'),
  ]);
  return { publishFirstProgram, ensurePersonRecord };
};

/** What is there before the templates are known: the engine, identity, mail, and the time. */
const startGround = async ({ root, files, door, options, closing }: Site) => {
  const folder = files.file('ddb');
  const clock = createSystemClock({ file: files.file('clock.json'), start: options.clock ?? Date.now() });
  const iso = (): string => new Date(clock.now()).toISOString();
  const mail = createMail({ file: files.file('mailbox.ndjson'), now: iso });
  const signIns = createSignIns(files.file('sign-ins.json'));
  const records = Promise.withResolvers<Awaited<ReturnType<typeof openRecords>>>();
  const ensureRecord = async (person: Person): Promise<string> =>
    (await records.promise).ensurePersonRecord(person, iso());
  const engine = startDynamoDb({ runFolder: files.runFolder, ...(folder !== undefined && { folder }) });
  const provider = startIdentity({ file: files.file, signIns, portalUrl: () => door.url, ensureRecord });
  const [database, services, identity, app] = await Promise.all([
    closing.after(engine, ({ stop }) => stop()),
    closing.after(startAwsServices(mail, signIns), ({ close }) => close()),
    closing.after(provider, ({ close }) => close()),
    synthesize(root),
  ]);
  const system = readSystem(readCloud(app, { issuer: identity.issuer, api: door.url, secret: files.secret }));
  const dynamodb = new DynamoDBClient({ endpoint: database.endpoint });
  closing.add(() => dynamodb.destroy());
  await createTables(dynamodb, system.tables);
  const opened = await openRecords(database.endpoint, system);
  records.resolve(opened);
  await opened.publishFirstProgram(options.program, iso());
  identity.serve(system.clientId);
  return { clock, mail, database, services, identity, system, dynamodb };
};

type Ground = Awaited<ReturnType<typeof startGround>>;

/** The functions of the template, the engine of its workflows and its buckets, which know each other. */
const startWork = async ({ files, door, closing }: Site, { clock, system, database, services }: Ground) => {
  const opening = startS3({
    buckets: system.buckets,
    rules: system.eventRules,
    file: files.file,
    invoke: (functionArn, event) => functions.invoke(functionArn, event),
    now: () => new Date(clock.now()).toISOString(),
    portal: door.url,
  });
  const s3 = await closing.after(opening, ({ close }) => close());
  const port = await freePort();
  const functions = createFunctions({
    descriptions: system.functions,
    environment: functionEnvironment({
      dynamodb: database.endpoint,
      stepFunctions: `http://127.0.0.1:${port}`,
      s3: s3.endpoint,
      services: services.endpoint,
      portal: door.url,
    }),
    log: files.log,
  });
  closing.add(functions.close);
  const engine = createStatesEngine({
    databasePath: files.file('states.sqlite') ?? ':memory:',
    now: clock.now,
    invoke: functions.invoke,
    machines: system.machines,
  });
  closing.add(() => engine.close());
  await engine.listen(port);
  s3.resume();
  return { functions, engine, s3 };
};

/** What happens by itself: the streams, what is due, and what the schedules say. */
const startTime = async ({ files, closing }: Site, ground: Ground, work: Awaited<ReturnType<typeof startWork>>) => {
  const { clock, system, database, dynamodb } = ground;
  const { functions, engine, s3 } = work;
  const { invoke, failures } = functions;
  const dues = createDueIndex();
  for (const table of system.tables) await dues.fill(dynamodb, table);
  const { observe } = dues;
  const { endpoint } = database;
  const reading = startStreams({ mappings: system.streamMappings, endpoint, invoke, observe, file: files.file });
  const streams = await closing.after(reading, ({ stop }) => stop());
  functions.onEnded(streams.wake);
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== functions.started() || functions.running() > 0; ) {
      before = functions.started();
      await functions.settled();
      await engine.idle();
      await s3.settled();
      await streams.drained();
    }
  };
  const { schedules } = system;
  const { drained, deadLetters } = streams;
  const firing = { clock, dues, deadlines: engine, schedules, invoke, failures };
  const timeTravel = createTimeTravel({ ...firing, quiet, drained });
  closing.add(timeTravel.stop);
  timeTravel.start();
  return { timeTravel, deadLetters };
};

/**
 * The whole system on this machine, served from the templates that would be deployed from `root`. What is started is noted in
 * `closing`, whether or not this succeeds.
 */
export const startLaptop = async (root: string, options: LaptopOptions, closing: Closing): Promise<Laptop> => {
  const door = await startFrontDoor(options.port);
  const files = openLaptopFiles({ root, ...options, port: new URL(door.url).port });
  closing.add(() => files.log.end());
  const site = { root, files, door, options, closing };
  const ground = await startGround(site);
  const work = await startWork(site, ground);
  const { timeTravel, deadLetters } = await startTime(site, ground, work);
  const { clock, identity, mail, system } = ground;
  const { functions, s3 } = work;
  const { issueToken, issuer } = identity;
  const reserved = new Map(system.functions.map((each) => [each.arn, each.reservedConcurrency]));
  const gateway = createGateway({
    routes: system.routes,
    invoke: functions.invoke,
    now: clock.now,
    reservedFor: (functionArn) => reserved.get(functionArn),
  });
  const mailbox = () => mail.messages;
  const control = createControl({
    clock,
    timeTravel,
    functions,
    issueToken,
    mailbox,
    deadLetters: () => [...deadLetters, ...s3.deadLetters],
    database: {
      endpoint: ground.database.endpoint,
      table: programTableOf(system.tables),
      activityTable: activityTableOf(system.tables),
    },
  });
  door.open(async (message, response) => {
    if (message.url?.startsWith('/local/')) return control(message, response);
    if (message.url !== '/' || message.method !== 'GET') return gateway(message, response);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(startPage(issuer));
  });
  closing.add(door.close);
  return { url: door.url, warm: functions.warm };
};
