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

/** The example program, a bonus for each of two milestones of adoption, and a share of usage. */
export const aProgramWithReports = (): Program => {
  const program = aProgram();
  const rules = ['hundred-users', 'thousand-users'].map((milestone) => ({
    id: `success-${milestone}`,
    name: `Customer success: ${milestone}`,
    kind: 'bonus' as const,
    per: 'milestone' as const,
    milestone,
    percent: 2,
  }));
  const share = {
    id: 'usage-share',
    name: 'Share of usage',
    kind: 'rev-share' as const,
    per: 'usage' as const,
    direction: 'to-partner' as const,
    percent: 10,
  };
  const { incentives } = program;
  return { ...program, incentives: { ...incentives, rules: [...incentives.rules, ...rules, share] } };
};

/** Puts a program into the table, the first one as if it had been in force for ever. */
export const publish = async (program: Program, from: { version?: number; at?: string } = {}): Promise<void> => {
  const { version: number = 1, at = '2000-01-01T00:00:00.000Z' } = from;
  const version = {
    id: 'program',
    status: 'published',
    version: number,
    head: '',
    createdAt: at,
    updatedAt: at,
    effectiveFrom: at,
    changes: [],
    sourceHash: '',
    writeId: '',
    bodyHash: '',
  };
  const key = `version#${String(number).padStart(5, '0')}`;
  const put = (sk: string, kind: string, fields: Record<string, unknown>) =>
    documents.send(
      new PutCommand({ TableName: process.env.PROGRAM_TABLE, Item: { pk: 'program', sk, kind, ...fields } }),
    );
  await put(key, 'program-version', version);
  await put(`${key}#rules`, 'program-rules', { rules: JSON.stringify(program) });
};
