import type { Command } from 'commander';

/** Does what the command line asks. What goes wrong is told in one line, without a stack, and the command ends with 1. */
export const runCommand = async (command: Command): Promise<void> => {
  try {
    await command.parseAsync(process.argv);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
};
