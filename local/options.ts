import { Command, InvalidArgumentError, Option } from 'commander';

export interface LaptopOptions {
  readonly port: number;
  readonly ephemeral: boolean;
  readonly empty: boolean;
  readonly program: string;
  /** Milliseconds. */
  readonly clock: number | undefined;
  readonly reset: boolean;
}

const parsePort = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('A port is a number from 0 (any free one) to 65535.');
  }
  return port;
};

const parseInstant = (text: string): number => {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('An instant looks like 2024-06-01T00:00:00Z.');
  return at;
};

/** Options of `npm start`, each also an environment variable. Ends the process with a sentence when one is wrong. */
export const readOptions = (argv: readonly string[]): LaptopOptions => {
  const command = new Command('npm start --')
    .description('Serves Tandem on this machine: the deployed templates, on the real database engine.')
    .addOption(new Option('--port <number>', 'port of the API').env('TANDEM_PORT').default(3000).argParser(parsePort))
    .addOption(new Option('--ephemeral', 'keep nothing: database in memory').env('TANDEM_EPHEMERAL').default(false))
    .addOption(new Option('--empty', 'the program only, no sample partners').env('TANDEM_EMPTY').default(false))
    .addOption(
      new Option('--program <file>', 'program to begin with').env('TANDEM_PROGRAM').default('examples/program.yaml'),
    )
    .addOption(
      new Option('--clock <instant>', 'where time starts (default: now)').env('TANDEM_CLOCK').argParser(parseInstant),
    )
    .addOption(new Option('--reset', 'forget what earlier starts kept').env('TANDEM_RESET').default(false))
    .allowExcessArguments(false)
    .parse([...argv]);
  const { clock, ...options } = command.opts<Omit<LaptopOptions, 'clock'> & { clock?: number }>();
  return { ...options, clock };
};
