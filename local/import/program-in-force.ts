import * as z from 'zod';
import { type Api, ask } from '#local/import/api-client.ts';
import { ImportError } from '#local/import/import-error.ts';
import type { Plan } from '#local/import/plan.ts';

const Named = z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]);

/** As much of the program as a plan depends on. */
const Program = z.object({
  version: z.union([z.string(), z.number()]),
  currency: z.string(),
  regions: z.array(Named),
  partnerTypes: z.array(Named),
  productLines: z.array(z.object({ id: z.string() })),
});
export type ProgramInForce = z.infer<typeof Program>;

export const readProgramInForce = (api: Api): Promise<ProgramInForce> =>
  ask(api, { method: 'GET', path: '/v1/program' }, Program);

const missing = (what: string, wanted: Iterable<string>, there: readonly string[]): readonly string[] => {
  const lacking = [...new Set(wanted)].filter((one) => !there.includes(one));
  return lacking.length === 0 ? [] : [`${what} ${lacking.sort().join(', ')}`];
};

/** Throws ImportError when the plan names what the program in force does not have: nearly all rows would be refused. */
export function checkProgram(program: ProgramInForce, plan: Plan, programFile: string): void {
  const lines = program.productLines.map(({ id }) => id);
  const faults = [
    ...missing(
      'product lines',
      plan.registrations.map((one) => one.productLine),
      lines,
    ),
    ...missing(
      'regions',
      plan.partners.map((one) => one.region),
      program.regions,
    ),
    ...missing(
      'partner types',
      plan.partners.flatMap((one) => one.types),
      program.partnerTypes,
    ),
    ...missing('currency', [plan.currency], [program.currency]),
  ];
  if (faults.length === 0) return;
  throw new ImportError(
    `The program in force (version ${program.version}) lacks ${faults.join('; ')}.`,
    `Start the system with the program these rows run under: npm start -- --ephemeral --empty --program ${programFile} --clock 2024-06-01T00:00:00Z`,
  );
}
