import { Command } from 'commander';
import { report } from './figure.ts';
import type { LoadOptions } from './load.ts';

const program = new Command('bench')
  .description('Measure what QUALITY.md says about speed and cost, as ratios in one run')
  .addHelpText(
    'after',
    '\nEnds with 1 when a figure is MISSED: worse than it must be; for load that includes broken invariants.',
  );

program
  .command('size')
  .description('bundles against the bare SDK')
  .action(async () => {
    const { measureSize } = await import('./size.ts');
    await report('size', await measureSize());
  });
program
  .command('cold')
  .description('CPU of a cold start against the bare SDK')
  .option('--rounds <n>', 'alternations', Number, 21)
  .action(async ({ rounds }: { rounds: number }) => {
    const { measureCold } = await import('./cold.ts');
    await report('cold', await measureCold(rounds));
  });

program
  .command('warm')
  .description('CPU of a warm registration against the usual stack')
  .option('--rounds <n>', 'alternations', Number, 5)
  .action(async ({ rounds }: { rounds: number }) => {
    const { measureWarm } = await import('./warm.ts');
    await report('warm', await measureWarm(rounds));
  });

program
  .command('ops')
  .description('requests and write units of each command')
  .action(async () => {
    const { startEngine } = await import('./engine.ts');
    const stop = await startEngine();
    try {
      const { measureOperations, opsFinding } = await import('./ops.ts');
      await report('ops', opsFinding(await measureOperations()));
    } finally {
      await stop();
    }
  });

program
  .command('workflows')
  .description('state transitions of an approval')
  .action(async () => {
    const { measureWorkflows } = await import('./workflows.ts');
    await report('workflows', await measureWorkflows());
  });
program
  .command('payout-run')
  .description(
    'a whole payout run of 1,000 and of 10,000 partners with 100 earnings each: requests, units, transitions, CPU',
  )
  .option('--partners <n...>', 'sizes, the smallest first', ['1000', '10000'])
  .action(async ({ partners }: { partners: readonly string[] }) => {
    const { measurePayoutRun } = await import('./payout-run.ts');
    await report('payout-run', await measurePayoutRun(partners.map(Number)));
  });
program
  .command('reconcile')
  .description('time and memory of reconciling 10,000 and 100,000 journals')
  .option('--rounds <n>', 'runs of each size', Number, 3)
  .action(async ({ rounds }: { rounds: number }) => {
    const { measureReconcile } = await import('./reconcile.ts');
    await report('reconcile', measureReconcile(rounds));
  });
program
  .command('score')
  .description('a scoring run over 10,000 and 100,000 partners of 200 facts, and what one over 1,000,000 would take')
  .option('--rounds <n>', 'runs of each size', Number, 3)
  .action(async ({ rounds }: { rounds: number }) => {
    const { startEngine } = await import('./engine.ts');
    const stop = await startEngine();
    try {
      const { measureScore } = await import('./score.ts');
      await report('score', await measureScore(rounds));
    } finally {
      await stop();
    }
  });

program
  .command('start')
  .description('npm start against the synthesis alone')
  .option('--rounds <n>', 'alternations', Number, 5)
  .action(async ({ rounds }: { rounds: number }) => {
    const { measureStart } = await import('./start.ts');
    await report('start', await measureStart(rounds));
  });
program
  .command('cost')
  .description('what 1,000 of every command cost at list prices; the table in .local/bench/cost.md')
  .action(async () => {
    const { startEngine } = await import('./engine.ts');
    const stop = await startEngine();
    // What its functions log would bury the table.
    process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
    try {
      const { measureCost } = await import('./cost.ts');
      await report('cost', await measureCost());
    } finally {
      await stop();
    }
  });

program
  .command('load')
  .description('what one machine holds, what it does at four times that, and whether everything is right afterwards')
  .option('--rate-limits <on|off>', "the functions' limits for each caller", 'off')
  .option('--seconds <n>', 'how long it is held', Number, 60)
  .option('--overload-seconds <n>', 'how long four times that is sent', Number, 20)
  .action(async (options: LoadOptions) => {
    const { measureLoad } = await import('./load.ts');
    await report(`load-${options.rateLimits}`, await measureLoad(options));
    // The laptop's workers would keep the process alive; it ends as `report` said.
    process.exit();
  });

await program.parseAsync();
