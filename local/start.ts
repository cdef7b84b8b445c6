import { join } from 'node:path';
import { createClosing } from './closing.ts';
import { startLaptop } from './laptop.ts';
import { readOptions } from './options.ts';
import { addSamplePartners } from './sample-partners.ts';

// Lambda's time zone is UTC; what a function prints or parses must not depend on where this machine stands.
process.env.TZ = 'UTC';
// Requests to the engines here are not signed for anyone, but the SDK insists on a region and credentials.
process.env.AWS_REGION ??= 'eu-central-1';
process.env.AWS_ACCESS_KEY_ID ??= 'local';
process.env.AWS_SECRET_ACCESS_KEY ??= 'local';

const root = join(import.meta.dirname, '..');

const closing = createClosing();

const end = async (code: number): Promise<void> => {
  await closing.close();
  process.exit(code);
};

const options = readOptions(process.argv);
const starting = startLaptop(root, options, closing);

let ending = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    // What is just being started is ended when it is there, so that no child stays behind.
    await starting.catch(() => undefined);
    await end(0);
  });
}

try {
  const laptop = await starting;
  if (!options.empty) await addSamplePartners(laptop.url);
  console.log(`ready ${laptop.url}`);
  if (!ending) await laptop.warm();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (!ending) await end(1);
}
