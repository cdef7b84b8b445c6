import { Command, Option } from 'commander';
import { type Language, languages } from '#shared/core/languages.ts';
import { formatMoney } from '#shared/core/money.ts';
import { statementOf } from '#shared/payouts/statement-of.ts';
import { nominalEnd, StatementPeriod, statementSpan } from '#shared/payouts/statement-period.ts';
import { replayStatement, statementDifferences } from '#shared/payouts/statement-replay.ts';
import { statementText } from '#shared/payouts/statement-text.ts';
import { viewStatement } from '#shared/payouts/statement-view.ts';
import { openPartnerRecords } from './partner-records.ts';
import { runCommand } from './run-command.ts';
import { type ItemSource, sourceOptions, storedItems } from './stored-items.ts';

interface Options extends ItemSource {
  readonly replay?: true;
  readonly language: Language;
}

const command = new Command('npm run statement --')
  .description(
    'Prints a partner’s statement of a month or a day, made from what is stored. With --replay it is made again from the events alone, as of its last day, and held against it and against the journals to the cent. Changes nothing.',
  )
  .argument('<partner>', 'id of the partner')
  .argument('<period>', 'a month or a day: 2026-10, 2026-10-14')
  .option('--replay', 'make it again from the events, and compare')
  .addOption(new Option('--language <language>').choices(languages).default('en'));
for (const option of sourceOptions) command.addOption(option);

command.action(async (partnerId: string, period: string, options: Options) => {
  const { data: name, error } = StatementPeriod.safeParse(period);
  if (name === undefined) throw new Error(`The period ${error?.issues[0]?.message}`);
  const records = openPartnerRecords(partnerId);
  for await (const item of storedItems(options)) records.take(item);
  const { name: partnerName, money, events, accountEnds, lastAt, programAt } = records.close();
  const program = programAt(nominalEnd(name));
  const span = statementSpan(name, program);
  // What is stored knows of nothing after its last event; holds go on ending, so a statement of the past is whole all the same.
  const now = lastAt > span.ends ? lastAt : span.ends;
  const { currency } = program;
  const account = statementOf(money, span, now);
  const accountEndsWith = accountEnds.get(account.statement?.payout.payeeVersion ?? 0);
  const told = { partnerId, partnerName, currency, span, language: options.language, accountEndsWith };
  for (const line of statementText(viewStatement(account, told))) console.log(line);
  if (!options.replay) return;
  const replayed = replayStatement(events, { partnerId, span, now });
  const differences = statementDifferences(account, replayed, currency);
  for (const difference of differences) console.log(`Differs: ${difference}.`);
  const closing = formatMoney({ amountMinor: replayed.account.closingMinor, currency });
  console.log(
    differences.length === 0
      ? `The same to the cent by ${events.length} events and their journals: closing balance ${closing}.`
      : `${differences.length} differences.`,
  );
  if (differences.length > 0) process.exitCode = 1;
});

await runCommand(command);
