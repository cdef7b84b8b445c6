import { type Answer, operation } from '#functions/http/door.ts';
import { notFound } from '#shared/core/errors.ts';
import * as contracts from '#shared/program/program-contract.ts';
import { viewProgram } from '#shared/program/program-contract.ts';
import { findProgramAt } from '#shared/program/program-store.ts';

/** GET /v1/program: the rules in force, open to the world. */
export const getProgram = operation(contracts.getProgram, async ({ now }): Promise<Answer> => {
  const inForce = await findProgramAt(now);
  if (!inForce) throw notFound();
  return { status: 200, body: viewProgram(inForce), version: inForce.version };
});
