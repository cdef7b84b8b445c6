import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startAwsServices } from './aws/aws-services.ts';
import { createMail } from './aws/mail.ts';
import { createSignIns } from './aws/sign-ins.ts';
import { createDueIndex } from './clock/due-index.ts';
import { createSystemClock } from './clock/system-clock.ts';
import { createTimeTravel } from './clock/time-travel.ts';
import { createControl } from './control/control.ts';
import { startPage } from './control/start-page.ts';
import { startDynamoDb } from './dynamodb.ts';
import { type FrontDoor, startFrontDoor } from './front-door.ts';
import { functionEnvironment } from './function-environment.ts';
import { createFunctions } from './functions/functions.ts';
import { createGateway } from './gateway/gateway.ts';
import { startIdentity } from './identity/identity.ts';
import { type LaptopFiles, openLaptopFiles } from './laptop-files.ts';
import type { LaptopOptions } from './options.ts';
import { createRecordKeeper } from './record-keeper.ts';
import { createStatesEngine } from './states/states-engine.ts';
import { startStreams } from './stream/streams.ts';
import { synthesize } from './synthesize.ts';
import { createTables } from './tables.ts';
import { readCloud } from './template/cloud.ts';
import { readSystem, type SystemDescription } from './template/system.ts';

export interface Laptop {
  /** Where requests are served, such as `http://localhost:3000`. */
  readonly url: string;
  readonly logFile: string;
  /** Loads all functions, so that first requests are as quick as later ones. */
  readonly warm: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Site {
  readonly root: string;
  readonly files: LaptopFiles;
  readonly door: FrontDoor;
  readonly options: LaptopOptions;
}

/** What is there before the templates are known: the engine, identity, mail, and the time. */
const startGround = async ({ root, files, door, options }: Site) => {
  const folder = files.file('ddb');
  const clock = createSystemClock({ file: files.file('clock.json'), start: options.clock ?? Date.now() });
  const iso = (): string => new Date(clock.now()).toISOString();
  const mail = createMail({ file: files.file('mailbox.ndjson'), now: iso });
  const signIns = createSignIns(files.file('sign-ins.json'));
  const records = createRecordKeeper(iso);
  const [database, services, identity, app] = await Promise.all([
    startDynamoDb({ runFolder: files.runFolder, ...(folder !== undefined && { folder }) }),
    startAwsServices(mail, signIns),
    startIdentity({ file: files.file, signIns, portalUrl: () => door.url, ensureRecord: records.ensure }),
    synthesize(root),
  ]);
  const places = { issuer: identity.issuer, api: door.url, secret: files.secret };
  const system = readSystem(readCloud(app, places));
  const dynamodb = new DynamoDBClient({ endpoint: database.endpoint });
  await createTables(dynamodb, system.tables);
  const programTable = system.tables[0]?.name ?? '';
  records.use(dynamodb, programTable);
  // The stores that the functions use are used here too, and find their table the same way.
  Object.assign(process.env, { PROGRAM_TABLE: programTable, AWS_ENDPOINT_URL_DYNAMODB: database.endpoint });
  const { publishFirstProgram } = await import('./first-program.ts');
  await publishFirstProgram(options.program, iso());
  identity.serve(system.clientId);
  return { clock, mail, database, services, identity, system, dynamodb };
};

/** What the templates describe: functions, workflows, streams and the passing of time. */
const startSystem = async (files: LaptopFiles, door: FrontDoor, ground: Awaited<ReturnType<typeof startGround>>) => {
  const { clock, system, database, services, dynamodb } = ground;
  const engine = createStatesEngine({
    databasePath: files.file('states.sqlite') ?? ':memory:',
    now: clock.now,
    invoke: (functionArn, payload) => functions.invoke(functionArn, payload),
    machines: system.machines,
  });
  const { url } = await engine.listen(0);
  const functions = createFunctions({
    descriptions: system.functions,
    environment: functionEnvironment({
      dynamodb: database.endpoint,
      stepFunctions: url,
      services: services.endpoint,
      portal: door.url,
    }),
    log: files.log,
  });
  const dues = createDueIndex();
  for (const table of system.tables) await dues.fill(dynamodb, table);
  const streams = await startStreams({
    mappings: system.streamMappings,
    endpoint: database.endpoint,
    invoke: functions.invoke,
    observe: dues.observe,
    file: files.file,
  });
  functions.onEnded(streams.wake);
  const quiet = async (): Promise<void> => {
    for (let before = -1; before !== functions.started() || functions.running() > 0; ) {
      before = functions.started();
      await functions.settled();
      await engine.idle();
      await streams.drained();
    }
  };
  const { drained } = streams;
  const timeTravel = createTimeTravel({
    clock,
    dues,
    deadlines: engine,
    schedules: system.schedules,
    invoke: functions.invoke,
    quiet,
    drained,
  });
  return { engine, functions, streams, timeTravel };
};

const openDoor = (
  door: FrontDoor,
  ground: Awaited<ReturnType<typeof startGround>>,
  running: Awaited<ReturnType<typeof startSystem>>,
): void => {
  const { clock, identity, mail } = ground;
  const { routes }: SystemDescription = ground.system;
  const { functions, timeTravel, streams } = running;
  const gateway = createGateway({ routes, invoke: functions.invoke, now: clock.now });
  const control = createControl({
    clock,
    timeTravel,
    functions,
    issueToken: identity.issueToken,
    mailbox: () => mail.messages,
    deadLetters: () => streams.deadLetters,
  });
  const page = startPage(identity.issuer);
  door.open(async (message, response) => {
    if (message.url?.startsWith('/local/')) return control(message, response);
    if (message.url !== '/' || message.method !== 'GET') return gateway(message, response);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
};

/** The whole system on this machine, served from the templates that would be deployed from `root`. */
export const startLaptop = async (root: string, options: LaptopOptions): Promise<Laptop> => {
  const door = await startFrontDoor(options.port);
  const files = openLaptopFiles({ root, ...options, port: new URL(door.url).port });
  const ground = await startGround({ root, files, door, options });
  const running = await startSystem(files, door, ground);
  openDoor(door, ground, running);
  running.timeTravel.start();
  return {
    url: door.url,
    logFile: files.logFile,
    warm: running.functions.warm,
    stop: async () => {
      await door.close();
      await running.timeTravel.stop();
      await running.streams.stop();
      await running.engine.close();
      await running.functions.close();
      await Promise.all([ground.services.close(), ground.identity.close()]);
      ground.dynamodb.destroy();
      await ground.database.stop();
      files.log.end();
    },
  };
};
