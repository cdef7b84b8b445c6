import { log } from '#shared/platform/logger.ts';

/** Does some work, and answers what it wrote to the terminal, which is where the log goes. */
export const logged = async <Result>(work: () => Promise<Result>): Promise<{ result: Result; lines: string }> => {
  const real = process.stdout.write;
  let lines = '';
  // Encoding and callback are of no use here.
  process.stdout.write = ((text: string | Uint8Array) => {
    lines += String(text);
    return true;
  }) as typeof process.stdout.write;
  log.setLogLevel('INFO');
  try {
    return { result: await work(), lines };
  } finally {
    log.setLogLevel('SILENT');
    process.stdout.write = real;
  }
};
