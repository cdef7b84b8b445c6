import { readFileSync } from 'node:fs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '#shared/platform/table.ts';
import { parseProgram } from '#shared/program/parse-program.ts';
import type { Program } from '#shared/program/program.ts';

/** The example program, with what a test wants different. */
export const aProgram = (overrides: Partial<Program> = {}): Program => ({
  ...parseProgram(readFileSync('examples/program.yaml', 'utf8')),
  ...overrides,
});

/** Puts a program into the table as if it had been in force for ever. */
export const publish = async (program: Program): Promise<void> => {
  const at = '2000-01-01T00:00:00.000Z';
  const version = {
    id: 'program',
    status: 'published',
    version: 1,
    head: '',
    createdAt: at,
    updatedAt: at,
    effectiveFrom: at,
    changes: [],
    sourceHash: '',
    writeId: '',
    bodyHash: '',
  };
  const put = (what: string, fields: Record<string, unknown>) =>
    documents.send(
      new PutCommand({
        TableName: process.env.PROGRAM_TABLE,
        Item: { pk: 'program', sk: `${what}#00001`, kind: `program-${what}`, ...fields },
      }),
    );
  await put('version', version);
  await put('rules', { rules: program });
};
