import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { openChainAudit } from '#shared/ledger/chains.ts';
import { tellFault } from '#shared/ledger/fault.ts';
import { Root, rootBroken } from '#shared/ledger/roots.ts';
import { runCommand } from './run-command.ts';
import { type ItemSource, sourceOptions, storedItems } from './stored-items.ts';

const command = new Command('npm run verify-audit --')
  .description(
    'Checks the chain of every history: no event edited, missing, added or moved. With the roots that were published each day, also that none was cut off or made anew.',
  )
  .argument('[file]', 'what `npm run backup -- export` wrote; nothing else is needed')
  .option('--roots <files...>', 'roots/<day>.json of the audit bucket');
for (const option of sourceOptions) command.addOption(option);
command.action(async (file: string | undefined, options: ItemSource & { readonly roots?: readonly string[] }) => {
  const { roots = [], ...source } = options;
  const chains = openChainAudit();
  for await (const item of storedItems(file === undefined ? source : { ...source, file })) chains.take(item);
  const faults = [...chains.faults()];
  for (const path of roots) faults.push(...rootBroken(Root.parse(JSON.parse(await readFile(path, 'utf8'))), chains));
  for (const fault of faults) console.log(tellFault(fault));
  const what = `${chains.eventCount()} events of ${chains.heads().length} things, ${roots.length} roots`;
  console.log(faults.length === 0 ? `Nobody touched them: ${what}.` : `${faults.length} faults in ${what}.`);
  if (faults.length > 0) process.exitCode = 1;
});

await runCommand(command);
