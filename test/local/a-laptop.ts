import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { quickToStart } from '#test/support/laptop.ts';

export interface RunningLaptop {
  /** Such as `http://localhost:3000`. */
  readonly url: string;
  /** Resolves when the process has ended, to its exit code or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Ends it as Ctrl-C does. */
  readonly stop: () => Promise<number | string>;
  /** What it printed so far. */
  readonly output: () => string;
}

/** Starts the whole laptop in a process of its own, on a free port unless one is given. Throws with its output when it ends first. */
export const startLaptopProcess = async (...options: readonly string[]): Promise<RunningLaptop> => {
  const { AWS_ENDPOINT_URL_DYNAMODB: _engine, PROGRAM_TABLE: _table, ...env } = process.env;
  const port = options.includes('--port') ? [] : ['--port', '0'];
  const child = spawn(process.execPath, ['local/start.ts', ...port, ...options], { env: { ...quickToStart, ...env } });
  let output = '';
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const ready = new Promise<string>((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      output += chunk.toString();
      const [, url] = /^ready (\S+)$/m.exec(output) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void ended.then((code) => reject(new Error(`The laptop ended with ${code}: ${output}`)));
  });
  return {
    url: await ready,
    ended,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    output: () => output,
  };
};

/** Sends JSON to the laptop and answers what it says. */
export const tell = async (url: string, path: string, body?: object): Promise<{ status: number; body: unknown }> => {
  const response = await fetch(`${url}${path}`, body && { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text && JSON.parse(text) };
};
