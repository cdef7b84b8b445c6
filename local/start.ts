import { join } from 'node:path';
import { startLaptop } from './laptop.ts';
import { readOptions } from './options.ts';

// Lambda's time zone is UTC; what a function prints or parses must not depend on where this machine stands.
process.env.TZ = 'UTC';
// Requests to the engines here are not signed for anyone, but the SDK insists on a region and credentials.
process.env.AWS_REGION ??= 'eu-central-1';
process.env.AWS_ACCESS_KEY_ID ??= 'local';
process.env.AWS_SECRET_ACCESS_KEY ??= 'local';

const root = join(import.meta.dirname, '..');

try {
  const laptop = await startLaptop(root, readOptions(process.argv));
  console.log(`ready ${laptop.url}`);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await laptop.stop();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  await laptop.warm();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
