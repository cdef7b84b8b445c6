import { Command } from 'commander';
import * as z from 'zod';
import { makeFirstAdmin } from './make-first-admin.ts';
import { runCommand } from './run-command.ts';

const Options = z.strictObject({ table: z.string(), email: z.email() });

const command = new Command('npm run first-admin --')
  .description(
    'Invites the first administrator of a new stage. Which account and region is the SDK’s usual environment.',
  )
  .requiredOption('--table <name>', 'the program table')
  .requiredOption('--email <address>', 'who is invited, and gets a mail with a password to change')
  .action(async (given: unknown) => {
    const { data, error } = Options.safeParse(given);
    if (error) throw new Error(z.prettifyError(error));
    process.env.PROGRAM_TABLE = data.table;
    const { id } = await makeFirstAdmin(data.email, new Date().toISOString());
    console.log(`${data.email} is invited as ${id}; the mail comes within a minute.`);
  });

await runCommand(command);
