import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import { askAll, codeOf, connectApi, readAnswer } from '#local/import/api-client.ts';
import { ImportError } from '#local/import/import-error.ts';
import { inLanes } from '#local/import/in-lanes.ts';
import { laneOf, type Plan, type Registration } from '#local/import/plan.ts';
import { checkProgram, readProgramInForce } from '#local/import/program-in-force.ts';
import type { Progress } from '#local/import/progress.ts';
import type { Counts } from '#local/import/report.ts';
import { registrationBody } from '#local/import/run-plan.ts';

const ActivePartner = z.object({ id: z.string(), company: z.object({ domain: z.string() }) });

export interface OpenRows {
  readonly url: string;
  readonly token: string | undefined;
  readonly plan: Plan;
  readonly programFile: string;
  /** Where the closed rows are filed: the API has no place for deals that ended before the program began. */
  readonly historyFile: string;
  /** The day from which open rows are still to be won: theirs in the data may be long past. */
  readonly expectedCloseDate: string;
  readonly progress: Progress;
}

const closedRowsOf = (plan: Plan): ReadonlySet<string> => new Set(plan.closes.map((close) => close.rowId));

function writeHistory(plan: Plan, file: string): void {
  const registrations = new Map(plan.registrations.map((one) => [one.rowId, one]));
  const rows = plan.closes.map((close) => ({
    opportunity: close.rowId,
    partner: close.partnerKey,
    customer: registrations.get(close.rowId)?.customer.companyName,
    product_line: registrations.get(close.rowId)?.productLine,
    engaged_at: registrations.get(close.rowId)?.at,
    closed_on: close.closedOn,
    outcome: close.result.outcome,
    value_minor: close.result.outcome === 'won' ? close.result.valueMinor : '',
    currency: plan.currency,
    not_registered_because: 'closed before the import',
  }));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, stringify(rows, { header: true, escape_formulas: true }));
}

/**
 * Into a system whose time cannot be moved: registers what is open, as staff for partners that are active, and files closed rows as
 * history. Repeating it is safe: each row has its idempotency key. Returns how many rows ended how. Throws ImportError.
 */
export async function loadOpenRows(options: OpenRows): Promise<Counts> {
  const { url, token, plan, progress } = options;
  if (!token) {
    throw new ImportError(
      `${url} is not a laptop, so its time cannot be moved and its tokens are its own.`,
      'Put a partner manager’s access token (or an API key with deals:write and partners:read) into TANDEM_TOKEN and run the same command again.',
    );
  }
  const api = connectApi(url);
  checkProgram(await readProgramInForce(api), plan, options.programFile);
  const active = await askAll(api, { method: 'GET', path: '/v1/partners?status=active', token }, ActivePartner);
  const idByDomain = new Map(active.map((partner) => [partner.company.domain, partner.id]));
  const idByKey = new Map(plan.partners.map((one) => [one.key, idByDomain.get(new URL(one.websiteUrl).host)]));
  const closed = closedRowsOf(plan);
  const counts: Record<string, number> = { 'closed, filed as history': closed.size };
  const register = async (one: Registration): Promise<string> => {
    const partner = plan.partners.find(({ key }) => key === one.partnerKey);
    const partnerId = idByKey.get(one.partnerKey);
    if (!partner || !partnerId) return 'waits: its partner is not active yet';
    const body = { ...registrationBody(plan, one, partner), partnerId, expectedCloseDate: options.expectedCloseDate };
    const request = {
      method: 'POST',
      path: '/v1/deals',
      token,
      body,
      idempotencyKey: `${plan.source}-open-${one.rowId}`,
    } as const;
    const answer = await api.send(request);
    if (answer.status === 409 || answer.status === 422) return `refused: ${codeOf(answer)}`;
    return readAnswer(request, answer, z.object({ status: z.string() })).status;
  };
  const open = plan.registrations.filter((one) => !closed.has(one.rowId));
  await inLanes(open, { width: 4, laneOf }, async (one) => {
    const outcome = await register(one);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    progress.tick(`${one.rowId}: ${outcome}`);
  });
  writeHistory(plan, options.historyFile);
  return counts;
}
