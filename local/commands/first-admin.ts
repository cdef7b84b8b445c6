import { Command } from 'commander';
import * as z from 'zod';
import { makeFirstAdmin } from './make-first-admin.ts';

const command = new Command('npm run first-admin --')
  .description(
    'Invites the first administrator of a new stage. Which account and region is the SDK’s usual environment.',
  )
  .requiredOption('--table <name>', 'the program table')
  .requiredOption('--email <address>', 'who is invited, and gets a mail with a password to change')
  .allowExcessArguments(false)
  .parse();

const Options = z.strictObject({ table: z.string(), email: z.email() });

try {
  const { table, email } = Options.parse(command.opts());
  process.env.PROGRAM_TABLE = table;
  const { id } = await makeFirstAdmin(email, new Date().toISOString());
  console.log(`${email} is invited as ${id}; the mail comes within a minute.`);
} catch (error) {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
