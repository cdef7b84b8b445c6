import type * as z from 'zod';
import { operation } from '#functions/http/door.ts';
import { listedPartner } from '#functions/http/listed-partner.ts';
import { byStaff, type Caller } from '#shared/core/caller.ts';
import type { Payout } from '#shared/payouts/payout.ts';
import * as contracts from '#shared/payouts/payout-contract.ts';
import { viewPayout } from '#shared/payouts/payout-contract.ts';
import { pageOfLines } from '#shared/payouts/run-lines-store.ts';
import { listRuns } from '#shared/payouts/run-store.ts';
import { listStatements, readStatements } from '#shared/payouts/statement-store.ts';
import { makeCursor, readCursor } from '#shared/platform/cursor.ts';

type Filter = Omit<z.infer<typeof contracts.listPayouts.query>, 'limit' | 'cursor'>;

interface Page {
  readonly payouts: readonly Payout[];
  readonly after: string | undefined;
}

interface List {
  readonly keep: (payout: Payout) => boolean;
  readonly after: string | undefined;
  readonly limit: number;
}

/** A partner has one for each month, and a few for single days. */
const ofPartner = async (partnerId: string, { keep, after, limit }: List): Promise<Page> => {
  const kept = (await listStatements(partnerId))
    .map(({ payout }) => payout)
    .filter((payout) => payout.version > 0 && keep(payout) && (after === undefined || payout.period < after))
    .sort((a, b) => (a.period < b.period ? 1 : -1));
  const payouts = kept.slice(0, limit);
  return { payouts, after: kept.length > limit ? payouts.at(-1)?.period : undefined };
};

/** In the order of the run's manifest; a page may be shorter than asked for although more follow. */
const ofRun = async (runId: string, { keep, after, limit }: List): Promise<Page> => {
  const page = await pageOfLines(runId, { after, limit });
  const statements = await readStatements(page.lines);
  return { payouts: statements.map(({ payout }) => payout).filter(keep), after: page.after };
};

const newestRun = async (): Promise<string | undefined> =>
  (await listRuns({}, { after: undefined, limit: 1 })).runs[0]?.id;

const pageFor = async (caller: Caller, filter: Filter, list: List): Promise<Page> => {
  const partnerId = listedPartner('list-payouts', caller, filter.partnerId);
  if (partnerId !== undefined) return ofPartner(partnerId, list);
  const runId = filter.runId ?? (await newestRun());
  return runId === undefined ? { payouts: [], after: undefined } : ofRun(runId, list);
};

/** GET /v1/payouts */
export const listPayouts = operation(contracts.listPayouts, async ({ caller, query }) => {
  const { limit, cursor, ...filter } = query;
  const scope = { callerId: caller.id, operation: 'list-payouts', filter };
  const isForStaff = byStaff(caller);
  const keep = ({ status, runId, needsAttention }: Payout): boolean =>
    (filter.status === undefined || status === filter.status) &&
    (filter.runId === undefined || runId === filter.runId) &&
    (filter.needsAttention === undefined || (isForStaff && needsAttention !== undefined));
  const after = cursor ? readCursor(cursor, scope) : undefined;
  const page = await pageFor(caller, filter, { keep, after, limit });
  const data = page.payouts.map((payout) => viewPayout(payout, isForStaff));
  return { status: 200, body: { data, nextCursor: page.after ? makeCursor(page.after, scope) : null } };
});
