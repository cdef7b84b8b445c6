import { spawn } from 'node:child_process';

/** Runs the CDK's command line as a person would, and waits. Throws when it says no. */
export const runCdk = (...options: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('cdk', [...options, '--no-notices'], {
      stdio: 'inherit',
      env: { ...process.env, CDK_DISABLE_CLI_TELEMETRY: '1' },
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`cdk ${options[0]} ended with ${code}; what it printed says why.`));
    });
  });
