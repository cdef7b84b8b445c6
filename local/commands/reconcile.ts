import { Command } from 'commander';
import { type Fault, tellFault } from '#shared/ledger/fault.ts';
import { openReconciliation, type Verdict } from '#shared/ledger/reconciliation.ts';
import { runCommand } from './run-command.ts';
import { type ItemSource, sourceOptions, storedItems } from './stored-items.ts';

const look = async (source: ItemSource): Promise<Verdict> => {
  const reconciliation = openReconciliation();
  for await (const item of storedItems(source)) reconciliation.take(item);
  return reconciliation.judge();
};

/** A table may change while it is read, and what was read may not fit together: there, only what two looks find is a fault. */
const lasting = async (first: Verdict, source: ItemSource): Promise<readonly Fault[]> => {
  if (first.faults.length === 0 || source.file !== undefined) return first.faults;
  const again = (await look(source)).faults.map(tellFault);
  return first.faults.filter((fault) => again.includes(tellFault(fault)));
};

const command = new Command('npm run reconcile --').description(
  'Holds everything that is stored against its history: books, balances, statements and chains (I1 to I4 and I8 of QUALITY.md). Changes nothing.',
);
for (const option of sourceOptions) command.addOption(option);
command.action(async (source: ItemSource) => {
  const verdict = await look(source);
  const faults = await lasting(verdict, source);
  for (const fault of faults) console.log(tellFault(fault));
  const what = `${verdict.events} events with ${verdict.journals} journals, as of ${verdict.asOf || 'never'}`;
  console.log(faults.length === 0 ? `All is well: ${what}.` : `${faults.length} faults in ${what}.`);
  if (faults.length > 0) process.exitCode = 1;
});

await runCommand(command);
