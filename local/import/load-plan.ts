import { existsSync } from 'node:fs';
import * as z from 'zod';
import { type Api, askAll, connectApi } from '#local/import/api-client.ts';
import { ImportError } from '#local/import/import-error.ts';
import { openJournal, setAside } from '#local/import/journal.ts';
import { isLaptop, type Laptop, laptopOf } from '#local/import/laptop.ts';
import { managerOf, onboardPartners } from '#local/import/onboard-partners.ts';
import { type Plan, planHash } from '#local/import/plan.ts';
import type { Effort } from '#local/import/print-report.ts';
import { checkProgram, type ProgramInForce, readProgramInForce } from '#local/import/program-in-force.ts';
import type { Progress } from '#local/import/progress.ts';
import { type Report, reportOf } from '#local/import/report.ts';
import { type Execution, runPlan } from '#local/import/run-plan.ts';

const DealStatus = z.object({ id: z.string(), status: z.string() });

/** Measured on two cores: more at once does not make the database engine any faster. */
const defaultWidth = 16;

export interface Loading {
  readonly url: string;
  readonly planFor: (program: ProgramInForce) => Plan;
  /** Named in the advice when another program is in force. */
  readonly programFile: string;
  readonly journalFile: string;
  readonly width?: number;
  readonly progress: Progress;
  readonly beforeMoment?: Execution['beforeMoment'];
}

interface System {
  readonly api: Api;
  readonly laptop: Laptop;
}

async function signInAnyManager({ laptop }: System, plan: Plan): Promise<string> {
  const [partner] = plan.partners;
  if (!partner)
    throw new ImportError('The plan has no partners.', 'Give the folder of a CRM export with sales agents.');
  return laptop.signIn(managerOf(partner.manager));
}

/** A laptop that was started empty again knows none of the journal's deals: then the journal is of a system that is gone. */
async function openOwnJournal(system: System, plan: Plan, { journalFile, url, progress }: Loading) {
  const header = { plan: planHash(plan), source: plan.source, url };
  const journal = openJournal(journalFile, header);
  const sample = journal.entries().find((entry) => entry.deal !== undefined);
  if (!sample) return journal;
  const token = await signInAnyManager(system, plan);
  const answer = await system.api.send({ method: 'GET', path: `/v1/deals/${sample.deal}`, token });
  if (answer.status !== 404) return journal;
  journal.close();
  progress.note(
    `The journal ${journalFile} is of a system that is gone; it is kept as ${setAside(journalFile)}, and the import begins anew.`,
  );
  return openJournal(journalFile, header);
}

async function dealStatuses(system: System, plan: Plan): Promise<ReadonlyMap<string, string>> {
  const token = await signInAnyManager(system, plan);
  const deals = await askAll(system.api, { method: 'GET', path: '/v1/deals', token }, DealStatus);
  return new Map(deals.map((deal) => [deal.id, deal.status]));
}

/** Loads a whole plan into a laptop, from the partners to the last close, and reports. Safe to repeat; throws ImportError. */
export async function loadPlan(loading: Loading): Promise<{ readonly report: Report; readonly effort: Effort }> {
  const { url, progress, width = defaultWidth, beforeMoment } = loading;
  const startedMs = performance.now();
  const api = connectApi(url);
  const system = { api, laptop: laptopOf(api) };
  const program = await readProgramInForce(api);
  const plan = loading.planFor(program);
  checkProgram(program, plan, loading.programFile);
  await system.laptop.freeze();
  const resumed = existsSync(loading.journalFile);
  const journal = await openOwnJournal(system, plan, loading);
  if (resumed && journal.entries().length > 0)
    progress.note(`Going on from ${loading.journalFile}: ${journal.entries().length} steps are done.`);
  try {
    progress.note(`${plan.partners.length} partners apply, are approved and accept their agreement`);
    const partnerIds = await onboardPartners({ ...system, plan }, width);
    const onMoment = ({ done, of, at }: { done: number; of: number; at: string }) =>
      progress.tick(`${at.slice(0, 10)}  day ${done + 1} of ${of}`);
    await runPlan({ ...system, plan, journal, partnerIds, width, onMoment, beforeMoment });
    const report = reportOf(plan, { find: journal.find, dealStatuses: await dealStatuses(system, plan) });
    return { report, effort: { requests: api.requestCount(), seconds: (performance.now() - startedMs) / 1000 } };
  } finally {
    journal.close();
  }
}

/** Whether this address can be loaded by moving its clock; throws ImportError when nobody answers there. */
export const canMoveTime = (url: string): Promise<boolean> => isLaptop(connectApi(url));
