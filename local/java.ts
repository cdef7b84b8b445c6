import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { JavaCaller } from 'java-caller';

/** DynamoDB Local is compiled for this version and refuses to start on an older one. */
const minimumJavaVersion = 17;

const installCommands: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'sudo apt-get install -y openjdk-17-jre-headless',
  darwin: 'brew install openjdk@17',
  win32: 'winget install EclipseAdoptium.Temurin.17.JRE',
};

/** The major version that `java -version` tells, or 0 when there is no such program. It answers on the error stream. */
const majorVersion = (executable: string): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(executable, ['-version'], { stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true });
    let answer = '';
    child.stderr.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    child.on('error', () => resolve(0));
    child.on('close', () => resolve(Number(/version "(\d+)/.exec(answer)?.[1] ?? 0)));
  });

/** java-caller keeps what it fetched in the home folder, says what it is doing, and finds it again the next time. */
const fetchedRuntime = async (): Promise<string> => {
  const caller = new JavaCaller({ minimumJavaVersion, maximumJavaVersion: 21, javaType: 'jre', mainClass: 'none' });
  const { childJavaProcess } = await caller.run([], { javaArgs: ['-version'] });
  const executable = childJavaProcess?.spawnfile.replaceAll('"', '') ?? '';
  if ((await majorVersion(executable)) < minimumJavaVersion) throw new Error('the fetched runtime does not start');
  return executable;
};

/** Path of a Java of version 17 or later that is on this machine already. */
export const findInstalledJava = async (): Promise<string | undefined> => {
  const { JAVA_HOME } = process.env;
  const candidates = [...(JAVA_HOME ? [join(JAVA_HOME, 'bin', 'java')] : []), 'java'];
  for (const candidate of candidates) {
    if ((await majorVersion(candidate)) >= minimumJavaVersion) return candidate;
  }
  return undefined;
};

/**
 * Path of a Java of version 17 or later: the one of JAVA_HOME, the one on the PATH, or one fetched for this purpose.
 * Throws one sentence that says what to install when none can be had.
 */
export const findJava = async (): Promise<string> => {
  const installed = await findInstalledJava();
  if (installed) return installed;
  console.log(`No Java ${minimumJavaVersion} or later on this machine: fetching a runtime, once …`);
  try {
    return await fetchedRuntime();
  } catch (error) {
    const command = installCommands[process.platform] ?? 'the installer of adoptium.net';
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The database engine needs Java ${minimumJavaVersion} or later, and fetching one failed (${reason}). Install it with: ${command}`,
    );
  }
};
